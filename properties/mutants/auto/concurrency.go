package auto

import (
	"fmt"
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

var (
	waiters  = []string{"sched.Cond", "sched.WaitGroup", "sync.Cond", "sync.WaitGroup"}
	groups   = []string{"sched.WaitGroup", "sync.WaitGroup"}
	counters = []string{"sched.Int64", "sched.WaitGroup", "sync.WaitGroup", "atomic.Int32", "atomic.Int64"}
)

// drop adds the mutant without a statement that calls one of the methods.
func (p *place) drop(n ast.Node, of []string, names ...string) {
	if _, ok := n.(ast.Stmt); !ok {
		return
	}
	if _, _, ok := p.calls(n, of, names); ok {
		p.replace(n, "")
	}
}

func waitDrop(p *place, n ast.Node)   { p.drop(n, waiters, "Wait") }
func signalDrop(p *place, n ast.Node) { p.drop(n, waiters, "Signal", "Broadcast") }
func doneDrop(p *place, n ast.Node)   { p.drop(n, groups, "Done") }

func signalWeaken(p *place, n ast.Node) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return
	}
	if m, _, ok := p.calls(call, waiters, []string{"Broadcast"}); ok {
		sel := call.Fun.(*ast.SelectorExpr).Sel
		p.add(call, p.text(call), p.text(m.receiver)+".Signal", p.edit(sel, "Signal"))
	}
}

// isYield reports whether a statement is an announcement.
func (p *place) isYield(s ast.Stmt) bool {
	_, _, ok := p.calls(s, []string{"sched.Runtime"}, []string{"Yield"})
	return ok
}

func yieldSwap(p *place, n ast.Node) {
	list := statements(n)
	for i := range max(0, len(list)-1) {
		if !p.isYield(list[i]) || p.isYield(list[i+1]) {
			continue
		}
		if p.ofConcurrency(list[i+1]) {
			continue // it announces itself
		}
		switch list[i+1].(type) {
		case *ast.AssignStmt, *ast.ExprStmt, *ast.IncDecStmt:
			p.add(list[i], p.text(list[i]), "after "+p.text(list[i+1]), p.edit(list[i], ""), p.insertAfter(list[i+1], p.text(list[i])))
		}
	}
}

// atomicSplit makes x.Add(n) a load and a store, between which anything may happen. In
// a controlled run that needs an announcement before the store: the one of the whole
// is taken for it, and now announces the load.
func atomicSplit(p *place, n ast.Node) {
	split := p.split(n)
	if split == nil {
		return
	}
	call := n.(*ast.CallExpr)
	var edits []edit
	between := ""
	if list, at := p.inList(n); at > 0 && p.isYield(list[at-1]) {
		yield := p.text(list[at-1])
		between = strings.Replace(yield, "schedule.OpRMW", "schedule.OpStore", 1) + "; "
		edits = append(edits, p.edit(list[at-1], strings.Replace(yield, "schedule.OpRMW", "schedule.OpLoad", 1)))
	}
	result := types.TypeString(p.info.TypeOf(call), func(pkg *types.Package) string {
		if pkg == p.file.pkg.Types {
			return ""
		}
		return pkg.Name()
	})
	text := fmt.Sprintf("func() %s { %s }()", result, split(between))
	p.add(call, p.text(call), "a load and a store", append(edits, p.edit(call, text))...)
}

// split returns how to write a read-modify-write in two steps, with something between
// them; nil if n is none.
func (p *place) split(n ast.Node) func(between string) string {
	var name, load, store string // load is the whole expression, store its beginning
	var args []string
	if m, _, ok := p.methodCall(n); ok && m.call == n {
		args = p.arguments(m.call)
		x := p.text(m.receiver)
		switch {
		case m.of == "sched.Int64":
			load, store = x+".Load("+args[0]+")", x+".Store("+args[0]+", "
			args = args[1:]
		case strings.HasPrefix(m.of, "atomic."):
			load, store = x+".Load()", x+".Store("
		default:
			return nil
		}
		name = m.name
	} else if call, f := p.packageCall(n); call != nil && strings.HasPrefix(f, "atomic.") {
		args = p.arguments(call)
		i := strings.IndexAny(f, "IU") // of Int32, Uint64
		if i < 0 {
			return nil
		}
		name = strings.TrimPrefix(f[:i], "atomic.")
		load, store = "atomic.Load"+f[i:]+"("+args[0]+")", "atomic.Store"+f[i:]+"("+args[0]+", "
		args = args[1:]
	}
	switch name {
	case "Add":
		return func(between string) string {
			return fmt.Sprintf("v := %s + %s; %s%sv); return v", load, args[0], between, store)
		}
	case "Or", "And":
		op := map[string]string{"Or": "|", "And": "&"}[name]
		return func(between string) string {
			return fmt.Sprintf("v := %s; %s%sv %s (%s)); return v", load, between, store, op, args[0])
		}
	case "Swap":
		return func(between string) string {
			return fmt.Sprintf("v := %s; %s%s%s); return v", load, between, store, args[0])
		}
	case "CompareAndSwap":
		return func(between string) string {
			return fmt.Sprintf("if %s != %s { return false }; %s%s%s); return true", load, args[0], between, store, args[1])
		}
	}
	return nil
}

func copySkip(p *place, n ast.Node) {
	if s, ok := n.(*ast.ExprStmt); ok {
		if _, f := p.packageCall(s.X); f == "copy" {
			p.replace(s, "")
		}
		return
	}
	call, f := p.packageCall(n)
	switch f {
	case "slices.Clone", "maps.Clone", "bytes.Clone":
		p.replace(call, p.text(call.Args[0]))
	case "append": // append([]T(nil), x...)
		if len(call.Args) == 2 && call.Ellipsis.IsValid() {
			switch first := call.Args[0].(type) {
			case *ast.CompositeLit:
				p.replace(call, p.text(call.Args[1]))
			case *ast.CallExpr:
				if tv := p.info.Types[first.Fun]; tv.IsType() {
					p.replace(call, p.text(call.Args[1]))
				}
			}
		}
	}
}

// What a test for a dependency is known by: the types of kinds of dependencies and of
// effects, and the names of tests and of their results.
var (
	dependencyTypes = []string{"trace.DependencyKind", "trace.ChunkDependencyKind", "program.Effect"}
	dependencyNames = regexp.MustCompile(`^(intersects?|overlaps?|conflicts?|kinds|depends.*|successors|predecessors|Contains|ContainsFunc|needs.*|reads|writes|stamp|certain|exclusive|backward|global|stores|legal|wrote|stops?|acyclic)$`)
)

// dependencyInvert negates a boolean leaf of a condition, or of a boolean that is
// assigned or returned, if it tests for a dependency.
func dependencyInvert(p *place, n ast.Node) {
	x, ok := n.(ast.Expr)
	if !ok || !p.isTest(x) {
		return
	}
	tests := mentions(x, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok {
			return false
		}
		if t := p.info.TypeOf(e); t != nil && slices.Contains(dependencyTypes, typeName(t)) {
			return true
		}
		id, ok := n.(*ast.Ident)
		return ok && dependencyNames.MatchString(id.Name)
	})
	if tests {
		p.replace(x, negated(p.text(x)))
	}
}

// isTest reports whether x is a boolean without && and || in it, where a boolean is decided
// on: in a condition, a case, an assignment, a return, or beside && and ||.
func (p *place) isTest(x ast.Expr) bool {
	t := p.info.TypeOf(x)
	if t == nil || !isBool(t) || p.info.Types[x].IsType() {
		return false
	}
	switch y := x.(type) {
	case *ast.BinaryExpr:
		if y.Op.String() == "&&" || y.Op.String() == "||" {
			return false
		}
	case *ast.ParenExpr, *ast.UnaryExpr, *ast.BasicLit:
		return false
	case *ast.Ident:
		if y.Name == "true" || y.Name == "false" {
			return false
		}
	}
	switch parent := p.parent().(type) {
	case *ast.IfStmt:
		return parent.Cond == x
	case *ast.ForStmt:
		return parent.Cond == x
	case *ast.CaseClause, *ast.ReturnStmt, *ast.ParenExpr:
		return true
	case *ast.AssignStmt:
		return slices.Contains(parent.Rhs, x)
	case *ast.UnaryExpr:
		return parent.Op.String() == "!"
	case *ast.BinaryExpr:
		return parent.Op.String() == "&&" || parent.Op.String() == "||"
	}
	return false
}

func counterOff(p *place, n ast.Node) {
	if s, ok := n.(*ast.IncDecStmt); ok {
		p.replace(s, p.text(s.X)+" "+s.Tok.String()[:1]+"= 2")
		return
	}
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return
	}
	if _, _, ok := p.calls(call, counters, []string{"Add", "Store"}); !ok {
		if _, f := p.packageCall(call); !strings.HasPrefix(f, "atomic.Add") && !strings.HasPrefix(f, "atomic.Store") {
			return
		}
	}
	last := call.Args[len(call.Args)-1]
	if t := p.info.TypeOf(last); t != nil && isNumber(t) {
		changed := p.text(last) + " + 1"
		p.add(call, p.text(call), changed, p.edit(last, changed))
	}
}

// What a check for cancellation is known by: the types and values of a run's fate.
var (
	fateTypes = []string{"synchrony.phase"}
	fateNames = []string{"goOn", "cancelled", "timedOut", "expired", "abandoned", "overdue", "late", "halted", "horizon", "over", "retired", "calm", "excused", "deadline"}
)

// cancelSkip makes a condition false that asks whether to go on.
func cancelSkip(p *place, n ast.Node) {
	s, ok := n.(*ast.IfStmt)
	if !ok {
		return
	}
	asks := mentions(s.Cond, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok {
			return false
		}
		if t := p.info.TypeOf(e); t != nil && slices.Contains(fateTypes, typeName(t)) {
			return true
		}
		if m, _, ok := p.methodCall(n); ok && m.of == "context.Context" {
			return true
		}
		id, ok := n.(*ast.Ident)
		return ok && slices.Contains(fateNames, id.Name)
	})
	if asks {
		p.add(s, "if "+p.text(s.Cond), "if false", p.edit(s.Cond, "("+p.text(s.Cond)+") && false"))
	}
}
