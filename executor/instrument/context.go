package instrument

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// contextFile is where the package that stands in for context lies in the runtime.
const contextFile = contextDir + "/context.go"

// contextSource is the source of the standard library's package context, made a
// package of its own: its functions are kept, its exported types and variables
// are those of the real one, so that values of both mix. It is not rewritten yet.
func contextSource(goroot string) ([]byte, error) {
	name := filepath.Join(goroot, "src", "context", "context.go")
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("package context cannot be made: %w", err)
	}
	src = bytes.Replace(src, []byte(`"internal/reflectlite"`), []byte(`std "context"; reflectlite "reflect"`), 1)
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("package context cannot be made: %w", err)
	}
	tok := fset.File(syntax.Pos())
	var edits []edit
	for _, d := range syntax.Decls {
		edits = append(edits, standardOnly(tok, d)...)
	}
	return withoutUnused([]byte(splice(src, 0, len(src), edits)))
}

// withoutUnused keeps imports that nothing names any more for their side effects.
func withoutUnused(src []byte) ([]byte, error) {
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, contextFile, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("package context cannot be made: %w", err)
	}
	named := map[string]bool{}
	ast.Inspect(syntax, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok {
				named[id.Name] = true
			}
		}
		return true
	})
	tok := fset.File(syntax.Pos())
	var edits []edit
	for _, im := range syntax.Imports {
		if at := tok.Offset(im.Pos()); im.Name == nil && !named[path.Base(strings.Trim(im.Path.Value, `"`))] {
			edits = append(edits, edit{at, at, "_ "})
		}
	}
	return []byte(splice(src, 0, len(src), edits)), nil
}

// standardOnly replaces a declaration by what the standard library declares.
func standardOnly(tok *token.File, d ast.Decl) []edit {
	var edits []edit
	replace := func(n ast.Node, text string) {
		edits = append(edits, edit{tok.Offset(n.Pos()), tok.Offset(n.End()), text})
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		// These two are values that programs compare.
		if name := d.Name.Name; d.Recv == nil && (name == "Background" || name == "TODO") {
			replace(d.Body, "{ return std."+name+"() }")
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() {
					replace(s, s.Name.Name+" = std."+s.Name.Name)
				}
			case *ast.ValueSpec:
				if s.Names[0].IsExported() {
					names := make([]string, len(s.Names))
					for i, id := range s.Names {
						names[i] = id.Name
					}
					list := strings.Join(names, ", ")
					replace(s, list+" = std."+strings.Join(names, ", std."))
				}
			}
		}
	}
	return edits
}

// finish rewrites package context, if it was made, as a user's package is.
func (lib *library) finish(c *checker) error {
	src, ok := lib.files[contextFile]
	if !ok {
		return nil
	}
	syntax, err := parser.ParseFile(c.fset, contextFile, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("package context cannot be made: %w", err)
	}
	info := newInfo()
	conf := types.Config{Importer: importerFunc(c.standard)}
	pkg, err := conf.Check(away+"/"+contextDir, c.fset, []*ast.File{syntax}, info)
	if err != nil {
		return fmt.Errorf("package context cannot be made: %w", err)
	}
	f := &file{
		name: contextFile, src: src, syntax: syntax, fset: c.fset, tok: c.fset.File(syntax.Pos()),
		pkg: pkg, info: info, lib: lib, prefix: "__", self: contextDir, left: func(token.Pos, string, string) {},
	}
	if text, changed := f.rewritten(); changed {
		lib.files[contextFile] = []byte(text)
	}
	return nil
}
