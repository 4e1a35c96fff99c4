package program

import (
	"maps"
	"slices"
)

// scope holds variables by their index in Program.Names: those stored in it and, behind them,
// those of the scope that it is a private copy of, which doesn't change as long as the copy is
// in use: its task waits.
type scope struct {
	vars  map[int32]Value
	outer *scope
	// observe, if not nil, is told of each access: ReadsVariable or WritesVariable.
	observe func(Effect, int32)
}

func (s *scope) load(name int32) (Value, bool) {
	for ; s != nil; s = s.outer {
		if s.observe != nil {
			s.observe(ReadsVariable, name)
		}
		if v, ok := s.vars[name]; ok {
			return v, true
		}
	}
	return Nil, false
}

func (s *scope) store(name int32, v Value) {
	if s.observe != nil {
		s.observe(WritesVariable, name)
	}
	if s.vars == nil {
		s.vars = make(map[int32]Value)
	}
	s.vars[name] = v
}

// merge stores what was stored in a private copy.
func (s *scope) merge(private *scope) {
	for _, name := range slices.Sorted(maps.Keys(private.vars)) { // sorted for observers only
		s.store(name, private.vars[name])
	}
}
