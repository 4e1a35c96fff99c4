package command

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	gobuild "go/build"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"github.com/spf13/cobra"

	"synchrony/models/text"
	"synchrony/properties"
	"synchrony/properties/mutants"
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
	{"batchtest", "an executor of blocks of transactions, and a test that compares it with one after another", map[string]string{"ledger.go": "ledger.go.tmpl", "ledger_test.go": "ledger_test.go.tmpl"}, false, "go test ."},
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

If DIR is in no Go module, it becomes one, which uses the source of this program: that is
found at or above the working directory, and --source names it elsewhere. If DIR is in a
module, the lines that its go.mod needs are printed. No file is overwritten.`,
		Example: `  verify new property ./internal/checks          in a module of yours
  verify new property ~/counter --source ~/src/verify
  verify new batchtest ~/ledger --source ~/src/verify
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
			return wrongUse(cmd, "there is no starting point %q, only %s%s", args[0], text.And(names), didYouMean(args[0], names))
		},
	}
	cmd.Flags().StringVar(&source, "source", "", "`folder` of this program's source, for a new module (default: found from the working directory)")
	return cmd
}

// start writes the files of a starting point, all or none.
func (a *app) start(cmd *cobra.Command, s starter, folder, source string) error {
	if folder == "" {
		return wrongUse(cmd, "DIR must name a folder")
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	if info, err := os.Stat(folder); err == nil && !info.IsDir() {
		return fmt.Errorf("%s is no folder; name another", folder)
	}
	name, err := s.packageIn(folder)
	if err != nil {
		return err
	}
	files := map[string][]byte{}
	for file, from := range s.files {
		if files[file], err = s.fill(from, name); err != nil {
			return err
		}
	}
	mod := moduleOf(folder)
	root, err := mutants.FindSource(source)
	switch {
	case source != "" && err != nil:
		return wrongUse(cmd, "--source: %s is no folder of this program's source: %s", source, whyNoSource(err))
	case mod == "" && err != nil:
		return wrongUse(cmd, "%s is in no Go module, and a new one needs the source of this program: name its folder with --source, or run this in it", folder)
	case mod == "":
		files["go.mod"] = fmt.Appendf(nil, "module %s\n\ngo 1.26\n\n%s", packageName(folder), requirement(root))
	}
	if err := writeNew(folder, files); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "written: %s\n", strings.Join(slices.Sorted(maps.Keys(files)), " "))
	next := s.next
	if mod != "" && !requires(mod) {
		fmt.Fprintf(a.stdout, "%s needs these lines first:\n%s", mod, requirement(cmp.Or(root, "/path/to/verify")))
	}
	if mod == "" || !requires(mod) {
		next = "go mod tidy && " + next
	}
	fmt.Fprintf(a.stdout, "find the planted fault: cd %s && %s\n", text.QuoteWord(folder), next)
	return nil
}

// whyNoSource is why a folder is not that of this program's source.
func whyNoSource(err error) string {
	var no *mutants.SourceError
	if errors.As(err, &no) {
		return "it " + no.What
	}
	return err.Error()
}

// writeNew writes files into a folder, which is made if need be, and over none that is there. If one cannot be written, those that were are taken away.
func writeNew(folder string, files map[string][]byte) error {
	names := slices.Sorted(maps.Keys(files))
	for _, name := range names {
		if _, err := os.Lstat(filepath.Join(folder, name)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is there already, and is not overwritten; name another folder", filepath.Join(folder, name))
		}
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	for i, name := range names {
		if err := properties.WriteFile(filepath.Join(folder, name), files[name]); err != nil {
			for _, written := range names[:i] {
				err = errors.Join(err, os.Remove(filepath.Join(folder, written)))
			}
			return err
		}
	}
	return nil
}

// requirement is what go.mod needs to have to use the source in root.
func requirement(root string) string {
	return fmt.Sprintf("require %s v0.0.0\n\nreplace %s => %s\n", moduleName, moduleName, goModPath(root))
}

// requires reports whether a go.mod is this module's, or names it.
func requires(mod string) bool {
	text, err := os.ReadFile(mod)
	return err == nil && regexp.MustCompile(`(^|\s)`+regexp.QuoteMeta(moduleName)+`(\s|$)`).Match(text)
}

// moduleName is the path of this module.
var moduleName = strings.TrimSuffix(reflect.TypeFor[properties.Spec]().PkgPath(), "/properties")

// fill makes a file of a template.
func (s starter) fill(from, name string) ([]byte, error) {
	t, err := template.ParseFS(starters, "starters/"+from)
	if err != nil {
		return nil, err
	}
	of := struct {
		Package, Module string
		Test            bool
	}{name, moduleName, !s.main}
	var b bytes.Buffer
	if err := t.Execute(&b, of); err != nil {
		return nil, err
	}
	return format.Source(b.Bytes())
}

// packageIn is the name of the package that a folder has, or is to have.
func (s starter) packageIn(folder string) (string, error) {
	name := packageName(folder)
	if s.main {
		name = "main"
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		return name, nil
	}
	f, err := parser.ParseFile(token.NewFileSet(), files[0], nil, parser.PackageClauseOnly)
	switch {
	case err != nil:
		return "", fmt.Errorf("%s is there already, and is no Go: name another folder", files[0])
	case s.main && f.Name.Name != "main":
		return "", fmt.Errorf("%s is of package %s, and a program is of package main: name another folder", files[0], f.Name.Name)
	}
	return strings.TrimSuffix(f.Name.Name, "_test"), nil
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
	if name == "" || token.IsKeyword(name) || name == "main" || isStandard(name) {
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

// isStandard reports whether a package of the standard library has the name.
func isStandard(name string) bool {
	p, err := gobuild.Import(name, "", gobuild.FindOnly)
	return err == nil && p.Goroot
}

// moduleOf is the go.mod of the module that a folder, which need not exist, is in; empty if it is in none.
func moduleOf(folder string) string {
	for {
		mod := filepath.Join(folder, "go.mod")
		if info, err := os.Stat(mod); err == nil && info.Mode().IsRegular() {
			return mod
		}
		up := filepath.Dir(folder)
		if up == folder {
			return ""
		}
		folder = up
	}
}
