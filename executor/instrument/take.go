package instrument

import (
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/packages"
)

// take decides which packages are rewritten, and lists those that are left alone
// although something in them runs at the same time as something else.
func (b *builder) take(r *rewriter) error {
	tested := b.tested()
	b.lib.dropIns = !b.atHome()
	for _, id := range b.graph.ids {
		p := b.graph.nodes[id]
		if !tested[id] {
			continue
		}
		reason := b.aloneFor(p)
		if reason == "" {
			b.lib.taken[p.PkgPath] = true
			continue
		}
		is, err := r.isConcurrent(p)
		if err != nil {
			return err
		}
		if is {
			r.left = append(r.left, Left{p.PkgPath, token.Position{Filename: p.GoFiles[0]}, "package", reason})
		}
	}
	return nil
}

// atHome reports whether the tests are of the module that the runtime's sources are of.
func (b *builder) atHome() bool {
	for _, p := range b.graph.nodes {
		if p.Module != nil && p.Module.Path == module {
			return p.Module.Main
		}
	}
	return false
}

// tested are the IDs of all packages but those that only the harness needs, in another module's tests that call it: what it does is no part of what is
// tested, and it runs natively, between the steps of who calls it.
func (b *builder) tested() map[string]bool {
	reached := map[string]bool{}
	var visit func(p *packages.Package)
	visit = func(p *packages.Package) {
		if reached[p.ID] || b.graph.nodes[p.ID] == nil || p.Module != nil && p.Module.Path == module && !p.Module.Main {
			return
		}
		reached[p.ID] = true
		for _, q := range p.Imports {
			visit(q)
		}
	}
	for _, root := range b.graph.roots {
		for _, id := range []string{root.internal, root.external} {
			if id != "" {
				visit(b.graph.nodes[id])
			}
		}
	}
	return reached
}

// aloneFor is why a package is left alone; "" if it is rewritten.
func (b *builder) aloneFor(p *packages.Package) string {
	path := strings.TrimSuffix(p.PkgPath, "_test")
	for _, dir := range []string{schedDir, shimDir} {
		if path == module+"/"+dir || strings.HasPrefix(path, module+"/"+dir+"/") {
			return "it is the scheduler itself"
		}
	}
	for _, native := range b.config.Native {
		if path == native {
			return "it is to be left alone"
		}
	}
	return ""
}

// isConcurrent reports whether a package starts goroutines, or uses channels or
// the packages that coordinate goroutines.
func (r *rewriter) isConcurrent(p *packages.Package) (bool, error) {
	for _, name := range p.GoFiles {
		f, err := r.check.parse(name)
		if err != nil {
			return false, &LoadError{r.check.dir, []string{relative(r.check.dir, err.Error())}}
		}
		found := false
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt, *ast.ChanType:
				found = true
			case *ast.ImportSpec:
				found = found || strings.HasPrefix(n.Path.Value, `"sync`)
			}
			return !found
		})
		if found {
			return true, nil
		}
	}
	return false, nil
}
