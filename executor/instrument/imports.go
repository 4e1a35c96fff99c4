package instrument

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"go/version"
	"maps"
	"slices"
	"strings"
)

// selector redirects a name of a package that has a stand-in.
func (f *file) selector(n *ast.SelectorExpr) ([]edit, bool) {
	f.uncontrolled(n)
	if f.waitsOutside(n) {
		return f.outsideOf(n.X), true
	}
	if edits, ok := f.moment(n); ok {
		return edits, true
	}
	id, ok := n.X.(*ast.Ident)
	if !ok {
		return f.edits(n.X), true
	}
	name, ok := f.info.Uses[id].(*types.PkgName)
	if !ok {
		return f.edits(n.X), true
	}
	dir := f.lib.standIn(name.Imported().Path(), n.Sel.Name)
	if f.sorted[n] {
		f.keep(id)
		return nil, true
	}
	if dir == "" {
		f.keep(id)
		f.withoutStandIn(n, name.Imported().Path())
		return f.identifier(n.Sel), true
	}
	f.redirect(id)
	return []edit{f.replace(id.Pos(), id.End(), f.use(dir))}, true
}

// withoutStandIn lists a name that a stand-in should have, but does not.
func (f *file) withoutStandIn(n *ast.SelectorExpr, importPath string) {
	if slices.Contains(whole, importPath) && f.lib.exports[standIns[importPath]] != nil {
		f.left(n.Pos(), importPath+"."+n.Sel.Name, "is not controlled: it is newer than the runtime")
	}
}

// identifier gives test functions their other name, and redirects a name that a
// dot import brought into the file.
func (f *file) identifier(id *ast.Ident) []edit {
	o := f.info.Uses[id]
	if o == nil {
		o = f.info.Defs[id]
	}
	if o == nil || o.Pkg() == nil {
		return nil
	}
	if f.tests[o] != "" {
		return []edit{f.replace(id.Pos(), id.End(), testName(id.Name))}
	}
	if o.Pkg() == f.pkg || o.Parent() != o.Pkg().Scope() {
		return nil
	}
	dir := f.lib.standIn(o.Pkg().Path(), o.Name())
	for _, im := range f.syntax.Imports {
		if im.Name == nil || im.Name.Name != "." {
			continue
		}
		name, _ := f.info.Defs[im.Name].(*types.PkgName)
		if name == nil || name.Imported() != o.Pkg() {
			continue
		}
		u := f.imports[name]
		if dir == "" {
			u.kept++
		} else {
			u.redirected++
		}
		f.imports[name] = u
	}
	if dir == "" {
		return nil
	}
	return []edit{f.insert(id.Pos(), f.use(dir)+".")}
}

// importEdits import the runtime's packages on the line of the package clause,
// and keep imports for their side effects if nothing names them any more.
func (f *file) importEdits() []edit {
	var edits []edit
	for _, im := range f.syntax.Imports {
		var o types.Object
		if im.Name != nil {
			o = f.info.Defs[im.Name]
		} else {
			o = f.info.Implicits[im]
		}
		name, _ := o.(*types.PkgName)
		if u := f.imports[name]; name == nil || u.redirected == 0 || u.kept > 0 {
			continue
		}
		if im.Name != nil {
			edits = append(edits, f.replace(im.Name.Pos(), im.Name.End(), "_"))
		} else {
			edits = append(edits, f.insert(im.Path.Pos(), "_ "))
		}
	}
	if len(f.used) == 0 {
		return edits
	}
	var b strings.Builder
	b.WriteString("; import (")
	for i, dir := range slices.Sorted(maps.Keys(f.used)) {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s %q", f.prefix+aliasOf(dir), away+"/"+dir)
	}
	b.WriteString(")")
	return append(edits, f.insert(f.syntax.Name.End(), b.String()))
}

// generic is the first language version in which every type that a map may have
// as its key can be a type argument of the shims, interfaces among them, and
// oldLoops the last in which all iterations of a loop share their variables. A
// file that is older than the first becomes the second: its loops keep their meaning.
const (
	generic  = "go1.20"
	oldLoops = "go1.21"
)

func (f *file) versionEdits() []edit {
	v := f.info.FileVersions[f.syntax]
	if v == "" || version.Compare(v, generic) >= 0 {
		return nil
	}
	const build = "//go:build "
	for _, group := range f.syntax.Comments {
		for _, c := range group.List {
			if c.Pos() < f.syntax.Package && strings.HasPrefix(c.Text, build) {
				expr := strings.TrimSpace(strings.TrimPrefix(c.Text, build))
				return []edit{f.replace(c.Pos(), c.Pos()+token.Pos(len(strings.TrimRight(c.Text, "\r"))), build+"("+expr+") && "+oldLoops)}
			}
		}
	}
	start := 0
	if strings.HasPrefix(string(f.src), "\ufeff") {
		start = len("\ufeff")
	}
	return []edit{{0, start, build + oldLoops + "\n/*line :1:1*/"}}
}
