//go:build go1.26

package testing_test

import (
	stdtesting "testing"

	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/maps"
	"synchrony/executor/shim/rand"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/testing"
)

// firstOf is the first key of a map of n keys, the numbers from 0 on.
func firstOf(n int) (k int) {
	m := map[int]bool{}
	for i := range n {
		m[i] = true
	}
	it, k, _ := maps.Range(m)
	it.Next(&k, nil)
	return k
}

// choosers are tests for which it matters what Go leaves open, and twins for which it does not.
var choosers = []struct {
	name string
	but  string // what remains open when every schedule has passed
	f    func(t *testing.T, fails func(bool))
}{
	{"two keys", "", func(t *testing.T, fails func(bool)) { fails(firstOf(2) == 1) }},
	{"four keys", "", func(t *testing.T, fails func(bool)) { fails(firstOf(4) == 2) }},
	{"nine keys", "the order of the map", func(t *testing.T, fails func(bool)) { fails(firstOf(9) == 7) }},
	{"a concurrent map", "", func(t *testing.T, fails func(bool)) {
		var m sync.Map
		m.Store(1, 1)
		m.Store(2, 2)
		m.Range(func(key, _ any) bool {
			fails(key == 2)
			return false
		})
	}},
	{"random numbers", "the random numbers", func(t *testing.T, fails func(bool)) { fails(rand.Intn(4) == 1) }},
	{"nothing from the pool", "", func(t *testing.T, fails func(bool)) {
		var p sync.Pool
		p.Put(1)
		fails(p.Get() == nil)
	}},
	{"the first in the pool", "", func(t *testing.T, fails func(bool)) {
		var p sync.Pool
		p.Put(1)
		p.Put(2)
		fails(p.Get() == 1)
	}},
	{"an order of steps and of the map", "", func(t *testing.T, fails func(bool)) {
		var mu sync.Mutex
		first, c := -1, make(chan bool)
		task.Go(func() {
			k := firstOf(3)
			mu.Lock()
			first = k
			mu.Unlock()
			channel.Close(c)
		})
		mu.Lock()
		fails(first == 2)
		mu.Unlock()
		channel.Recv(c)
	}},
}

// TestDataChoices: what fails only where the order of a map, a random number or a pool comes out differently is found by sampling and by
// exploring, and replays with as few deviations as can be; and every schedule was tried only if all that Go leaves open was, too.
func TestDataChoices(t *stdtesting.T) {
	for _, p := range choosers {
		t.Run(p.name, func(t *stdtesting.T) {
			bad := func(t *testing.T) { p.f(t, func(is bool) { failIf(t, is) }) }
			for _, explore := range []bool{true, false} {
				if explore && p.but != "" {
					continue // it is not exhaustive
				}
				findings, _, err := testing.Try(p.name, bad, testing.Search{Schedules: 400, Explore: explore})
				if err != nil || len(findings) != 1 || findings[0].Kind != testing.Failed || !findings[0].DataChoices {
					t.Fatalf("explore %t: %v %+v", explore, err, findings)
				}
				f := findings[0]
				g, _, err := testing.Try(p.name, bad, testing.Search{Settings: f.Settings, Cold: true, Strategy: f.Schedule})
				if err != nil || len(g) != 1 || g[0].Hash != f.Hash || f.Minimised > 2 {
					t.Errorf("%+v is repeated as %v %+v", f, err, g)
				}
			}
			good := func(t *testing.T) { p.f(t, func(bool) {}) }
			findings, done, err := testing.Try(p.name, good, testing.Search{Schedules: 400, Explore: true})
			if err != nil || len(findings) > 0 || done.Complete != (p.but == "") || len(done.But) > 0 != (p.but != "") {
				t.Fatalf("%v %+v %+v", err, findings, done)
			}
			if p.but != "" && (done.But[0].What != p.but || done.But[0].Position == "") {
				t.Errorf("%+v", done.But)
			}
		})
	}
}

func failIf(t *testing.T, is bool) {
	if is {
		t.Error("it is")
	}
}

// TestTooFewSchedules: if the schedules end before every data choice was tried, what is open is said.
func TestTooFewSchedules(t *stdtesting.T) {
	_, done, err := testing.Try("four", func(*testing.T) { firstOf(4) }, testing.Search{Schedules: 10, Explore: true})
	if err != nil || done.Complete || len(done.But) != 1 {
		t.Errorf("%v %+v", err, done)
	}
}

// TestManyDataChoices: choices beyond those that a run makes are no steps, and are said to be open.
func TestManyDataChoices(t *stdtesting.T) {
	findings, done, err := testing.Try("many", func(*testing.T) {
		for range 30_000 {
			firstOf(2)
		}
	}, testing.Search{Schedules: 30, Explore: true})
	if err != nil || len(findings) > 0 || done.Complete || len(done.But) != 1 {
		t.Errorf("%v %+v %+v", err, findings, done)
	}
}
