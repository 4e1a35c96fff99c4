package program

import "fmt"

// notInMaps are the effects that the function of a PARALLEL_MAP may not have: their order
// could be seen, and elements have none.
const notInMaps = Prints | WritesShared | TakesTime

// maps checks that no function of a PARALLEL_MAP has such effects, nor any that it may
// call. A call by name or by value may reach every function that some
// constant makes a value, other than as the operand of a direct call.
func (v *validator) maps() error {
	g := v.callers()
	culprits := g.spread(v.forbidden())
	for f := range v.p.Functions {
		for pc, in := range v.p.Functions[f].Code {
			if in.Op != ParallelMap {
				continue
			}
			callee := v.callee(in)
			if culprit := culprits[callee]; culprit != "" {
				return v.at(f, pc, "PARALLEL_MAP of %s, which may use %s", v.p.Functions[callee].Name, culprit)
			}
		}
	}
	return nil
}

// forbidden names, for each function, an instruction of its own that may not be in maps, or "".
func (v *validator) forbidden() []string {
	culprits := make([]string, len(v.p.Functions))
	for f := range v.p.Functions {
		fn := &v.p.Functions[f]
		for pc, in := range fn.Code {
			if in.Effects()&notInMaps == 0 {
				continue
			}
			what := in.Op.String()
			if in.Op == CallBuiltin {
				what = Builtin(in.A).String()
			}
			culprits[f] = fmt.Sprintf("%s (%s+%d)", what, fn.Name, pc)
			break
		}
	}
	return culprits
}

// callGraph has the callers of each function. The node after the last function stands
// for calls whose callee is unknown.
type callGraph [][]int

func (v *validator) callers() callGraph {
	unknown := len(v.p.Functions)
	g := make(callGraph, unknown+1)
	direct := make([]bool, len(v.p.Constants)) // used by a direct call
	value := make([]bool, len(v.p.Constants))  // used as a value
	for f := range v.p.Functions {
		for _, in := range v.p.Functions[f].Code {
			switch in.Op {
			case CallFuncConst, ParallelMap:
				direct[in.A] = true
				callee := v.callee(in)
				g[callee] = append(g[callee], f)
			case CallName, CallTop:
				g[unknown] = append(g[unknown], f)
			case LoadConst:
				value[in.A] = true
			case StoreFunc:
				value[in.B] = true
			}
		}
	}
	for i, c := range v.p.Constants {
		if value[i] || !direct[i] {
			v.escape(c, func(f int) { g[f] = append(g[f], unknown) })
		}
	}
	return g
}

// escape calls f for every function in a constant.
func (v *validator) escape(c Value, f func(int)) {
	if c.kind == FuncKind {
		f(v.functions[c.AsString()])
	}
	for _, item := range c.items() {
		v.escape(item, f)
	}
}

// spread gives callers the culprits of their callees, transitively.
func (g callGraph) spread(culprits []string) []string {
	culprits = append(culprits, "")
	var work []int
	for f, culprit := range culprits {
		if culprit != "" {
			work = append(work, f)
		}
	}
	for len(work) > 0 {
		f := work[0]
		work = work[1:]
		for _, caller := range g[f] {
			if culprits[caller] == "" {
				culprits[caller] = culprits[f]
				work = append(work, caller)
			}
		}
	}
	return culprits
}
