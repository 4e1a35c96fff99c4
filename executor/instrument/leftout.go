package instrument

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// leftOut names the benchmarks of a root and the examples that the go command would run, sorted: they are in its test files, and are not run.
func (r *rewriter) leftOut(root root) (benchmarks, examples []string) {
	for _, id := range []string{root.internal, root.external} {
		if id == "" {
			continue
		}
		for _, name := range r.graph.nodes[id].GoFiles {
			f, err := r.check.parse(name)
			if err != nil || !strings.HasSuffix(name, "_test.go") {
				continue // what does not parse was reported
			}
			for _, d := range f.syntax.Decls {
				switch d, ok := d.(*ast.FuncDecl); {
				case !ok:
				case testKind(d) == "B":
					benchmarks = append(benchmarks, d.Name.Name)
				case isExample(d) && hasOutput(d, f.syntax.Comments):
					examples = append(examples, d.Name.Name)
				}
			}
		}
	}
	slices.Sort(benchmarks)
	slices.Sort(examples)
	return benchmarks, examples
}

// isExample reports whether the go command takes a function of a test file for an example.
func isExample(d *ast.FuncDecl) bool {
	suffix, ok := strings.CutPrefix(d.Name.Name, "Example")
	if !ok || d.Recv != nil || d.Body == nil || d.Type.TypeParams != nil || d.Type.Params.NumFields() > 0 || d.Type.Results.NumFields() > 0 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(suffix)
	return !unicode.IsLower(first)
}

var output = regexp.MustCompile(`(?i)^\s*(unordered )?output:`)

// hasOutput reports whether the last comment in a function says what it prints: others are compiled, and not run.
func hasOutput(d *ast.FuncDecl, comments []*ast.CommentGroup) bool {
	var last *ast.CommentGroup
	for _, c := range comments {
		if d.Body.Pos() <= c.Pos() && c.End() <= d.Body.End() {
			last = c
		}
	}
	return last != nil && output.MatchString(last.Text())
}
