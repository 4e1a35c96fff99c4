package auto

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/types"
	"strings"

	"golang.org/x/tools/go/packages"
)

// compiles reports whether a mutant compiles, by types alone: that takes milliseconds, and
// a build seconds. A deletion that leaves a variable or an import unused is mended first.
func (s *Source) compiles(m *Mutant) bool {
	f := s.file(m.Path)
	if f == nil {
		return false
	}
	errs := f.check(m.Source())
	if len(errs) == 0 {
		return true
	}
	var unused []string
	for _, err := range errs {
		name, ok := strings.CutPrefix(err.Msg, "declared and not used: ")
		if !ok {
			return false
		}
		unused = append(unused, name)
	}
	if len(m.edits) != 1 || m.edits[0].text != "" {
		return false
	}
	// What the deleted statement used was declared before it.
	m.edits[0].text = strings.Repeat("_, ", len(unused)-1) + "_ = " + words(unused)
	if len(f.check(m.Source())) == 0 {
		return true
	}
	m.edits[0].text = ""
	return false
}

func (s *Source) file(path string) *file {
	for _, f := range s.files {
		if f.path == path {
			return f
		}
	}
	return nil
}

// check checks the types of a file's package, with other text in the file's place. Of the
// other files it reads no function bodies, which do not depend on those of this one.
func (f *file) check(text []byte) []types.Error {
	fset := f.pkg.Fset
	changed, err := parser.ParseFile(fset, f.path, text, parser.SkipObjectResolution)
	if err != nil {
		return []types.Error{{Msg: err.Error()}}
	}
	defer fset.RemoveFile(fset.File(changed.FileStart)) // it would grow for ever
	all := []*ast.File{changed}
	for _, other := range f.pkg.Syntax {
		if other != f.syntax {
			all = append(all, declarations(other))
		}
	}
	var errs []types.Error
	config := types.Config{
		Importer: imports{f.pkg},
		Sizes:    f.pkg.TypesSizes,
		Error: func(err error) {
			var e types.Error
			if errors.As(err, &e) && e.Fset.Position(e.Pos).Filename == f.path && !bodyless(e) {
				errs = append(errs, e)
			}
		},
	}
	if f.pkg.Module != nil && f.pkg.Module.GoVersion != "" {
		config.GoVersion = "go" + f.pkg.Module.GoVersion
	}
	_, _ = config.Check(f.pkg.PkgPath, fset, all, nil) // what it says has been collected
	return errs
}

// bodyless reports whether an error is about what declarations left out.
func bodyless(e types.Error) bool { return strings.Contains(e.Msg, "missing function body") }

// declarations is a file without function bodies.
func declarations(f *ast.File) *ast.File {
	c := *f
	c.Decls = make([]ast.Decl, len(f.Decls))
	for i, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			short := *fn
			short.Body = nil
			d = &short
		}
		c.Decls[i] = d
	}
	return &c
}

// imports are the packages that a package imports, which have been loaded.
type imports struct{ of *packages.Package }

// Import implements [types.Importer].
func (i imports) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p := i.of.Imports[path]; p != nil && p.Types != nil {
		return p.Types, nil
	}
	return nil, fmt.Errorf("%s is not imported by %s", path, i.of.PkgPath)
}
