package linearizability

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// someQueue is up to n calls of three clients on a queue, of which each element is put there once: as a queue could give them, and
// then perhaps with one result changed.
func someQueue(rng *rand.Rand, n int) *history.Calls {
	h := &history.Calls{}
	element := func(i int) history.Value { return history.ListOf([]string{strconv.Itoa(i)}) }
	type open struct{ call, effect int }
	busy := map[int32]*open{}
	var items []history.Value
	at := time.Duration(0)
	for len(h.Calls) < n || len(busy) > 0 {
		at++
		p := int32(rng.IntN(3))
		switch o := busy[p]; {
		case o == nil && len(h.Calls) < n:
			c := history.Call{Process: p, Invoked: at, Returned: history.Forever, Actions: []history.Action{{Kind: history.AppendTo, Value: element(len(h.Calls))}}}
			if rng.IntN(2) == 0 {
				c.Actions[0] = history.Action{Kind: history.TakeFirst}
			}
			h.Calls = append(h.Calls, c)
			busy[p] = &open{call: len(h.Calls) - 1}
		case o == nil:
		case o.effect == 0:
			o.effect = 1
			switch a := &h.Calls[o.call].Actions[0]; {
			case a.Kind == history.AppendTo:
				items = append(items, a.Value)
			case len(items) > 0:
				a.Value, items = items[0], items[1:]
			}
		default:
			h.Calls[o.call].Returned = at
			delete(busy, p)
		}
	}
	for i := range h.Calls {
		c := &h.Calls[i]
		if c.Actions[0].Kind == history.TakeFirst && rng.IntN(n) == 0 {
			c.Actions[0].Value = element(rng.IntN(n))
			if rng.IntN(2) == 0 {
				c.Actions[0].Value = history.Value{}
			}
		}
	}
	for i := len(h.Calls) - 1; i >= 0; i-- { // a putting whose outcome is not known, by a client that does nothing after it
		if c := &h.Calls[i]; c.Actions[0].Kind == history.AppendTo && rng.IntN(4) == 0 {
			c.Process, c.Returned = int32(100+i), history.Forever
		}
	}
	return h
}

// TestQueuesAgreeWithTheSearch compares the patterns with the search, and what they blame with it alone.
// QUEUES=20000 tries more.
func TestQueuesAgreeWithTheSearch(t *testing.T) {
	tries := 1500
	if n, err := strconv.Atoi(os.Getenv("QUEUES")); err == nil {
		tries = n
	}
	counts := map[checkers.Status]int{}
	patterns := map[string]int{}
	m := named(t, "fifo-queue")
	for seed := range uint64(tries) {
		h := someQueue(rand.New(rand.NewPCG(seed, 62)), 4+int(seed%5))
		part := make([]int, len(h.Calls))
		for i := range part {
			part[i] = i
		}
		status, blamed := queued(h, part, nil)
		want := checkAll([]*space{compile(m, h, part, nil)}, unhurried.withDefaults())
		if status != want.Status {
			t.Fatalf("seed %d: %v, and the search says %v:\n%s", seed, status, want.Status, history.FormatCalls(h))
		}
		if counts[status]++; status != checkers.Fail {
			continue
		}
		if alone := checkAll([]*space{compile(m, h, blamed, nil)}, unhurried.withDefaults()); alone.Status != checkers.Fail {
			t.Fatalf("seed %d: the calls blamed, %v, can be explained:\n%s", seed, blamed, history.FormatCalls(h))
		}
		puts, takes, voids := 0, 0, 0
		for _, i := range blamed {
			switch a := &h.Calls[i].Actions[0]; {
			case a.Kind == history.AppendTo:
				puts++
			case a.Value.Kind == history.Absent:
				voids++
			default:
				takes++
			}
		}
		patterns[fmt.Sprint(min(puts, 2), min(takes, 2), voids)]++
	}
	if counts[checkers.Pass] < tries/5 || counts[checkers.Fail] < tries/5 {
		t.Errorf("%v", counts)
	}
	for _, p := range []string{"0 1 0", "1 1 0", "1 2 0", "2 1 0", "2 2 0", "1 0 1", "1 1 1"} {
		if patterns[p] == 0 {
			t.Errorf("no pattern of %s puts, takes and voids: %v", p, patterns)
		}
	}
}

func named(t *testing.T, name string) Model {
	t.Helper()
	m, err := Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestQueuesThatAreSearched: what the patterns do not decide.
func TestQueuesThatAreSearched(t *testing.T) {
	for about, src := range map[string]string{
		"an unknown taking": "call p0 1ns 2ns append q [1]\ncall p1 3ns take-first q nil\n",
		"put twice":         "call p0 1ns 2ns append q [1]\ncall p1 3ns 4ns append q [1]\n",
		"touching times":    "call p0 1ns 2ns append q [1]\ncall p0 2ns 4ns take-first q [1]\n",
	} {
		h, err := history.ParseCalls("h", src)
		if err != nil {
			t.Fatal(err)
		}
		part := []int{0, 1}
		if status, _ := queued(h, part, nil); status != checkers.Unknown {
			t.Errorf("%s: %v", about, status)
		}
		if r := Check(named(t, "fifo-queue"), h, unhurried); r.Status != checkers.Pass {
			t.Errorf("%s: %v %s", about, r.Status, r.Reason)
		}
	}
}

// TestLargeQueue: a queue of many calls, most of them under way with others, is decided without a search.
func TestLargeQueue(t *testing.T) {
	h := someQueue(rand.New(rand.NewPCG(1, 63)), 60_000)
	part := make([]int, len(h.Calls))
	for i := range part {
		part[i] = i
	}
	if status, _ := queued(h, part, nil); status == checkers.Unknown {
		t.Fatal(status)
	}
}
