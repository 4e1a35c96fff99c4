package linearizability

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// tries is how many random histories a test has: HISTORIES=20000 asks for more.
func tries(usually int) int {
	if n, err := strconv.Atoi(os.Getenv("HISTORIES")); err == nil {
		return n
	}
	return usually
}

func named(t testing.TB, name string) Model {
	t.Helper()
	m, err := Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// clientsOf are those of one object, some of whose calls overlap: each call is invoked, takes effect and returns at steps of their own.
type clientsOf struct {
	rng     *rand.Rand
	model   Model
	count   int
	again   int  // percent of elements and values that may be there already
	ties    bool // things may happen at one time
	haste   int  // percent of times at which a client goes on without another between
	lose    int  // percent of calls of which the outcome is not known
	wrong   int  // percent of results that are not the object's
	start   []history.Entry
	h       *history.Calls
	objects *history.Objects
	past    *history.Objects // as they were some time ago
	names   []int            // of elements and values
	busy    []open
	at      time.Duration
	next    int32 // process
}

// open is what a client does.
type open struct {
	process int32
	call    int // -1 if nothing
	done    bool
}

// draw is n calls, of which most elements are put there once, and most values written once.
func (c *clientsOf) draw(n int) *history.Calls {
	c.h, c.objects = &history.Calls{Initial: c.start}, history.NewObjects(c.start)
	c.objects.Sets, c.names = c.model.sets, c.rng.Perm(n)
	for range c.count {
		c.busy = append(c.busy, open{c.next, -1, false})
		c.next++
	}
	who := 0
	for len(c.h.Calls) < n || slices.ContainsFunc(c.busy, func(o open) bool { return o.call >= 0 }) {
		if c.at++; c.ties {
			c.at -= time.Duration(c.rng.IntN(2))
		}
		if c.rng.IntN(100) >= c.haste {
			who = c.rng.IntN(c.count)
		}
		switch o := &c.busy[who]; {
		case o.call < 0 && len(c.h.Calls) < n:
			o.call, o.done = len(c.h.Calls), false
			c.h.Calls = append(c.h.Calls, history.Call{Process: o.process, Invoked: c.at, Returned: history.Forever, Actions: []history.Action{c.action()}})
		case o.call < 0:
		case c.rng.IntN(100) < c.lose: // before its effect or after it
			c.forget(&c.h.Calls[o.call].Actions[0])
			*o = open{c.next, -1, false}
			c.next++
		case !o.done:
			c.effect(o)
		default:
			c.h.Calls[o.call].Returned = c.at
			o.call = -1
		}
	}
	return c.h
}

// action is what a client asks for.
func (c *clientsOf) action() history.Action {
	a := history.Action{Kind: c.model.actions[c.rng.IntN(len(c.model.actions))], Key: "x", Delta: 1, Old: history.NumberOf(int64(c.rng.IntN(9)))}
	fresh := c.names[len(c.h.Calls)]
	if c.rng.IntN(100) < c.again {
		fresh = c.names[c.rng.IntN(len(c.names))]
	}
	switch a.Kind {
	case history.AppendTo, history.PutIn, history.AddMember:
		a.Value = history.ListOf([]string{strconv.Itoa(fresh)})
	case history.WriteKey, history.CompareSet:
		a.Value = history.NumberOf(int64(fresh))
	}
	if a.Kind == history.CompareSet && c.rng.IntN(3) > 0 { // what is there now
		now, _ := c.objects.Do(0, history.Action{Kind: history.ReadKey, Key: a.Key}, 0)
		a.Old = now.Value
	}
	return a
}

// forget leaves out what a call would have returned.
func (c *clientsOf) forget(a *history.Action) {
	if a.Kind == history.ReadKey || a.Kind == history.AddTo || c.takes(a.Kind) {
		a.Value = history.Value{}
	}
}

// effect does what a call asks for, and perhaps something else.
func (c *clientsOf) effect(o *open) {
	a := &c.h.Calls[o.call].Actions[0]
	asked, before := *a, c.objects.Clone()
	slips := c.rng.IntN(100) < c.wrong
	if o.done = true; slips && c.takes(a.Kind) { // from another end
		a.Kind = []history.ActionKind{history.TakeFirst, history.TakeLast, history.TakeAny}[c.rng.IntN(3)]
	}
	*a, _ = c.objects.Do(o.process, *a, c.rng.IntN(c.objects.Ways(*a)))
	a.Kind = asked.Kind
	switch {
	case asked.Kind == history.AddTo && c.rng.IntN(3) > 0:
		a.Value = history.Value{} // nobody told the client the sum
	case slips && reads(a.Kind) && c.past != nil: // of an earlier time
		*a, _ = c.past.Do(o.process, asked, 0)
	case c.rng.IntN(100) < c.wrong/2:
		c.misreport(a)
	}
	if c.rng.IntN(3) == 0 {
		c.past = before
	}
}

func (c *clientsOf) takes(k history.ActionKind) bool {
	return k == history.TakeFirst || k == history.TakeLast || k == history.TakeLeast || k == history.TakeAny
}

// misreport changes a result.
func (c *clientsOf) misreport(a *history.Action) {
	some := c.names[c.rng.IntN(len(c.names))]
	switch {
	case c.model.sets && a.Kind == history.ReadKey:
		members := append(a.Value.Elements(), strconv.Itoa(some))
		slices.Sort(members)
		a.Value = history.ListOf(slices.Compact(members))
	case a.Kind == history.ReadKey || a.Kind == history.AddTo:
		a.Value = history.NumberOf(int64(some))
	case c.takes(a.Kind) && some%2 == 0:
		a.Value = history.Value{}
	case c.takes(a.Kind):
		a.Value = history.ListOf([]string{strconv.Itoa(some)})
	}
}

// startsOf are what may be there from the beginning; nil of models whose monitors begin with nothing.
func startsOf(m Model) []history.Value {
	switch m.name {
	case "register", "counter":
		return []history.Value{history.NumberOf(-7), history.NumberOf(300)}
	case "linear-set":
		return []history.Value{history.ListOf([]string{"0", "1", "x"}), history.ListOf(nil)}
	default:
		return nil
	}
}

// monitorModels are the models that have a monitor, with the actions that it decides.
func monitorModels(t *testing.T) []Model {
	list := []Model{Register(), Counter()}
	list[1].actions = []history.ActionKind{history.ReadKey, history.AddTo}
	for _, name := range []string{"fifo-queue", "stack", "priority-queue", "unordered-queue", "linear-set"} {
		list = append(list, named(t, name))
	}
	return list
}

// TestMonitorsAgreeWithTheDefinition compares monitors with all orders of the calls, and with the search; what they blame with what that says; and the
// prefix that can be explained.
func TestMonitorsAgreeWithTheDefinition(t *testing.T) {
	for _, m := range monitorModels(t) {
		t.Run(m.name, func(t *testing.T) {
			n := tries(1500)
			counts := map[checkers.Status]int{}
			whys := map[string]int{}
			for seed := range uint64(n) {
				rng := rand.New(rand.NewPCG(seed, 62))
				c := clientsOf{rng: rng, model: m, count: 2 + rng.IntN(3), ties: rng.IntN(2) == 0, again: rng.IntN(2), lose: 5 * rng.IntN(2), haste: 30 * rng.IntN(4), wrong: 60 * rng.IntN(2)}
				if values := startsOf(m); rng.IntN(3) == 0 && values != nil {
					c.start = []history.Entry{{Key: "x", Value: values[rng.IntN(len(values))]}}
				}
				h := c.draw(3 + rng.IntN(7) + 8*int(seed%4/3)) // a quarter of them are too large for all orders
				parts := partition(m, h)
				if len(parts) == 0 {
					continue
				}
				status, refuted := monitored(m, h, parts[0], h.Initial)
				if counts[status]++; status == checkers.Unknown {
					continue
				}
				searched, _ := checkAll([]*space{compile(m, h, parts[0], h.Initial)}, unhurried.withDefaults())
				want := status == checkers.Pass
				if small := len(h.Calls) < 10; small {
					want = defined(m, h)
				}
				if (status == checkers.Pass) != want {
					t.Fatalf("seed %d: %v (%v), want linearizable: %v\n%s", seed, status, refuted, want, history.FormatCalls(h))
				}
				if searched.Status != status && !takesUnknown(h, parts[0]) {
					t.Fatalf("seed %d: %v, and the search says %v\n%s", seed, status, searched.Status, history.FormatCalls(h))
				}
				if status == checkers.Fail {
					whys[fmt.Sprint(len(refuted.calls))]++
					checkRefutation(t, m, h, parts[0], refuted)
				}
			}
			t.Logf("%d right, %d wrong, %d not decided; calls blamed: %v", counts[checkers.Pass], counts[checkers.Fail], counts[checkers.Unknown], whys)
			if counts[checkers.Pass] < n/5 || counts[checkers.Fail] < n/10 || counts[checkers.Unknown] > n/20 {
				t.Errorf("%v", counts)
			}
		})
	}
}

// defined is the definition.
func defined(m Model, h *history.Calls) bool {
	o := history.NewObjects(h.Initial)
	o.Sets = m.sets
	return history.Linearizable(h, o)
}

// checkRefutation: the calls blamed cannot be explained: alone, where elements are independent of each other, and else whatever the others did; and all
// can be up to the return that is named.
func checkRefutation(t *testing.T, m Model, h *history.Calls, part []int, r *refutation) {
	t.Helper()
	alone := !m.sets && m.name != Counter().name
	some := &history.Calls{Initial: h.Initial}
	for _, i := range part {
		c := h.Calls[i]
		if !slices.Contains(r.calls, i) {
			if alone || reads(c.Actions[0].Kind) {
				continue
			}
			c.Returned = history.Forever
		}
		some.Calls = append(some.Calls, c)
	}
	if len(some.Calls) < 10 && defined(m, some) {
		t.Fatalf("the calls to blame, %v, can be explained (%s):\n%s", r.calls, r.why, history.FormatCalls(h))
	}
	if r.last < 0 || len(part) >= 10 {
		return
	}
	last := h.Calls[r.last].Returned
	for _, end := range []time.Duration{last, last - 1} {
		before, list := prefix(h, part, end)
		some = &history.Calls{Initial: h.Initial}
		for _, i := range list {
			some.Calls = append(some.Calls, before.Calls[i])
		}
		if want := end < last; defined(m, some) != want {
			t.Fatalf("up to call %d, %v, that all can be explained is %v:\n%s", r.last, end, !want, history.FormatCalls(h))
		}
	}
}

// TestWhatIsSearched: what the monitors do not decide.
func TestWhatIsSearched(t *testing.T) {
	for _, c := range []struct{ about, model, src string }{
		{"a taking that may have taken what is in the way", "fifo-queue", "call p0 1ns 2ns append q [1]\ncall p0 3ns 4ns append q [2]\ncall p1 5ns take-first q nil\ncall p2 6ns 7ns take-first q [2]\n"},
		{"put twice", "fifo-queue", "call p0 1ns 2ns append q [1]\ncall p1 3ns 4ns append q [1]\n"},
		{"touching times", "stack", "call p0 1ns 2ns append q [1]\ncall p1 1ns 2ns take-last q nil\ncall p0 2ns 3ns append q [3]\ncall p1 2ns 2ns take-last q nil\ncall p0 5ns 6ns take-last q [3]\ncall p0 7ns 8ns take-last q [1]\n"},
		{"additions of several numbers", "counter", "call p0 1ns 2ns add q 1 -> nil\ncall p1 3ns 4ns add q 2 -> nil\n"},
	} {
		h, err := history.ParseCalls("h", c.src)
		if err != nil {
			t.Fatal(err)
		}
		m := named(t, c.model)
		if status, _ := monitored(m, h, partition(m, h)[0], nil); status != checkers.Unknown {
			t.Errorf("%s: %v", c.about, status)
		}
		if r := Check(m, h, unhurried); r.Status != checkers.Pass {
			t.Errorf("%s: %v %s", c.about, r.Status, r.Reason)
		}
	}
}

// TestLargeHistories: many calls, most of them under way with others, are decided without a search, right ones and wrong ones.
func TestLargeHistories(t *testing.T) {
	for _, m := range monitorModels(t) {
		size := 10_000
		if m.sets {
			size = 2_000 // each read has all members
		}
		for _, wrong := range []int{0, 1} {
			rng := rand.New(rand.NewPCG(uint64(wrong), 63))
			c := clientsOf{rng: rng, model: m, count: 40, wrong: 2 * wrong}
			h := c.draw(size)
			status, refuted := monitored(m, h, partition(m, h)[0], nil)
			if want := []checkers.Status{checkers.Pass, checkers.Fail}[wrong]; status != want {
				t.Errorf("%s: %v, want %v", m.name, status, want)
			}
			if status == checkers.Fail && (len(refuted.calls) == 0 || refuted.why == "") {
				t.Errorf("%s: %+v", m.name, refuted)
			}
		}
	}
}

// TestReadOfNoSet: what is read of a set is a list, empty or not; a read of anything else is of another model.
func TestReadOfNoSet(t *testing.T) {
	m, _ := Lookup("linear-set")
	for text, want := range map[string]checkers.Status{"[]": checkers.Pass, "nil": checkers.Unknown} {
		h, err := history.ParseCalls("h", "call p0 1ns 2ns read x "+text+"\n")
		if err != nil {
			t.Fatal(err)
		}
		if r := Check(m, h, unhurried); r.Status != want {
			t.Errorf("a read of %s: %v: %s", text, r.Status, r.Reason)
		}
	}
}
