package instrument

import (
	"context"
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// graph is what the patterns reach outside of the standard library.
type graph struct {
	nodes map[string]*packages.Package // by ID: test variants apart
	ids   []string                     // sorted
	std   []string                     // import paths that nodes import from the standard library
	roots []root                       // the packages with tests that the patterns match, sorted
}

// root is a package whose test binary is wanted.
type root struct {
	path     string
	dir      string
	name     string
	internal string // ID of the package with its internal tests; "" without any
	external string // ID of the package of its external tests; "" without any
}

// load lists the packages. It neither compiles nor type-checks.
func load(ctx context.Context, c *Config) (*graph, error) {
	cfg := &packages.Config{
		Context: ctx, Dir: c.Dir, Tests: true, BuildFlags: c.buildFlags(),
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps |
			packages.NeedModule | packages.NeedForTest | packages.NeedEmbedFiles,
	}
	for _, p := range c.Patterns {
		if strings.HasSuffix(p, ".go") {
			return nil, &SetupError{Dir: c.Dir, Reason: fmt.Sprintf("%s is a file: name packages, such as . or ./...", p)}
		}
	}
	matched, err := packages.Load(cfg, c.Patterns...)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, &LoadError{c.Dir, said(err)}
	}
	g := &graph{nodes: map[string]*packages.Package{}}
	std := map[string]bool{}
	var problems []string
	packages.Visit(matched, nil, func(p *packages.Package) {
		for _, e := range p.Errors {
			problems = append(problems, relative(c.Dir, problem(matched, p, e)))
		}
		if isStandard(p) {
			return
		}
		if strings.HasSuffix(p.PkgPath, ".test") && p.Name == "main" && p.ForTest == "" {
			return // the main package that the go command makes
		}
		g.nodes[p.ID] = p
		for _, q := range p.Imports {
			if isStandard(q) && q.PkgPath != "C" {
				std[q.PkgPath] = true
			}
		}
	})
	if len(problems) > 0 {
		slices.Sort(problems)
		return nil, &LoadError{c.Dir, slices.Compact(problems)}
	}
	if len(g.nodes) == 0 {
		return nil, &SetupError{Dir: c.Dir, Reason: fmt.Sprintf("%s matches no packages outside of the standard library", strings.Join(c.Patterns, " "))}
	}
	for id := range g.nodes {
		g.ids = append(g.ids, id)
	}
	slices.Sort(g.ids)
	for path := range std {
		g.std = append(g.std, path)
	}
	slices.Sort(g.std)
	g.findRoots(matched)
	if len(g.roots) == 0 {
		return nil, &SetupError{Dir: c.Dir, Reason: fmt.Sprintf("no test files in %s", strings.Join(c.Patterns, " "))}
	}
	return g, nil
}

// isStandard tells the standard library's packages: they belong to no module.
func isStandard(p *packages.Package) bool {
	return p.Module == nil && p.PkgPath != "command-line-arguments"
}

// problem says where a package that does not load is imported, if the go command
// does not.
func problem(matched []*packages.Package, p *packages.Package, e packages.Error) string {
	if e.Pos != "" && e.Pos != "-" {
		return e.Error()
	}
	var at []string
	packages.Visit(matched, nil, func(from *packages.Package) {
		for path, q := range from.Imports {
			if q == p {
				at = append(at, importedAt(from, path)...)
			}
		}
	})
	if len(at) == 0 {
		return e.Msg
	}
	slices.Sort(at)
	return at[0] + ": " + e.Msg
}

// importedAt finds where the files of a package import a path.
func importedAt(p *packages.Package, path string) []string {
	var at []string
	fset := token.NewFileSet()
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(fset, name, nil, parser.ImportsOnly)
		if err != nil {
			continue // the go command reports it
		}
		for _, im := range f.Imports {
			if im.Path.Value == strconv.Quote(path) {
				at = append(at, fset.Position(im.Pos()).String())
			}
		}
	}
	return at
}

// findRoots pairs each matched package with the variants that hold its tests.
func (g *graph) findRoots(matched []*packages.Package) {
	byPath := map[string]*root{}
	for _, p := range matched {
		if p.ForTest == "" || g.nodes[p.ID] == nil {
			continue
		}
		r := byPath[p.ForTest]
		if r == nil {
			r = &root{path: p.ForTest}
			byPath[p.ForTest] = r
		}
		switch p.PkgPath {
		case p.ForTest:
			if hasTests(p) {
				r.internal = p.ID
			}
		case p.ForTest + "_test":
			r.external = p.ID
		}
		if len(p.GoFiles) > 0 {
			r.dir, r.name = filepath.Dir(p.GoFiles[0]), strings.TrimSuffix(p.Name, "_test")
		}
	}
	for _, r := range byPath {
		if r.internal != "" || r.external != "" {
			g.roots = append(g.roots, *r)
		}
	}
	slices.SortFunc(g.roots, func(a, b root) int { return strings.Compare(a.path, b.path) })
}

func hasTests(p *packages.Package) bool {
	return slices.ContainsFunc(p.GoFiles, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
}

// exportData returns the files with the types of the standard library's packages.
func exportData(ctx context.Context, c *Config, std []string) (map[string]string, error) {
	cfg := &packages.Config{
		Context: ctx, Dir: c.Dir, BuildFlags: c.buildFlags(),
		Mode: packages.NeedName | packages.NeedExportFile,
	}
	list, err := packages.Load(cfg, std...)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, &LoadError{c.Dir, said(err)}
	}
	files := map[string]string{}
	for _, p := range list {
		if len(p.Errors) > 0 {
			return nil, &LoadError{c.Dir, []string{p.Errors[0].Error()}}
		}
		files[p.PkgPath] = p.ExportFile
	}
	return files, nil
}

// relative shortens the paths in a message.
func relative(dir, message string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		message = strings.ReplaceAll(message, abs+string(filepath.Separator), "")
	}
	return strings.Join(oneLine(message), " ")
}

// said is what the go command said, without how package packages quotes it.
func said(err error) []string {
	message := err.Error()
	if _, stderr, ok := strings.Cut(message, "stderr: "); ok {
		message = stderr
	}
	return oneLine(strings.TrimPrefix(message, "go: "))
}

func oneLine(message string) []string {
	return []string{strings.Join(strings.Fields(message), " ")}
}
