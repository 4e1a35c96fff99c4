package gotest

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"synchrony/models/schedule"
)

// call is an operation in the source on something that has a name: "Lock" on "c.mu".
type call struct{ method, on string }

// methods are the calls in which a step of an operation is taken; of a channel, its statements.
var methods = map[string][]string{
	"lock": {"Lock"}, "unlock": {"Unlock"}, "rlock": {"RLock"}, "runlock": {"RUnlock"}, "trylock": {"TryLock", "TryRLock"},
	"wait": {"Wait"}, "signal": {"Signal"}, "broadcast": {"Broadcast"}, "join": {"Wait"}, "done": {"Done"}, "add": {"Add", "Go"},
	"load": {"Load"}, "store": {"Store"}, "rmw": {"Add", "Swap", "CompareAndSwap"},
	"send": {sends}, "recv": {receives}, "close": {closes},
	onceOp: {"Do"},
}

// onceOp is any operation on a once.
const onceOp = "do"

// sourceOp is the operation that the source asks for where a step does op with an object.
func sourceOp(op, object string) string {
	if strings.HasPrefix(object, schedule.ClassOnce.String()+"/") {
		return onceOp
	}
	return op
}

// What is done to channels, beside the names of methods.
const sends, receives, closes = "<-x", "x<-", "close"

// mostName is up to how many characters an expression is a name.
const mostName = 30

// mentions is how often a line calls for an operation.
func (s *sources) mentions(p place, op string) (n int) {
	for _, c := range s.callsAt(p) {
		if slices.Contains(methods[op], c.method) {
			n++
		}
	}
	return n
}

// unsaid reports whether a line at which a function begins or ends says nothing of an operation: a deferred call made it.
func (s *sources) unsaid(p place, op string) bool {
	line := s.line(p)
	ends := strings.HasPrefix(line, "}") || line == "return" || strings.HasPrefix(line, "return ")
	return (ends || isHead(line)) && methods[op] != nil && s.mentions(p, op) == 0
}

// isHead reports whether a line begins a function, and is no more than that.
func isHead(line string) bool { return strings.HasSuffix(line, "{") && strings.Contains(line, "func") }

// operand is what the program calls that which an operation at a place is about: "c.mu" of c.mu.Lock(). It is empty if the line does not say, or has several.
func (s *sources) operand(p place, op string) string {
	name := ""
	for _, c := range s.callsAt(p) {
		if !slices.Contains(methods[op], c.method) || c.on == name {
			continue
		}
		if name != "" {
			return ""
		}
		name = c.on
	}
	if len([]rune(name)) > mostName {
		return ""
	}
	return name
}

// callsAt are the calls of a line.
func (s *sources) callsAt(p place) []call { return s.file(p.file).calls[p.line] }

// callsOf are the calls of a file, by line.
func callsOf(set *token.FileSet, syntax *ast.File) map[string][]call {
	lines := map[string][]call{}
	add := func(at token.Pos, method string, on ast.Expr) {
		line := strconv.Itoa(set.PositionFor(at, false).Line)
		lines[line] = append(lines[line], call{method, types.ExprString(ast.Unparen(on))})
	}
	ast.Inspect(syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			switch fn := n.Fun.(type) {
			case *ast.SelectorExpr:
				add(fn.Sel.Pos(), fn.Sel.Name, fn.X)
			case *ast.Ident:
				if fn.Name == closes && len(n.Args) == 1 {
					add(n.Pos(), closes, n.Args[0])
				}
			}
		case *ast.SendStmt:
			add(n.Pos(), sends, n.Chan)
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				add(n.Pos(), receives, n.X)
			}
		case *ast.RangeStmt:
			add(n.Pos(), receives, n.X)
		}
		return true
	})
	return lines
}
