package instrument

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// oldestGo is the first release that the runtime compiles with. Each of its
// files says so in a build constraint: a go line in its go.mod would raise the
// language version of the user's own module.
const oldestGo = "go1.26"

// library is the runtime: the scheduler and the shims, ready to be compiled as
// the module named away.
type library struct {
	files   map[string][]byte          // by slash path below the module's root
	exports map[string]map[string]bool // by folder: exported names; true for types of its own
	taken   map[string]bool            // import paths of the packages that are rewritten
	// dropIns says that the shims are imported by others than their own module, in place of the standard library's packages: then the runtime's stand for them, too.
	dropIns bool
}

// newLibrary reads the runtime's sources.
func newLibrary(sources map[string]fs.FS) (*library, error) {
	lib := &library{files: map[string][]byte{}, exports: map[string]map[string]bool{}, taken: map[string]bool{}}
	for _, folder := range slices.Sorted(maps.Keys(sources)) {
		if err := lib.read(folder, sources[folder]); err != nil {
			return nil, fmt.Errorf("read the runtime's sources: %w", err)
		}
	}
	if len(lib.exports[channelDir]) == 0 {
		return nil, fmt.Errorf("the runtime's sources hold no %s", channelDir)
	}
	lib.prune()
	lib.files["go.mod"] = []byte("module " + away + "\n")
	return lib, nil
}

// read adds the files that stand for a folder of this module.
func (lib *library) read(folder string, sources fs.FS) error {
	return fs.WalkDir(sources, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata/") {
			return err
		}
		if path.Base(name) == "sources.go" {
			return nil // it holds the others, and is no part of them
		}
		if ext := path.Ext(name); ext != ".go" && ext != ".s" {
			return nil
		}
		src, err := fs.ReadFile(sources, name)
		if err != nil {
			return err
		}
		return lib.add(path.Join(folder, name), src)
	})
}

// add takes a file over under the module's other path.
func (lib *library) add(name string, src []byte) error {
	if path.Ext(name) != ".go" {
		lib.files[name] = src
		return nil
	}
	src = bytes.ReplaceAll(src, []byte(`"`+module+`/`), []byte(`"`+away+`/`))
	syntax, err := parser.ParseFile(token.NewFileSet(), name, src, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return err
	}
	if lib.files[name], err = constrained(src, syntax); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	dir := path.Dir(name)
	if lib.exports[dir] == nil {
		lib.exports[dir] = map[string]bool{}
	}
	for _, d := range syntax.Decls {
		declared(d, lib.exports[dir])
	}
	return nil
}

// constrained adds the oldest Go release to a file's build constraint.
func constrained(src []byte, syntax *ast.File) ([]byte, error) {
	for _, group := range syntax.Comments {
		for _, c := range group.List {
			if c.Pos() > syntax.Package || !constraint.IsGoBuild(c.Text) {
				continue
			}
			x, err := constraint.Parse(c.Text)
			if err != nil {
				return nil, err
			}
			line := fmt.Sprintf("//go:build (%s) && %s", x, oldestGo)
			return bytes.Replace(src, []byte(c.Text), []byte(line), 1), nil
		}
	}
	return append([]byte("//go:build "+oldestGo+"\n\n"), src...), nil
}

// declared notes the exported names of a declaration, and which are types that
// differ from those they stand in for.
func declared(d ast.Decl, names map[string]bool) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil && d.Name.IsExported() {
			names[d.Name.Name] = false
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() {
					names[s.Name.Name] = !s.Assign.IsValid()
				}
			case *ast.ValueSpec:
				for _, id := range s.Names {
					if id.IsExported() {
						names[id.Name] = false
					}
				}
			}
		}
	}
}

// folder is the folder of the package that stands in for one that is imported; "" if there is none.
func (lib *library) folder(importPath string) string {
	if dir, ok := strings.CutPrefix(importPath, module+"/"); ok && lib.dropIns && strings.HasPrefix(dir, shimDir+"/") {
		return dir
	}
	return standIns[importPath]
}

// standIn is the folder of the package to which a name of the standard library
// is redirected; "" if it stays.
func (lib *library) standIn(importPath, name string) string {
	dir := lib.folder(importPath)
	if _, ok := lib.exports[dir][name]; !ok {
		return ""
	}
	return dir
}

// redirects reports whether a type becomes another one.
func (lib *library) redirects(o *types.TypeName) bool {
	return o.Pkg() != nil && lib.exports[lib.folder(o.Pkg().Path())][o.Name()]
}

// native reports whether a function keeps the types of the standard library.
func (lib *library) native(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false
	}
	if r := fn.Signature().Recv(); r != nil {
		t := r.Type()
		if p, ok := t.(*types.Pointer); ok {
			t = p.Elem()
		}
		if n, ok := types.Unalias(t).(*types.Named); ok && lib.redirects(n.Obj()) {
			return false
		}
	} else if lib.standIn(fn.Pkg().Path(), fn.Name()) != "" {
		return false
	}
	return !lib.taken[fn.Pkg().Path()]
}

// redirectedIn names a redirected type in a signature.
func (lib *library) redirectedIn(s *types.Signature) string {
	for _, tuple := range []*types.Tuple{s.Params(), s.Results()} {
		for v := range tuple.Variables() {
			if name := lib.mentions(v.Type()); name != "" {
				return name
			}
		}
	}
	return ""
}

func (lib *library) mentions(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if lib.redirects(t.Obj()) {
			return t.Obj().Pkg().Name() + "." + t.Obj().Name()
		}
	case *types.Pointer:
		return lib.mentions(t.Elem())
	case *types.Slice:
		return lib.mentions(t.Elem())
	case *types.Array:
		return lib.mentions(t.Elem())
	case *types.Chan:
		return lib.mentions(t.Elem())
	case *types.Map:
		if name := lib.mentions(t.Key()); name != "" {
			return name
		}
		return lib.mentions(t.Elem())
	case *types.Signature:
		return lib.redirectedIn(t)
	}
	return ""
}

// names are the runtime's files in a fixed order.
func (lib *library) names() []string { return slices.Sorted(maps.Keys(lib.files)) }

// imports are the packages that a file of the runtime imports.
func (lib *library) imports(name string) []string {
	if lib.files[name] == nil {
		return nil
	}
	syntax, err := parser.ParseFile(token.NewFileSet(), name, lib.files[name], parser.ImportsOnly)
	if err != nil {
		return nil // it was parsed when it was added
	}
	var list []string
	for _, im := range syntax.Imports {
		list = append(list, strings.Trim(im.Path.Value, `"`))
	}
	return list
}

// prune keeps the packages that the shims reach.
func (lib *library) prune() {
	reached := map[string]bool{}
	var visit func(dir string)
	visit = func(dir string) {
		if reached[dir] {
			return
		}
		reached[dir] = true
		for name := range lib.files {
			if path.Dir(name) != dir || path.Ext(name) != ".go" {
				continue
			}
			for _, p := range lib.imports(name) {
				if inner, ok := strings.CutPrefix(p, away+"/"); ok {
					visit(inner)
				}
			}
		}
	}
	for dir := range lib.exports {
		if strings.HasPrefix(dir, shimDir+"/") {
			visit(dir)
		}
	}
	maps.DeleteFunc(lib.files, func(name string, _ []byte) bool { return !reached[path.Dir(name)] })
}
