package gotest

import (
	"crypto/sha256"
	"encoding/hex"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"synchrony/executor/instrument"
	"synchrony/properties"
)

// namer names packages and files for people.
type namer struct{ dir string }

// relative is a file's name from the folder that was asked for, if it is below that.
func (n *namer) relative(file string) string {
	dir, err := filepath.Abs(n.dir)
	if err != nil || file == "" {
		return file
	}
	rel, err := filepath.Rel(dir, file)
	if err != nil || !filepath.IsLocal(rel) {
		return file
	}
	return filepath.ToSlash(rel)
}

// Module is the module that a folder is in: its own folder, and the name of the other one from there.
func Module(dir string) (root, below string, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return "", "", err
	}
	for root = dir; ; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			below, err = filepath.Rel(root, dir)
			return root, filepath.ToSlash(below), err
		}
		if root == filepath.Dir(root) {
			return "", "", &instrument.SetupError{Dir: dir, Reason: "is not in a Go module: change to one", NoModule: true}
		}
	}
}

// short is a package's import path without what comes before the last element of its module's path: the same whichever packages
// are asked for.
func (n *namer) short(p instrument.Package) string {
	for dir, below := p.Dir, ""; ; {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			module, ok := strings.CutSuffix(p.Path, below)
			if !ok {
				return p.Path
			}
			base := path.Base(module)
			if majorVersion.MatchString(base) {
				base = path.Join(path.Base(path.Dir(module)), base)
			}
			return base + below
		}
		up := filepath.Dir(dir)
		if up == dir {
			return p.Path
		}
		below = "/" + filepath.Base(dir) + below
		dir = up
	}
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// declared is what the test files of a package say.
type declared struct {
	tests  map[string]token.Position
	seeded map[string]bool // tests that mention a seed which a run may set
	shared bool            // something else does, which every test may call
}

// sourceFile is a file of a package.
type sourceFile struct {
	name   string
	src    string
	set    *token.FileSet
	syntax *ast.File
}

// sourceFiles reads the files in a folder, by name. What cannot be read is left out: the build has said why.
func sourceFiles(dir string) (list []sourceFile) {
	names, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, name, src, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		list = append(list, sourceFile{name, string(src), set, f})
	}
	return list
}

// declarations finds what the test files among those of a package declare.
func declarations(files []sourceFile) declared {
	d := declared{tests: map[string]token.Position{}, seeded: map[string]bool{}}
	for _, f := range files {
		if !strings.HasSuffix(f.name, "_test.go") {
			continue
		}
		src, set := f.src, f.set
		seeded := slices.DeleteFunc(slices.Clone(seededPackages), func(p string) bool { return !strings.Contains(src, `"`+p+`"`) })
		for _, decl := range f.syntax.Decls {
			text := src[set.Position(decl.Pos()).Offset:set.Position(decl.End()).Offset]
			mentions := strings.Contains(text, properties.SeedVariable) || slices.ContainsFunc(seeded, func(p string) bool { return strings.Contains(text, path.Base(p)+".") })
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || !strings.HasPrefix(fn.Name.Name, "Test") && !strings.HasPrefix(fn.Name.Name, "Fuzz") {
				d.shared = d.shared || mentions
				continue
			}
			d.tests[fn.Name.Name] = set.Position(fn.Pos())
			d.seeded[fn.Name.Name] = mentions
		}
	}
	return d
}

// identityOf tells builds of the tested code apart.
func identityOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}
