package command

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/format"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"github.com/spf13/cobra"

	"synchrony/properties"
	"synchrony/properties/mutants"
	"synchrony/reports"
)

//go:embed starters
var starters embed.FS

// starter is a starting point: files that are made of templates.
type starter struct {
	name, what string
	files      map[string]string // templates, by the file that is made
	main       bool              // the folder is a program
	next       string            // the command that finds the planted fault
}

// startersByName are the starting points, in the order in which they are listed.
var startersByName = []starter{
	{"property", "a system, a property of it, and a Go test", map[string]string{"counter_test.go": "property.go.tmpl"}, false, "go test ."},
	{"system", "the same as a program: command verify over properties of your own", map[string]string{"counter.go": "property.go.tmpl", "main.go": "main.go.tmpl"}, true, "go run . run"},
}

// newCommand writes a starting point.
func (a *app) newCommand() *cobra.Command {
	var source string
	var names []string
	var kinds strings.Builder
	for _, s := range startersByName {
		names = append(names, s.name)
		fmt.Fprintf(&kinds, "\n  %-10s %s", s.name, s.what)
	}
	cmd := &cobra.Command{
		Use:   "new KIND DIR",
		Short: "Write a starting point for a property of your own",
		Long: `Write a starting point of your own into the folder DIR, which is made if need be: code
that compiles, runs, and has a planted fault that is found. KIND is one of
` + kinds.String() + `

If DIR is in no Go module, it becomes one, which uses the source of this program that is
found at or above the working directory, or that --source names. No file is overwritten.`,
		Example: `  verify new property ~/counter
  verify new system ~/checks --source ~/src/verify`,
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return names, cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return wrongUse(cmd, "expected a kind and a folder, got %d arguments", len(args))
			}
			for _, s := range startersByName {
				if s.name == args[0] {
					return a.start(cmd, s, args[1], source)
				}
			}
			return wrongUse(cmd, "there is no starting point %q, only %s%s", args[0], strings.Join(names, " and "), didYouMean(args[0], names))
		},
	}
	cmd.Flags().StringVar(&source, "source", "", "`folder` of this program's source, for a new module (default: found from the working directory)")
	return cmd
}

// start writes the files of a starting point, all or none.
func (a *app) start(cmd *cobra.Command, s starter, folder, source string) error {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	files := map[string][]byte{}
	for name, from := range s.files {
		if files[name], err = s.fill(from, folder); err != nil {
			return err
		}
	}
	fresh := !inModule(folder)
	if fresh {
		root, err := mutants.FindSource(source)
		if err != nil {
			return wrongUse(cmd, "%s is in no Go module, and a new one needs the source of verify: %v", folder, err)
		}
		if root, err = filepath.Abs(root); err != nil {
			return err
		}
		files["go.mod"] = fmt.Appendf(nil, "module %s\n\ngo 1.26\n\nrequire %s v0.0.0\n\nreplace %s => %s\n", packageName(folder), moduleName, moduleName, goModPath(root))
	}
	for name := range files {
		if _, err := os.Lstat(filepath.Join(folder, name)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is there already, and is not overwritten; name another folder", filepath.Join(folder, name))
		}
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	for name, text := range files {
		if err := properties.WriteFile(filepath.Join(folder, name), text); err != nil {
			return err
		}
	}
	next := s.next
	if fresh {
		next = "go mod tidy && " + next
	}
	fmt.Fprintf(a.stdout, "written: %s\nfind the planted fault: cd %s && %s\n", strings.Join(slices.Sorted(maps.Keys(files)), " "), reports.Quote(folder), next)
	return nil
}

// moduleName is the path of this module.
var moduleName = strings.TrimSuffix(reflect.TypeFor[properties.Spec]().PkgPath(), "/properties")

// fill makes a file of a template.
func (s starter) fill(from, folder string) ([]byte, error) {
	t, err := template.ParseFS(starters, "starters/"+from)
	if err != nil {
		return nil, err
	}
	of := struct {
		Package, Module string
		Test            bool
	}{packageName(folder), moduleName, !s.main}
	if s.main {
		of.Package = "main"
	}
	var b bytes.Buffer
	if err := t.Execute(&b, of); err != nil {
		return nil, err
	}
	return format.Source(b.Bytes())
}

// packageName is the name of a package in a folder: of its letters and digits.
func packageName(folder string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return -1
	}, filepath.Base(folder))
	name = strings.TrimLeft(name, "0123456789")
	if name == "" || token.IsKeyword(name) || name == "main" {
		return "checks"
	}
	return name
}

// goModPath is a path as go.mod has it.
func goModPath(path string) string {
	if strings.ContainsAny(path, " \t\"'`(),;") {
		return strconv.Quote(path)
	}
	return path
}

// inModule reports whether a folder, which need not exist, is in a Go module.
func inModule(folder string) bool {
	for {
		if info, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil && info.Mode().IsRegular() {
			return true
		}
		up := filepath.Dir(folder)
		if up == folder {
			return false
		}
		folder = up
	}
}
