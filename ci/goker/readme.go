package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// names are the functions that a kernel's README names as the place of the bug, without the numbers of function literals. The most
// exact source counts: stacks, if it shows any, else lines of the test, else diagrams of calls.
type names struct {
	inner   []string // the innermost of the kernel's own functions of each stack; of lines, those around them
	callers []string // the other functions of the stacks
	calls   []string // names without receivers, from diagrams
}

func (n *names) empty() bool { return len(n.inner) == 0 && len(n.calls) == 0 }

// has reports whether the README names one of the places that a failure is about.
func (n *names) has(f *failure) bool {
	places := f.functions()
	if len(n.inner) > 0 {
		return slices.ContainsFunc(places, func(fn string) bool { return slices.Contains(n.inner, fn) }) ||
			f.onBehalf() && slices.ContainsFunc(places, func(fn string) bool { return slices.Contains(n.callers, fn) })
	}
	return slices.ContainsFunc(places, func(fn string) bool {
		return slices.Contains(n.calls, fn[strings.LastIndexByte(fn, '.')+1:])
	})
}

const own = "command-line-arguments."

var (
	literal = regexp.MustCompile(`(\.func\d+|\.\d+|\.deferwrap\d+|\.gowrap\d+|-fm)+$`)
	lineOf  = regexp.MustCompile(`(?i)lines?\s+(\d+)(?:,\s*(\d+))*`)
	number  = regexp.MustCompile(`\d+`)
	call    = regexp.MustCompile(`([A-Za-z_]\w*)\(`)
)

// namesIn reads a README; test is the kernel's source.
func namesIn(readme, test string) (n names) {
	n.stacks(readme)
	if len(n.inner) == 0 {
		n.lines(readme, test)
	}
	if len(n.inner) == 0 {
		n.diagrams(readme)
	}
	return n
}

// stacks reads those of goroutines, and of racing accesses; those of where goroutines were created do not count.
func (n *names) stacks(readme string) {
	first, created := false, false
	for line := range strings.Lines(readme) {
		line = strings.TrimSpace(line)
		switch {
		case strings.Contains(line, "created at:"):
			created = true
		case strings.HasPrefix(line, "goroutine "), strings.HasPrefix(line, "Goroutine "), strings.Contains(line, " at 0x"):
			first, created = true, false
		case strings.HasPrefix(line, own) && !created:
			fn := strings.TrimPrefix(line, own)
			if i := strings.LastIndexByte(fn, '('); i > 0 {
				fn = fn[:i]
			}
			if fn = literal.ReplaceAllString(fn, ""); first {
				n.inner = append(n.inner, fn)
			} else {
				n.callers = append(n.callers, fn)
			}
			first = false
		}
	}
}

// lines finds the functions around the lines that the text names.
func (n *names) lines(readme, test string) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "", test, 0)
	if err != nil {
		return
	}
	_, readme, _ = strings.Cut(readme, "Description")
	for _, match := range lineOf.FindAllString(readme, -1) {
		for _, digits := range number.FindAllString(match, -1) {
			line, err := strconv.Atoi(digits)
			if err != nil {
				continue
			}
			for _, d := range file.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && set.Position(fn.Pos()).Line <= line && line <= set.Position(fn.End()).Line {
					n.inner = append(n.inner, function(fn))
				}
			}
		}
	}
}

// function is a function as stacks write it.
func function(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return fn.Name.Name
	}
	if star, ok := fn.Recv.List[0].Type.(*ast.StarExpr); ok {
		if id, ok := star.X.(*ast.Ident); ok {
			return "(*" + id.Name + ")." + fn.Name.Name
		}
	}
	if id, ok := fn.Recv.List[0].Type.(*ast.Ident); ok {
		return id.Name + "." + fn.Name.Name
	}
	return fn.Name.Name
}

// diagrams reads the calls in columns of goroutines, which stand in comments.
func (n *names) diagrams(readme string) {
	for line := range strings.Lines(readme) {
		if !strings.HasPrefix(strings.TrimSpace(line), "//") {
			continue
		}
		for _, match := range call.FindAllStringSubmatch(line, -1) {
			n.calls = append(n.calls, match[1])
		}
	}
}
