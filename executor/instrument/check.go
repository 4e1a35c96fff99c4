package instrument

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"strings"

	"golang.org/x/tools/go/gcexportdata"
	"golang.org/x/tools/go/packages"
)

// checker type-checks packages outside of the standard library from source, and
// their function bodies only where something is rewritten.
type checker struct {
	dir     string
	graph   *graph
	fset    *token.FileSet
	exports map[string]string // files with the standard library's types
	std     map[string]*types.Package
	parsed  map[string]*parsedFile
	checked map[string]*checkedPackage
	bodies  map[string]bool // IDs of the packages that are rewritten

	problems []string
}

type parsedFile struct {
	name   string
	src    []byte
	syntax *ast.File
}

type checkedPackage struct {
	node  *packages.Package
	types *types.Package
	info  *types.Info // nil if its bodies were not checked
	files []*parsedFile
	cgo   bool
}

func newChecker(dir string, g *graph, exports map[string]string) *checker {
	return &checker{
		dir: dir, graph: g, fset: token.NewFileSet(), exports: exports,
		std: map[string]*types.Package{}, parsed: map[string]*parsedFile{},
		checked: map[string]*checkedPackage{}, bodies: map[string]bool{},
	}
}

func (c *checker) parse(name string) (*parsedFile, error) {
	if p := c.parsed[name]; p != nil {
		return p, nil
	}
	src, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	syntax, err := parser.ParseFile(c.fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	p := &parsedFile{name, src, syntax}
	c.parsed[name] = p
	return p, nil
}

// check type-checks a package and what it imports.
func (c *checker) check(id string) (*checkedPackage, error) {
	if p := c.checked[id]; p != nil {
		return p, nil
	}
	node := c.graph.nodes[id]
	p := &checkedPackage{node: node}
	c.checked[id] = p
	var syntax []*ast.File
	for _, name := range node.GoFiles {
		f, err := c.parse(name)
		if err != nil {
			return nil, &LoadError{c.dir, []string{relative(c.dir, err.Error())}}
		}
		p.files, syntax = append(p.files, f), append(syntax, f.syntax)
		for _, im := range f.syntax.Imports {
			p.cgo = p.cgo || im.Path.Value == `"C"`
		}
	}
	var importErr error
	conf := types.Config{
		FakeImportC:      true,
		IgnoreFuncBodies: !c.bodies[id],
		GoVersion:        languageVersion(node),
		Sizes:            types.SizesFor("gc", build.Default.GOARCH),
		Importer: importerFunc(func(path string) (*types.Package, error) {
			q, err := c.imported(node, path)
			if err != nil {
				importErr = err
			}
			return q, err
		}),
		Error: func(err error) {
			if !p.cgo { // the types of C are unknown here; the compiler will tell
				c.problems = append(c.problems, relative(c.dir, err.Error()))
			}
		},
	}
	if c.bodies[id] {
		p.info = newInfo()
	}
	p.types, _ = conf.Check(node.PkgPath, c.fset, syntax, p.info)
	return p, importErr
}

func newInfo() *types.Info {
	return &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, FileVersions: map[*ast.File]string{},
	}
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// imported is what an import path means in a package: vendored packages and
// variants that were made for a test have the same path as others.
func (c *checker) imported(from *packages.Package, path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if from != nil {
		q := from.Imports[path]
		if q == nil {
			return nil, fmt.Errorf("%s imports %s, which the go command did not list", from.PkgPath, path)
		}
		if c.graph.nodes[q.ID] != nil {
			p, err := c.check(q.ID)
			if err != nil {
				return nil, err
			}
			return p.types, nil
		}
		path = q.PkgPath
	}
	return c.standard(path)
}

func (c *checker) standard(path string) (*types.Package, error) {
	if p := c.std[path]; p != nil && p.Complete() {
		return p, nil
	}
	name := c.exports[path]
	if name == "" {
		return nil, fmt.Errorf("the go command has no types of package %s", path)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	//lint:ignore SA1019 until Go 1.28, what go list -export names is an archive
	r, err := gcexportdata.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("types of package %s: %w", path, err)
	}
	p, err := gcexportdata.Read(r, c.fset, c.std, path)
	if err != nil {
		return nil, fmt.Errorf("types of package %s: %w", path, err)
	}
	return p, nil
}

// languageVersion is that of a package's files unless a build constraint says
// otherwise. A module without a go line has the version of the last release
// before there was one.
func languageVersion(p *packages.Package) string {
	if p.Module == nil || p.Module.GoVersion == "" {
		return "go1.16"
	}
	return "go" + strings.TrimPrefix(p.Module.GoVersion, "go")
}
