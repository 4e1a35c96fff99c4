package auto

import (
	"context"
	"fmt"
	"go/ast"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Source is the code to be mutated: parsed, and with its types.
type Source struct {
	files    []*file // by path
	mutants  []*Mutant
	packages []*packages.Package
}

// file is a source file.
type file struct {
	path   string // from the module's root
	text   []byte
	syntax *ast.File
	pkg    *packages.Package
}

// Targets are the packages that are mutated: the executors, and the checkers that judge what they do and record. What asks
// the solver is not among them: it decides about all inputs, for verify prove, and not about an execution.
func Targets() []string {
	list := []string{"executor/synchrony", "executor/vm", "checkers"}
	for _, name := range []string{
		"attestation", "certificate", "chunks", "conservation", "forks", "isolation", "linearizability", "metrics",
		"order", "outcome", "overlap", "race", "serializability", "timeout", "workload",
	} {
		list = append(list, "checkers/"+name)
	}
	return list
}

// Within returns those of the [Targets] that are one of the folders, or in one; all if there are no folders. A folder that
// has none is returned as unknown.
func Within(folders []string) (list []string, unknown string) {
	if len(folders) == 0 {
		return Targets(), ""
	}
	has := func(folder, target string) bool { return strings.HasPrefix(target+"/", folder+"/") }
	for _, f := range folders {
		if !slices.ContainsFunc(Targets(), func(t string) bool { return has(f, t) }) {
			return nil, f
		}
	}
	for _, t := range Targets() {
		if slices.ContainsFunc(folders, func(f string) bool { return has(f, t) }) {
			list = append(list, t)
		}
	}
	return list, ""
}

// LoadError is a package that cannot be mutated, since it does not compile.
type LoadError struct{ Package, Why string }

func (e *LoadError) Error() string {
	return fmt.Sprintf("%s cannot be mutated, for it does not compile: %s", e.Package, e.Why)
}

// Load reads packages, which are folders from the root of a module, without their tests,
// and finds all mutants of them. The error is a [*LoadError], or the Go tool's.
func Load(ctx context.Context, root string, folders ...string) (*Source, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	patterns := make([]string, len(folders))
	for i, f := range folders {
		patterns[i] = "./" + filepath.ToSlash(f)
	}
	loaded, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax, Context: ctx, Dir: root}, patterns...)
	if err != nil {
		return nil, err
	}
	s := &Source{packages: loaded}
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			return nil, &LoadError{p.PkgPath, p.Errors[0].Error()}
		}
		for i, syntax := range p.Syntax {
			path, err := filepath.Rel(root, p.CompiledGoFiles[i])
			if err != nil {
				return nil, err
			}
			text, err := os.ReadFile(p.CompiledGoFiles[i])
			if err != nil {
				return nil, err
			}
			s.files = append(s.files, &file{filepath.ToSlash(path), text, syntax, p})
		}
	}
	slices.SortFunc(s.files, func(a, b *file) int { return strings.Compare(a.path, b.path) })
	for _, f := range s.files {
		s.mutants = append(s.mutants, f.mutants()...)
	}
	return s, nil
}

// Mutants are all mutants in the order of the source. Some of them do not compile: see
// Source.compiles.
func (s *Source) Mutants() []*Mutant { return s.mutants }

// mutants finds the mutants of one file.
func (f *file) mutants() []*Mutant {
	var all []*Mutant
	for _, d := range f.syntax.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && !recovers(f.pkg.TypesInfo, fn) {
			all = append(all, f.function(fn)...)
		}
	}
	all = distinct(all)
	number(all)
	return all
}

// distinct leaves out what another operator has done before.
func distinct(all []*Mutant) []*Mutant {
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(m *Mutant) bool {
		edits := fmt.Sprint(m.edits)
		defer func() { seen[edits] = true }()
		return seen[edits]
	})
}

// function finds the mutants of one function, in the order of places, then operators.
func (f *file) function(fn *ast.FuncDecl) []*Mutant {
	p := &place{file: f, info: f.pkg.TypesInfo, function: functionName(fn)}
	operators := operators()
	ast.PreorderStack(fn.Body, nil, func(n ast.Node, stack []ast.Node) bool {
		p.stack = stack
		for _, op := range operators {
			p.operator = op.Name
			op.find(p, n)
		}
		return true
	})
	return p.found
}

// functionName is how a key names a function: with its receiver's type, if it has one.
func functionName(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return fn.Name.Name
	}
	return "(" + types.ExprString(fn.Recv.List[0].Type) + ")." + fn.Name.Name
}

// number gives mutants of one file their numbers: by line, and by content.
func number(all []*Mutant) {
	byLine, byKey := map[string]int{}, map[string]int{}
	for _, m := range all {
		line := fmt.Sprintf("%d:%s", m.Line, m.Operator)
		byLine[line]++
		m.Number = byLine[line]
		m.Copy = 1
		key := m.key()
		byKey[key]++
		m.Copy = byKey[key]
	}
}
