package linearizability

import (
	"slices"

	"synchrony/models/history"
)

// cell is the value of a key in a state, with texts numbered so that cells compare
// fast: those of the history by the compiler, those that appending makes as it goes.
type cell struct {
	kind   history.ValueKind
	number int64
}

var absent = cell{}

// hasText reports whether the number is that of a text.
func (c cell) hasText() bool {
	return c.kind == history.Text || c.kind == history.Symbol || c.kind == history.List
}

func (c cell) hash(index int32) uint64 {
	return mix(mix(uint64(c.number)) ^ uint64(c.kind)<<32 ^ uint64(uint32(index)))
}

// space is one partition of a history: its keys numbered, and its calls compiled.
type space struct {
	texts   *texts
	keys    map[string]int32
	initial []cell
	calls   []*compiled
	begins  []state // the states in which it may begin, if it is not the initial one

	list     []*epoch // its calls, cut, if it was begun to judge them
	done     int      // how many of them are explained
	tooLarge bool     // more calls than a search may have: more time would not help
	suspects []int    // calls that are likely to blame, in the history
	doubt    string   // why it is no failure that no order is found; empty if it is one
	steps    int64    // of the model that all searches together may take; 0 if there is no bound
}

// compiled is a call with its keys and values numbered.
type compiled struct {
	index    int // in the history
	call     *history.Call
	text     string // what it did, if it is no call of actions
	actions  []step
	readOnly bool // it has no effect
	untimed  bool // its times tell nothing but an order
	wording  history.Wording
	loose    bool // it is relaxed: those after it in its process need not wait for it
}

// step is an action of a compiled call.
type step struct {
	kind     history.ActionKind
	key, to  int32
	value    cell
	old      cell
	delta    int64
	process  int32
	ok       bool
	snapshot []cell // by key, for a TakeAll
	leaves   bool   // the second half of an AwaitAll
	declared *declaredCall
}

// compile builds the space of some calls of h, given by their indices, and of the
// keys that are there at first.
func compile(m Model, h *history.Calls, calls []int, initial []history.Entry) *space {
	s := &space{texts: &texts{numbers: map[string]int64{}, appends: m.appends()}, keys: map[string]int32{}}
	for _, i := range calls {
		for k := range h.Calls[i].Actions {
			a := &h.Calls[i].Actions[k]
			switch a.Kind {
			case history.TakeAll:
				for _, e := range a.State {
					s.key(e.Key)
				}
			case history.ClearAll:
			case history.Transfer:
				s.key(a.To)
				s.key(a.Key)
			default:
				s.key(a.Key)
			}
		}
	}
	for _, e := range initial {
		s.initial[s.key(e.Key)] = s.texts.cell(e.Value)
	}
	for _, i := range calls {
		c := s.compile(i, &h.Calls[i])
		c.untimed, c.wording = h.Untimed, h.Wording
		if s.calls = append(s.calls, c); h.Calls[i].Actions[0].Kind == history.AwaitAll {
			s.split(c)
		}
	}
	s.keepTouching()
	return s
}

// keepTouching keeps the calls of one process in order where one was invoked at the very time at which others before it
// returned, which elsewhere leaves the order open: the later one needs marks that the earlier ones set.
func (s *space) keepTouching() {
	ended := map[int32][]*compiled{} // by process: those that returned at one time
	for _, c := range s.calls {
		before := slices.DeleteFunc(ended[c.call.Process], func(x *compiled) bool { return x.call.Returned != c.call.Invoked })
		for _, x := range before {
			if x.index == c.index { // the other half of a wait
				continue
			}
			mark := int32(len(s.initial))
			s.initial = append(s.initial, absent)
			x.actions = append(x.actions, step{kind: history.WriteKey, key: mark, value: markSet})
			x.readOnly = false
			c.actions = slices.Insert(c.actions, 0, step{kind: needsMark, key: mark, value: markSet})
		}
		ended[c.call.Process] = append(before, c)
	}
}

// markSet is the value of a mark that is set.
var markSet = cell{history.Number, 1}

// withMarks is a state with the marks of relaxed calls set: who comes after them need not wait for them.
func (s *space) withMarks(now state, calls []*compiled) state {
	now = slices.Clone(now)
	for _, c := range calls {
		for k := range c.actions {
			if x := &c.actions[k]; c.loose && x.kind == history.WriteKey && int(x.key) >= len(s.keys) {
				now[x.key] = history.NumberOf(markSet.number)
			}
		}
	}
	return now
}

// needsMark is a step that no call may do without: it reads a mark, also in a call that never returned.
const needsMark history.ActionKind = 255

// key numbers a key, which is absent at first.
func (s *space) key(name string) int32 {
	k, ok := s.keys[name]
	if !ok {
		k = int32(len(s.initial))
		s.keys[name] = k
		s.initial = append(s.initial, absent)
	}
	return k
}

func (s *space) compile(i int, call *history.Call) *compiled {
	c := &compiled{index: i, call: call, readOnly: true}
	for k := range call.Actions {
		a := &call.Actions[k]
		x := step{kind: a.Kind, value: s.texts.cell(a.Value), old: s.texts.cell(a.Old), delta: a.Delta, ok: a.OK}
		switch a.Kind {
		case history.TakeAll:
			x.snapshot = make([]cell, len(s.initial))
			for _, e := range a.State {
				x.snapshot[s.keys[e.Key]] = s.texts.cell(e.Value)
			}
		case history.Transfer:
			x.key, x.to = s.keys[a.Key], s.keys[a.To]
		case history.ClearAll:
		default:
			x.key = s.keys[a.Key]
		}
		x.process = call.Process
		c.readOnly = c.readOnly && reads(a.Kind)
		c.actions = append(c.actions, x)
	}
	return c
}

// run executes a call in a state, and reports whether it could have had the results
// that it had. A pending call has none, and can always be executed.
func (m *machine) run(state *array[cell], c *compiled) (bool, *array[cell]) {
	for k := range c.actions {
		var ok bool
		if ok, state = m.step(state, &c.actions[k]); !ok && (!c.call.Pending() || c.actions[k].kind == needsMark) {
			return false, nil
		}
	}
	return true, state
}

// step executes one action, and reports whether it has its result.
func (m *machine) step(state *array[cell], x *step) (bool, *array[cell]) {
	switch x.kind {
	case history.ReadKey, needsMark:
		return state.at(x.key) == x.value, state
	case history.WriteKey:
		return true, state.with(x.key, x.value)
	case history.DeleteKey:
		return true, state.with(x.key, absent)
	case history.HasKey:
		return (state.at(x.key) != absent) == x.ok, state
	case history.CompareSet:
		same := state.at(x.key) == x.old
		if same {
			state = state.with(x.key, x.value)
		}
		return same == x.ok, state
	case history.AddTo:
		now := state.at(x.key)
		sum, ok := add(now, x.delta)
		if !ok {
			return false, state
		}
		return x.value == absent || sum == x.value, state.with(x.key, sum)
	case history.AppendTo:
		now, text := state.at(x.key), ""
		if now.kind == x.value.kind {
			text = m.text(now.number)
		} else if now != absent {
			return false, state
		}
		return true, state.with(x.key, cell{x.value.kind, m.number(text + m.text(x.value.number))})
	case history.Transfer:
		return m.transfer(state, x)
	case history.TakeAll:
		state.reroot()
		for k, v := range x.snapshot { // marks come after the keys
			if state.real[k] != v {
				return false, state
			}
		}
		return true, state
	case history.PutIn, history.AddMember, history.TakeFirst, history.TakeLast, history.TakeAny, history.TakeLeast:
		return m.collect(state, x)
	case history.Lock, history.Unlock, history.LockOwned, history.UnlockOwned, history.LockAgain, history.UnlockAgain, history.LockFenced,
		history.TakePermits, history.GivePermits:
		return lock(state, x)
	case declaredStep:
		return m.declare(state, x)
	case history.JoinAll:
		return !x.ok || state.at(x.key).number == 0, state
	case history.AwaitAll:
		return m.await(state, x)
	default: // ClearAll
		state.reroot()
		for _, k := range m.keys {
			state = state.with(k, absent)
		}
		return true, state
	}
}

// transfer moves money if it is there; a transfer of a negative amount fails.
func (m *machine) transfer(state *array[cell], x *step) (bool, *array[cell]) {
	from := state.at(x.key)
	left, ok := add(from, -x.delta) // which is wrong for the least delta only, and that is negative
	if ok = ok && x.delta >= 0 && from.number >= x.delta; ok {
		moved := state.with(x.key, left)
		var sum cell
		if sum, ok = add(moved.at(x.to), x.delta); ok {
			state = moved.with(x.to, sum)
		}
	}
	return ok == x.ok, state
}

// add adds to a number, or to nothing, which counts as 0; false on overflow, and if
// the value is no number.
func add(c cell, delta int64) (cell, bool) {
	if c != absent && c.kind != history.Number {
		return cell{}, false
	}
	sum := c.number + delta
	return cell{history.Number, sum}, (sum > c.number) == (delta > 0)
}
