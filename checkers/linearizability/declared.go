package linearizability

import (
	"sync"
	"sync/atomic"

	"synchrony/checkers"
	"synchrony/models/declared"
	"synchrony/models/history"
)

// declaredStep is a step that executes an operation of a declared model.
const declaredStep history.ActionKind = 254

// execution is a check by a declared model, which all its searches share, also one that was out of time and has not noticed yet. The state
// of an object is the number of its text; the initial one is absent.
type execution struct {
	model   *declared.Model
	initial declared.State
	start   string // the initial state's text

	states  sync.Map              // declared.State by text
	trouble atomic.Pointer[error] // of the first expression that had no value
}

func (e *execution) state(text string) declared.State {
	s, _ := e.states.Load(text)
	return s.(declared.State)
}

// declaredCall is an operation of a declared model.
type declaredCall struct {
	*execution
	name             string
	argument, result *history.Tree
	told             bool // what it returned
}

// CheckDeclared decides whether a history of operations, in the order of their invocations, is linearizable by a declared model. Result
// has operations by their indices. The verdict is Unknown, too, if an expression of the model had no value in some state that an operation
// came upon. Untimed says that the operations' times are nothing but their order.
func CheckDeclared(m *declared.Model, list []history.Operation, untimed bool, o Options) Result {
	initial, err := m.Initial()
	if err != nil {
		return Result{Verdict: checkers.Undecided("%v", err)}
	}
	e := &execution{model: m, initial: initial, start: initial.Text()}
	var spaces []*space
	of := map[string]*space{}
	for i := range list {
		x := &list[i]
		if x.Outcome == history.Aborted {
			continue
		}
		key, argument, result := partOf(m, x)
		s := of[key]
		if s == nil {
			s = &space{texts: &texts{numbers: map[string]int64{}}, keys: map[string]int32{}}
			s.key(key)
			of[key] = s
			spaces = append(spaces, s)
		}
		call := &history.Call{Process: x.Process, Invoked: x.Invoked, Returned: x.Returned}
		if x.Outcome != history.Committed {
			call.Returned = history.Forever
		}
		if x.Outcome == 0 && m.Guesses(x.Name) {
			s.doubt = "no order was found, but an operation of unknown outcome changes the state by what it returned, and that is not known"
		}
		s.calls = append(s.calls, &compiled{
			index: i, call: call, text: x.Text(), untimed: untimed, readOnly: m.Reads(x.Name),
			actions: []step{{kind: declaredStep, declared: &declaredCall{e, x.Name, argument, result, x.Outcome == history.Committed}}},
		})
	}
	for _, s := range spaces {
		s.keepTouching()
	}
	r, _ := checkAll(spaces, o.withDefaults())
	r.Searched = len(spaces) > 0
	if err := e.trouble.Load(); err != nil {
		return Result{Verdict: checkers.Undecided("the model cannot be executed: %v", *err)}
	}
	return r
}

// partOf is the key of an operation, and what it is given and returns apart from that.
func partOf(m *declared.Model, x *history.Operation) (key string, argument, result *history.Tree) {
	argument, result = &x.Argument, &x.Result
	if !m.Keyed {
		return m.Name, argument, result
	}
	key = x.Argument.Items[0].Text()
	argument = &x.Argument.Items[1]
	if len(result.Items) == 2 {
		result = &result.Items[1]
	}
	return key, argument, result
}

// declare executes an operation of a declared model.
func (m *machine) declare(state *array[cell], x *step) (bool, *array[cell]) {
	d := x.declared
	now, at := d.initial, state.at(x.key)
	if at != absent {
		now = d.state(m.text(at.number))
	}
	next, ok, err := d.model.Step(now, d.name, d.argument, d.result, d.told)
	if err != nil && d.trouble.Load() == nil {
		d.trouble.Store(&err)
	}
	if err != nil || !ok {
		return false, state
	}
	text := next.Text()
	if text == d.start {
		return true, state.with(x.key, absent)
	}
	d.states.Store(text, next)
	return true, state.with(x.key, cell{history.List, m.number(text)})
}
