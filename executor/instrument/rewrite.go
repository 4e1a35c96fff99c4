package instrument

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// rewriter rewrites the packages of a graph.
type rewriter struct {
	lib   *library
	graph *graph
	check *checker

	files map[string]string       // rewritten text by the name of the user's file
	tests map[types.Object]string // test functions by the type they take; "" if left native
	left  []Left

	onFiles map[string]*fileUse // by import path
}

// run rewrites each file once, in the variant of its package that has its tests.
func (r *rewriter) run() error {
	chosen := r.choose()
	for _, id := range chosen {
		needed, err := r.candidate(r.graph.nodes[id])
		if err != nil {
			return err
		}
		if needed {
			r.check.bodies[id] = true
		}
	}
	var files []*file
	for _, id := range chosen {
		if !r.check.bodies[id] {
			continue
		}
		p, err := r.check.check(id)
		if err != nil {
			return err
		}
		r.assembly(p.node)
		mine := r.prepare(p)
		if r.countsOnSizes(p, mine) {
			continue
		}
		files = append(files, mine...)
	}
	if len(r.check.problems) > 0 {
		slices.Sort(r.check.problems)
		return &LoadError{r.check.dir, slices.Compact(r.check.problems)}
	}
	for _, f := range files {
		f.testFunctions()
	}
	for _, f := range files {
		f.outside()
		if text, changed := f.rewritten(); changed {
			r.files[f.name] = text
		}
	}
	r.listFiles()
	r.left = sortLeft(r.left)
	return nil
}

// choose picks one variant of each package: with its internal tests if it has
// them, else the plain one.
func (r *rewriter) choose() []string {
	best := map[string]string{}
	rank := func(p *packages.Package) int {
		switch p.ForTest {
		case p.PkgPath:
			return 0
		case "":
			return 1
		}
		return 2
	}
	for _, id := range r.graph.ids {
		p := r.graph.nodes[id]
		if !r.lib.taken[p.PkgPath] {
			continue
		}
		if old, ok := best[p.PkgPath]; !ok || rank(p) < rank(r.graph.nodes[old]) {
			best[p.PkgPath] = id
		}
	}
	var ids []string
	for _, id := range best {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// candidate reports whether anything in a package may have to be rewritten, as
// far as its syntax tells.
func (r *rewriter) candidate(p *packages.Package) (bool, error) {
	for _, name := range p.GoFiles {
		f, err := r.check.parse(name)
		if err != nil {
			return false, &LoadError{r.check.dir, []string{relative(r.check.dir, err.Error())}}
		}
		for _, im := range f.syntax.Imports {
			path := strings.Trim(im.Path.Value, `"`)
			if r.lib.folder(path) != "" || nativePackages[path] != "" || path == "C" || path == "reflect" || path == "io" || path == "io/fs" || onFiles[path] != nil {
				return true, nil
			}
		}
		found := false
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			found = found || concurrent(n)
			return !found
		})
		if found {
			return true, nil
		}
	}
	return false, nil
}

func concurrent(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GoStmt, *ast.SendStmt, *ast.SelectStmt, *ast.ChanType, *ast.RangeStmt:
		return true
	case *ast.UnaryExpr:
		return n.Op == token.ARROW
	case *ast.ForStmt:
		return n.Post == nil
	case *ast.SelectorExpr:
		return slices.Contains(momentMethods, n.Sel.Name)
	}
	return false
}

func (r *rewriter) prepare(p *checkedPackage) []*file {
	prefix := "__"
	for slices.ContainsFunc(p.files, func(f *parsedFile) bool { return begins(f.syntax, prefix) }) {
		prefix += "_"
	}
	var files []*file
	for _, parsed := range p.files {
		f := &file{
			name: parsed.name, src: parsed.src, syntax: parsed.syntax,
			fset: r.check.fset, tok: r.check.fset.File(parsed.syntax.Pos()),
			pkg: p.types, info: p.info, lib: r.lib, prefix: prefix, tests: r.tests,
		}
		f.left = func(at token.Pos, what, reason string) {
			r.left = append(r.left, Left{p.node.PkgPath, r.check.fset.Position(at), what, reason})
		}
		f.onFiles = func(at token.Pos, name string) {
			u := r.onFiles[p.node.PkgPath]
			if u == nil {
				u = &fileUse{}
				if r.onFiles == nil {
					r.onFiles = map[string]*fileUse{}
				}
				r.onFiles[p.node.PkgPath] = u
			}
			u.add(r.check.fset.Position(at), name)
		}
		files = append(files, f)
	}
	return files
}

// begins reports whether an identifier of a file begins so.
func begins(f *ast.File, prefix string) bool {
	found := false
	ast.Inspect(f, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			found = found || strings.HasPrefix(id.Name, prefix)
		}
		return !found
	})
	return found
}

// countsOnSizes leaves a package alone whose constants depend on the sizes of types that have others under control.
func (r *rewriter) countsOnSizes(p *checkedPackage, files []*file) bool {
	for _, f := range files {
		at, name := f.fixedSize()
		if name == "" {
			continue
		}
		why := "a constant depends on the size of " + name + ", which is another one under control"
		r.left = append(r.left, Left{p.node.PkgPath, r.check.fset.Position(at), "package", why})
		r.lib.taken[p.node.PkgPath] = false
		for _, f := range files {
			f.runNone("is not run: " + why)
		}
		return true
	}
	return false
}

func (r *rewriter) assembly(p *packages.Package) {
	for _, name := range assembly(p.OtherFiles) {
		r.left = append(r.left, Left{p.PkgPath, token.Position{Filename: name, Line: 1}, filepath.Base(name), "assembly runs natively"})
	}
}
