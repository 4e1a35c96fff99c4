package program

import (
	"maps"
	"slices"

	"synchrony/models/text"
)

// pool collects constants and names in the order of their first use.
type pool struct {
	constants []Value
	constant  map[string]int32 // the first of each, by canonical text
	names     []string
	name      map[string]int32
}

// newPool starts with the declared ones, which may have constants twice.
func newPool(constants []Value, names []string) *pool {
	p := &pool{constant: make(map[string]int32), name: make(map[string]int32)}
	for i, c := range constants {
		p.constants = append(p.constants, c)
		if _, ok := p.constant[c.String()]; !ok {
			p.constant[c.String()] = int32(i)
		}
	}
	for _, name := range names {
		p.addName(name)
	}
	return p
}

// addConstant returns the index of the first identical constant; a new one goes to the end.
func (p *pool) addConstant(v Value) int32 {
	key := v.String()
	i, ok := p.constant[key]
	if !ok {
		i = int32(len(p.constants))
		p.constant[key] = i
		p.constants = append(p.constants, v)
	}
	return i
}

func (p *pool) addName(name string) int32 {
	i, ok := p.name[name]
	if !ok {
		i = int32(len(p.names))
		p.name[name] = i
		p.names = append(p.names, name)
	}
	return i
}

// finish puts the program together, once all functions and labels are known.
func (a *assembler) finish() *Program {
	pool := newPool(a.constants, a.names)
	p := &Program{Expect: a.expect}
	for _, use := range a.uses {
		if use.name == MainName {
			use.line.fail(use.at, "the main code can't be a function value")
		} else if !a.known[use.name] {
			use.line.fail(use.at, "there is no function %s%s", shorten(use.name), text.Suggest(use.name, slices.Values(sortedKeys(a.known))))
		}
		if len(a.errors) >= text.MaxErrors {
			return nil
		}
	}
	for _, f := range append([]*source{a.main}, a.functions...) {
		p.Functions = append(p.Functions, f.finish(pool))
	}
	p.Constants, p.Names = pool.constants, pool.names
	return p
}

func (f *source) finish(pool *pool) Function {
	fn := Function{Name: f.name, Params: len(f.params)}
	for _, name := range slices.Concat(f.params, f.locals) {
		fn.Locals = append(fn.Locals, pool.addName(name))
	}
	for _, s := range f.code {
		info, _ := s.op.Info()
		in := Instruction{Op: s.op}
		in.A = f.resolve(pool, s.line, info.A, s.operands[0])
		in.B = f.resolve(pool, s.line, info.B, s.operands[1])
		fn.Code = append(fn.Code, in)
		fn.Lines = append(fn.Lines, int32(s.line.row))
	}
	return fn
}

func (f *source) resolve(pool *pool, l *line, kind OperandKind, o operand) int32 {
	switch {
	case kind == NoOperand || o.raw:
		return o.num
	case kind == ConstOperand || kind == FuncOperand:
		return pool.addConstant(o.value)
	case kind != TargetOperand:
		return pool.addName(o.name)
	}
	target, ok := f.labels[o.name]
	if !ok && len(l.a.errors) < text.MaxErrors {
		l.fail(o.at, "function %s has no label %s%s", f.name, shorten(o.name), text.Suggest(o.name, slices.Values(sortedKeys(f.labels))))
	}
	return int32(target)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
