package clients

import (
	"context"
	"slices"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/executor/sched"
	"synchrony/generators/choice"
	"synchrony/generators/histories"
	"synchrony/models/declared"
	"synchrony/models/history"
	"synchrony/properties"
)

// called is what clients of the objects of a model saw.
type called struct {
	Model string
	*history.Calls
	// Known is what of the history is known by how it was made; nil of a small one, of which all orders can be tried.
	Known *known
}

// known is whether some order explains the calls, and if none does, the call that is to blame by itself; -1 if there is none.
type known struct {
	right      bool
	impossible int
}

// sheet is some histories that are judged one after another, each for itself.
type sheet = []called

// model is the model of the calls, which there is.
func (c called) model() linearizability.Model {
	m, _ := lookup(c.Model)
	return m
}

// objects are the objects as they are at first, by their specification.
func (c called) objects() *history.Objects {
	o := history.NewObjects(c.Initial)
	o.Sets = c.model().Sets()
	return o
}

// right decides by how the history was made, or by the definition.
func (c called) right() bool {
	if c.Known != nil {
		return c.Known.right
	}
	return c.explained(c.Calls)
}

// explained reports whether some order explains calls: of independent objects, one for each. The order of a process is kept for each object, too, so that
// all together may have none where calls of a process touch each other in time.
func (c called) explained(h *history.Calls) bool {
	if several(c.Model) {
		return history.Linearizable(h, c.objects())
	}
	var keys []string
	for i := range h.Calls {
		if key := h.Calls[i].Actions[0].Key; !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, key := range keys {
		one := &history.Calls{Initial: h.Initial}
		for _, x := range h.Calls {
			if x.Actions[0].Key == key {
				one.Calls = append(one.Calls, x)
			}
		}
		if !history.Linearizable(one, c.objects()) {
			return false
		}
	}
	return true
}

// judgedModels are the names of the models that users may ask for, and of some that they may declare.
func judgedModels() []string {
	names := builtInModels()
	for _, d := range declarations() {
		names = append(names, d.name)
	}
	return names
}

// builtInModels are the names of the models that users may ask for.
func builtInModels() []string {
	return []string{
		"register", "multi-register", "kv", "counter", "bank", "shared", "list-append", "rw-register", "barrier", "join",
		"linear-set", "fifo-queue", "unordered-queue", "priority-queue", "stack",
		"mutex", "owner-mutex", "reentrant-mutex", "fenced-mutex", "semaphore",
	}
}

// several are the models whose objects are judged together: a call may be several actions, or the model knows of no keys.
func several(model string) bool {
	return slices.Contains([]string{"multi-register", "bank", "shared", "list-append", "rw-register", "declared-counters"}, model)
}

// callsOf draws what clients of a model's objects saw. One history in 16 is judged by another model than its own.
func callsOf(models ...string) *rapid.Generator[called] {
	return rapid.Custom(func(t *rapid.T) called { return drawCalls(choice.From(t), models...) })
}

func drawCalls(s choice.Source, models ...string) called {
	name := models[choice.Below(s, len(models))]
	if slices.Contains(models, "barrier") && choice.Chance(s, 10) { // whose calls are judged like no others
		name = "barrier"
	}
	c := called{Model: name}
	m := c.model()
	if d := declarationOf(name); d != nil {
		clients := clientsOf(m)
		clients.None = d.keyed()
		c.Calls = clients.Draw(s)
		return c
	}
	switch size := choice.Pick(s, 36, 2, 2); {
	case name == "barrier":
		c.Calls = histories.Waits(s)
	case size == 1:
		c.long(clientsOf(m).Long(choice.Seeded(s.Bits(32)), 20+choice.Below(s, 120)))
	case size == 2 && (name == "counter" || name == "shared"):
		c.long(histories.Wide(choice.Seeded(s.Bits(32))))
	case name == "register" && choice.Chance(s, 15):
		c.Calls = histories.Replacing(s, 6)
	default:
		c.Calls = clientsOf(m).Draw(s)
	}
	if choice.Chance(s, 6) && len(c.Calls.Calls) > 0 {
		c.misplace(s, models)
	}
	return c
}

func (c *called) long(k histories.Known) { c.Calls, c.Known = k.Calls, &known{k.Right, k.Impossible} }

// misplace has a small history judged by another model, or gives it the initial values of two, or a wait of another number of parties.
func (c *called) misplace(s choice.Source, models []string) {
	switch choice.Below(s, 4) {
	case 0:
		if len(c.Initial) > 0 {
			c.Initial = append(c.Initial, c.Initial[0])
		}
	case 1:
		if a := &c.Calls.Calls[len(c.Calls.Calls)-1].Actions[0]; a.Kind == history.AwaitAll {
			a.Delta = int64(choice.Below(s, 4)) - 1
		}
	default:
		other := models[choice.Below(s, len(models))]
		if m, err := linearizability.Lookup(other); c.Known == nil && err == nil && (m.Sets() || !c.readsEmpty()) {
			c.Model = other
		}
	}
}

// readsEmpty reports whether an empty list was read, which is nothing at all to checkers of anything but sets.
func (c *called) readsEmpty() bool {
	return slices.ContainsFunc(c.Calls.Calls, func(x history.Call) bool {
		return slices.ContainsFunc(x.Actions, func(a history.Action) bool { return a.Value == history.ListOf(nil) })
	})
}

func clientsOf(m linearizability.Model) histories.Clients {
	lists := m.Name() == linearizability.ListAppend().Name()
	return histories.Clients{Kinds: m.Kinds(), Several: m.Several(), Given: m.Given(), Sets: m.Sets(), Lists: lists}
}

// blamed is what the checker of calls says of them.
type blamed struct {
	linearizability.Result
	Streamed *checkers.Verdict // of the same calls told one after another; nil if the model or the history has no such form
}

// ordering is a checker of calls as a system of its own: by the models that there are, and by those that are declared.
type ordering struct {
	check    func(linearizability.Model, *history.Calls, linearizability.Options) linearizability.Result
	declared func(*declared.Model, []history.Operation, bool, linearizability.Options) linearizability.Result
	streamed func(linearizability.Model, *history.Calls, linearizability.Options) (checkers.Verdict, error)
}

// theOrdering is the checker that there is.
var theOrdering = ordering{linearizability.Check, linearizability.CheckDeclared, streamed}

func (ordering) Name() string { return "the checker of calls" }

func (o ordering) Run(_ context.Context, _ *sched.Runtime, cs sheet) ([]blamed, error) {
	var all []blamed
	for _, c := range cs {
		b, err := o.ask(c, linearizability.Options{Timeout: -1})
		if err != nil {
			return nil, err
		}
		if m := c.model(); declarationOf(c.Model) == nil && m.Streams() && !c.Untimed && misfit(c) < 0 {
			v, err := o.streamed(m, c.Calls, linearizability.Options{Timeout: -1})
			if err != nil {
				return nil, err
			}
			b.Streamed = &v
		}
		all = append(all, b)
	}
	return all, nil
}

// ask asks about one history.
func (o ordering) ask(c called, options linearizability.Options) (blamed, error) {
	if d := declarationOf(c.Model); d != nil {
		return d.judge(o.declared, c.Calls, options)
	}
	m, err := linearizability.Lookup(c.Model)
	if err != nil {
		return blamed{}, err
	}
	return blamed{Result: o.check(m, c.Calls, options)}, nil
}

// ordered is X9, of a checker.
func ordered(o ordering) properties.Testable {
	p := &properties.Property[sheet, []blamed]{
		ID: "X9", Group: group, Unscheduled: true, Source: properties.Here(0),
		Statement: "a history of calls is accepted if and only if some order explains it, by trying every order or by how it was made; and those are blamed that are to blame; also if it is judged while it is read",
		System:    o, Generator: sheets(callsOf(judgedModels()...), 12), Codec: sheetCodec,
		Checkers: []checkers.Checker[sheet, []blamed]{eachOf("definition", judgeCalls, func(c called) string { return ", of the model " + c.Model })},
		Classify: func(cs sheet, bs []blamed) []string {
			var labels []string
			for i, c := range cs {
				labels = append(labels, c.Model+": "+bs[i].Status.String())
			}
			slices.Sort(labels)
			return slices.Compact(labels)
		},
		Size: func(cs sheet) (n int) {
			for _, c := range cs {
				n += len(c.Calls.Calls)
			}
			return n
		},
	}
	for _, name := range judgedModels() {
		for _, status := range []checkers.Status{checkers.Pass, checkers.Fail} {
			one := callsOf(name).Filter(func(c called) bool { return misfit(c) < 0 && c.right() == (status == checkers.Pass) })
			p.Sometimes = append(p.Sometimes, properties.Condition[sheet, []blamed]{
				Name: name + ": " + status.String(), Generator: rapid.Map(one, func(c called) sheet { return sheet{c} }),
				Holds: func(cs sheet, bs []blamed) bool {
					for i, c := range cs {
						if c.Model == name && bs[i].Status == status {
							return true
						}
					}
					return false
				},
			})
		}
	}
	p.Sometimes = append(p.Sometimes, hidden(), summed())
	return p
}

// misfit is the first call that is none of the model, so that the history is malformed; the number of calls if it is something else; -1 if nothing is.
func misfit(c called) int {
	m := c.model()
	there, parties := map[string]bool{}, map[string]int64{}
	for _, e := range c.Initial {
		if there[e.Key] {
			return len(c.Calls.Calls)
		}
		there[e.Key] = true
	}
	for i := range c.Calls.Calls {
		x := &c.Calls.Calls[i]
		if x.Pending() && !slices.ContainsFunc(x.Actions, func(a history.Action) bool { return !looks(a.Kind) }) {
			continue
		}
		if !several(c.Model) && len(x.Actions) > 1 {
			return i
		}
		for _, a := range x.Actions {
			whole := a.Kind == history.TakeAll || a.Kind == history.ClearAll
			unknown := m.Given() && !whole && (!there[a.Key] || a.Kind == history.Transfer && !there[a.To])
			n, met := parties[a.Key]
			if a.Kind == history.AwaitAll {
				parties[a.Key] = a.Delta
			}
			noSet := m.Sets() && a.Kind == history.ReadKey && a.Value.Kind != history.List
			if !slices.Contains(m.Kinds(), a.Kind) || unknown || noSet || a.Kind == history.AwaitAll && (a.Delta < 1 || met && n != a.Delta) {
				return i
			}
		}
	}
	return -1
}

// looks reports whether an action changes nothing.
func looks(k history.ActionKind) bool {
	return slices.Contains([]history.ActionKind{history.ReadKey, history.HasKey, history.TakeAll, history.JoinAll}, k)
}
