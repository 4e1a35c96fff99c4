package linearizability

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"synchrony/checkers"
	"synchrony/models/history"
	"synchrony/models/text"
)

// Model says which calls an object has. What they mean is the same for all: see
// [history.ActionKind].
type Model struct {
	name    string
	about   string
	actions []history.ActionKind
	// single says that a call is one action on one key, so that keys are independent
	// objects and are judged each on its own.
	single bool
	// given says that no keys are there but the initial ones.
	given bool
	// words are the actions' names in recordings, if they are not those that all models have; sets says that
	// what is read are sets.
	words map[string]history.ActionKind
	sets  bool
}

// ByKey reports whether keys are independent objects, each judged on its own.
func (m Model) ByKey() bool { return m.single }

// Words are the names of the model's own actions in recordings.
func (m Model) Words() map[string]history.ActionKind { return m.words }

// Sets reports whether what is read are sets.
func (m Model) Sets() bool { return m.sets }

// Kinds are the actions that its calls have.
func (m Model) Kinds() []history.ActionKind { return m.actions }

// Several reports whether a call may be several actions, which take effect together.
func (m Model) Several() bool { return !m.single }

// Given reports whether no keys are there but the initial ones.
func (m Model) Given() bool { return m.given }

// Name is the model's name, as in "--model kv".
func (m Model) Name() string { return m.name }

// About says what the object is.
func (m Model) About() string { return m.about }

// Models returns all models.
func Models() []Model {
	return append(append([]Model{Register(), MultiRegister(), KV(), Counter(), Bank(), SharedState(), ListAppend(), RWRegister(), Barrier(), Join()}, collections()...), locks()...)
}

// Lookup returns the model of that name. The error lists those that there are.
func Lookup(name string) (Model, error) {
	var names []string
	for _, m := range Models() {
		if m.name == name {
			return m, nil
		}
		names = append(names, m.name)
	}
	return Model{}, fmt.Errorf("no model %q: there are %s", name, strings.Join(names, ", "))
}

// Register is independent registers: read, write, compare-and-set.
func Register() Model {
	return Model{
		name: "register", about: "registers with read, write and cas", single: true,
		actions: []history.ActionKind{history.ReadKey, history.WriteKey, history.CompareSet},
	}
}

// appends reports whether values are made by appending, or by putting elements into them.
func (m Model) appends() bool {
	return slices.ContainsFunc(m.actions, func(k history.ActionKind) bool {
		return k == history.AppendTo || k == history.PutIn || k == history.AddMember
	})
}

// MultiRegister is registers of which a call reads and writes several.
func MultiRegister() Model {
	return Model{
		name: "multi-register", about: "registers with transactions of read and write on several, all together",
		actions: []history.ActionKind{history.ReadKey, history.WriteKey},
	}
}

// object is a model of independent objects whose actions have names of their own.
func object(name, about string, words map[string]history.ActionKind) Model {
	m := Model{name: name, about: about, single: true, words: words}
	for _, word := range slices.Sorted(maps.Keys(words)) {
		if !slices.Contains(m.actions, words[word]) {
			m.actions = append(m.actions, words[word])
		}
	}
	return m
}

type names = map[string]history.ActionKind

// collections are sets, queues and stacks.
func collections() []Model {
	set := object("linear-set", "sets with add, and read of all members", names{"add": history.AddMember, "read": history.ReadKey})
	set.sets = true
	return []Model{
		set,
		object("fifo-queue", "queues with enqueue, and dequeue of the first", names{"enqueue": history.AppendTo, "dequeue": history.TakeFirst}),
		object("unordered-queue", "queues with enqueue, and dequeue of any element", names{"enqueue": history.PutIn, "dequeue": history.TakeAny}),
		object("priority-queue", "queues with enqueue, and dequeue of the least element", names{"enqueue": history.PutIn, "dequeue": history.TakeLeast}),
		object("stack", "stacks with push, and pop of the last", names{"push": history.AppendTo, "pop": history.TakeLast}),
	}
}

// locks are locks and semaphores.
func locks() []Model {
	return []Model{
		object("mutex", "locks with acquire and release, by whomever", names{"acquire": history.Lock, "release": history.Unlock}),
		object("owner-mutex", "locks that are released by the process that has them", names{"acquire": history.LockOwned, "release": history.UnlockOwned}),
		object("reentrant-mutex", "locks that a process may acquire twice", names{"acquire": history.LockAgain, "release": history.UnlockAgain}),
		object("fenced-mutex", "locks whose acquire returns a token, greater each time", names{"acquire": history.LockFenced, "release": history.Unlock}),
		object("semaphore", "permits, as many as --initial says, with acquire and release", names{"acquire": history.TakePermits, "release": history.GivePermits}),
	}
}

// KV is a key-value store of which each call has one key.
func KV() Model {
	return Model{
		name: "kv", about: "a key-value store with read, write, append, delete, has and cas", single: true,
		actions: []history.ActionKind{history.ReadKey, history.WriteKey, history.AppendTo, history.DeleteKey, history.HasKey, history.CompareSet},
	}
}

// Counter is independent counters. To one that is not there, additions add up as to 0; it reads as nothing.
func Counter() Model {
	return Model{
		name: "counter", about: "counters with read, add and cas", single: true,
		actions: []history.ActionKind{history.ReadKey, history.AddTo, history.CompareSet},
	}
}

// Bank is accounts, given at first, with transfers that fail for lack of money, and
// transactions that read and write several of them.
func Bank() Model {
	return Model{
		name: "bank", about: "accounts with transfer, read and write of one or more, and snapshot", given: true,
		actions: []history.ActionKind{history.ReadKey, history.WriteKey, history.AddTo, history.Transfer, history.TakeAll},
	}
}

// SharedState is the VM's shared variables: single and atomic batch reads and writes,
// snapshots, has, clear, add and compare-and-set.
func SharedState() Model {
	return Model{
		name: "shared", about: "shared variables with read, write, has, add and cas of one or more, snapshot and clear",
		actions: []history.ActionKind{
			history.ReadKey, history.WriteKey, history.DeleteKey, history.HasKey, history.AddTo, history.CompareSet, history.TakeAll, history.ClearAll,
		},
	}
}

// ListAppend is transactions that read lists and append to them; the text of a list is
// its elements, with a space after each.
func ListAppend() Model {
	return Model{
		name: "list-append", about: "transactions that read lists and append to them",
		actions: []history.ActionKind{history.ReadKey, history.AppendTo},
	}
}

// RWRegister is transactions that read and write registers.
func RWRegister() Model {
	return Model{
		name: "rw-register", about: "transactions that read and write registers",
		actions: []history.ActionKind{history.ReadKey, history.WriteKey},
	}
}

// admit checks that a well-formed history is one of this model.
func (m Model) admit(h *history.Calls) error {
	return m.Admit(h, func(i int) string { return fmt.Sprintf("call %d (%v)", i, &h.Calls[i]) })
}

// Admit checks that a well-formed history is one of this model: a history that is not
// is malformed, and no violation. The error is a [*text.MalformedError] that calls the
// place of a call, by its index, as name does.
func (m Model) Admit(h *history.Calls, name func(call int) string) error {
	a := newAdmission(m)
	if err := a.initial(h.Initial); err != nil {
		return err
	}
	for i := range h.Calls {
		if wrong := a.call(&h.Calls[i]); wrong != "" {
			return &text.MalformedError{Where: name(i), Reason: wrong}
		}
	}
	return nil
}

// admission tells which calls are those of a model, one after the other.
type admission struct {
	Model
	there   map[string]bool  // at first
	parties map[string]int64 // by barrier
}

func newAdmission(m Model) *admission {
	return &admission{Model: m, there: map[string]bool{}, parties: map[string]int64{}}
}

// initial takes what is there at first.
func (m *admission) initial(entries []history.Entry) error {
	for _, e := range entries {
		if m.there[e.Key] {
			return &text.MalformedError{Where: "initial", Reason: fmt.Sprintf("%s is there twice", e.Key)}
		}
		m.there[e.Key] = true
	}
	return nil
}

// call says what is wrong with a call; nothing if it is one of the model.
func (m *admission) call(c *history.Call) string {
	if SaysNothing(c) {
		return ""
	}
	if m.single && len(c.Actions) != 1 {
		return fmt.Sprintf("a call of the model %s is one action", m.name)
	}
	for k := range c.Actions {
		a := &c.Actions[k]
		if !slices.Contains(m.actions, a.Kind) {
			return fmt.Sprintf("the model %s has no %v: it is %s", m.name, a.Kind, m.about)
		}
		if m.sets && a.Kind == history.ReadKey && a.Value.Kind != history.List {
			return "what is read of a set is a list of its members, empty or not"
		}
		if a.Kind == history.AppendTo && a.Value.Kind != history.Text && a.Value.Kind != history.List {
			return "what is appended is a text, or an element of a list in brackets"
		}
		if (a.Kind == history.PutIn || a.Kind == history.AddMember) && len(a.Value.Elements()) != 1 {
			return "what is put into a collection is one element, in brackets"
		}
		if n, ok := m.parties[a.Key]; a.Kind == history.AwaitAll {
			if a.Delta < 1 || ok && n != a.Delta {
				return "a barrier is for a number of parties, always the same"
			}
			m.parties[a.Key] = a.Delta
		}
		if (a.Kind == history.TakePermits || a.Kind == history.GivePermits) && !m.there[a.Key] {
			return "how many permits there are at first is not said: give the number as what is there at first, as with --initial 3"
		}
		keyed := a.Kind != history.TakeAll && a.Kind != history.ClearAll
		if m.given && keyed && (!m.there[a.Key] || a.Kind == history.Transfer && !m.there[a.To]) {
			return "it names an account that is not there at first"
		}
	}
	return ""
}

// verdict is the verdict of a check.
type verdict = checkers.Verdict
