package declared

import (
	"slices"

	"synchrony/models/history"
)

// Model is a declared model. It does not change, and many goroutines may execute it.
type Model struct {
	Name, About string
	Keyed       bool // each value is a key and a value

	file, src  string
	names      []string // of the variables of the state
	initial    []expression
	operations []*operation
}

// operation is one way for an operation of a name to happen.
type operation struct {
	name   string
	names  []string // of its argument, or the parts of that if it is a list
	list   bool     // the argument is a list of these
	clause []clause
}

// clause is a line of an operation.
type clause struct {
	kind   clauseKind
	target int // of a set: which variable
	value  expression
}

type clauseKind uint8

const (
	require clauseKind = iota
	set
	check
)

// Operations are the names of the operations, in the order of the file.
func (m *Model) Operations() []string {
	var list []string
	for _, o := range m.operations {
		if !slices.Contains(list, o.name) {
			list = append(list, o.name)
		}
	}
	return list
}

// Reads reports whether an operation of a name cannot change the state.
func (m *Model) Reads(name string) bool {
	return !slices.ContainsFunc(m.operations, func(o *operation) bool {
		return o.name == name && slices.ContainsFunc(o.clause, func(c clause) bool { return c.kind == set })
	})
}

// Guesses reports whether an operation of a name changes the state by what it returned, so that its effect is not known if that is not.
func (m *Model) Guesses(name string) bool {
	return slices.ContainsFunc(m.operations, func(o *operation) bool {
		return o.name == name && slices.ContainsFunc(o.clause, func(c clause) bool { return c.kind != check && c.value.uses(returned) })
	})
}

// uses reports whether a part of an expression is of a kind.
func (e *expression) uses(k kind) bool {
	return e.kind == k || slices.ContainsFunc(e.parts, func(part expression) bool { return part.uses(k) })
}

// State is the values of the variables.
type State []history.Tree

// Text is the state as a text: equal states have equal texts.
func (s State) Text() string {
	list := history.Tree{Kind: history.Sequence, Items: s}
	return list.Text()
}

// Initial is the state at first. The error is a [*text.Error].
func (m *Model) Initial() (State, error) {
	s := make(State, len(m.initial))
	for i, e := range m.initial {
		var err error
		if s[i], err = e.value(&scope{model: m}); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Step executes an operation: it returns the state after it, and whether it can have happened in this one with the result recorded. The
// argument and the result are without the key, if the model is keyed. The error, a [*text.Error], is that of an expression that has no
// value, such as a sum of a number and nil.
func (m *Model) Step(s State, name string, argument, result *history.Tree, told bool) (State, bool, error) {
	for _, o := range m.operations {
		if o.name != name {
			continue
		}
		next, ok, err := m.execute(o, s, argument, result, told)
		if ok || err != nil {
			return next, ok, err
		}
	}
	return s, false, nil
}

func (m *Model) execute(o *operation, s State, argument, result *history.Tree, told bool) (State, bool, error) {
	at := &scope{model: m, state: s, returned: result, arguments: []history.Tree{*argument}}
	switch {
	case o.list && (argument.Kind != history.Sequence || len(argument.Items) != len(o.names)):
		return s, false, nil
	case o.list:
		at.arguments = argument.Items
	}
	changed := false
	for i := range o.clause {
		c := &o.clause[i]
		if c.kind == check && !told {
			continue
		}
		v, err := c.value.value(at)
		if err != nil {
			return s, false, err
		}
		if c.kind != set {
			holds, err := c.value.condition(at, &v)
			if err != nil || !holds {
				return s, false, err
			}
			continue
		}
		if !changed {
			at.state, changed = slices.Clone(at.state), true
		}
		at.state[c.target] = v
	}
	return at.state, true, nil
}

// scope is what names stand for.
type scope struct {
	model     *Model
	state     State
	arguments []history.Tree
	returned  *history.Tree
}
