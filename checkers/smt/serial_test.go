package smt

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"synchrony/checkers"
	"synchrony/models/history"
)

func parseHistory(t testing.TB, src string) *history.History {
	t.Helper()
	h, err := history.ParseHistory("test.txt", src)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestSerialOrderNamed(t *testing.T) {
	for _, c := range []struct {
		name, history    string
		versions, free   checkers.Status // with the recorded versions, and without
		realTime         checkers.Status // and with both the versions and real time
		core             int             // requirements in the core with versions
		sayA, sayB, sayC string
	}{
		{name: "empty", history: ``, versions: checkers.Pass, free: checkers.Pass, realTime: checkers.Pass},
		{
			name: "serial", versions: checkers.Pass, free: checkers.Pass, realTime: checkers.Pass,
			history: "initial x 0\ntx A committed 1ns 2ns\nwrite x 1 over init\ntx B committed 3ns 4ns\nread x 1 from A",
		},
		{
			name: "lost update", versions: checkers.Fail, free: checkers.Fail, realTime: checkers.Fail, core: 2,
			history: "initial x 0\ntx A committed 1ns 9ns\nread x 0 from init\nwrite x 1 over init\n" +
				"tx B committed 2ns 8ns\nread x 0 from init\nwrite x 2 over init",
			sayA: "A", sayB: "B", sayC: "x",
		},
		{
			name: "write skew", versions: checkers.Fail, free: checkers.Fail, realTime: checkers.Fail, core: 2,
			history: "initial x 0 y 0\ntx A committed 1ns 9ns\nread x 0 from init\nread y 0 from init\nwrite x 1 over init\n" +
				"tx B committed 2ns 8ns\nread x 0 from init\nread y 0 from init\nwrite y 2 over init",
			sayA: "A before B", sayB: "B before A",
		},
		{
			name: "another order than installed", versions: checkers.Fail, free: checkers.Pass, realTime: checkers.Fail, core: 2,
			history: "initial x 0 y 0\ntx A committed 1ns 9ns\nwrite x 1 over init\nwrite y 1 over B\n" +
				"tx B committed 2ns 8ns\nwrite x 2 over A\nwrite y 2 over init",
			sayA: "replaced",
		},
		{
			name: "stale read", versions: checkers.Pass, free: checkers.Pass, realTime: checkers.Fail,
			history: "initial x 0\ntx A committed 1ns 2ns\nwrite x 1 over init\ntx B committed 3ns 4ns\nread x 0 from init",
		},
		{
			name: "read of an aborted write", versions: checkers.Fail, free: checkers.Fail, realTime: checkers.Fail,
			history: "initial x 0\ntx A aborted 1ns 2ns\nwrite x 1 over init\ntx B committed 3ns 4ns\nread x 1 from A",
			sayA:    "B read x 1 of A, which was aborted",
		},
		{
			name: "write over an aborted write", versions: checkers.Pass, free: checkers.Pass, realTime: checkers.Pass,
			history: "initial x 0\ntx A aborted 1ns 2ns\nwrite x 1 over init\ntx B committed 3ns 4ns\nwrite x 2 over A",
		},
		{
			name: "read of an intermediate write", versions: checkers.Fail, free: checkers.Fail, realTime: checkers.Fail,
			history: "initial x 0\ntx A committed 1ns 2ns\nwrite x 1 over init\nwrite x 2 over A write 1\ntx B committed 3ns 4ns\nread x 1 from A write 1",
			sayA:    "replaced it itself with 2",
		},
		{
			name: "wrong value", versions: checkers.Fail, free: checkers.Fail, realTime: checkers.Fail,
			history: "initial x 0\ntx A committed 1ns 2ns\nwrite x 1 over init\ntx B committed 3ns 4ns\nread x 7 from A", sayA: "x 7",
		},
		{
			name: "own write unseen", versions: checkers.Fail, free: checkers.Fail, realTime: checkers.Fail,
			history: "initial x 0\ntx A committed 1ns 2ns\nwrite x 1 over init\nread x 0 from init", sayA: "itself written 1",
		},
		{
			name: "unknown outcome, seen", versions: checkers.Pass, free: checkers.Pass, realTime: checkers.Pass,
			history: "initial x 0\ntx A unknown 1ns\nwrite x 1 over init\ntx B committed 3ns 4ns\nread x 1 from A",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, p := parseHistory(t, c.history), New(patient)
			for k, q := range []struct {
				o    OrderOptions
				want checkers.Status
			}{{OrderOptions{Versions: true}, c.versions}, {OrderOptions{}, c.free}, {OrderOptions{Versions: true, RealTime: true}, c.realTime}} {
				r := p.SerialOrder(h, q.o)
				if r.Method == "" && withoutZ3(t, r.Result) {
					continue
				}
				if r.Status != q.want {
					t.Fatalf("%+v: %v, want %v: %s", q.o, r.Status, q.want, r.Reason)
				}
				if k == 0 {
					text := r.Reason + strings.Join(r.Evidence, "\n")
					if len(r.Core) != c.core || !strings.Contains(text, c.sayA) || !strings.Contains(text, c.sayB) || !strings.Contains(text, c.sayC) {
						t.Errorf("a core of %d: %s", len(r.Core), text)
					}
				}
			}
		})
	}
}

// randomHistory plays transactions one by one in a hidden order, and then now and
// then changes what a read saw. Its writes replace what came before in that order.
func randomHistory(rng *rand.Rand, n, keys, wrong int) *history.History {
	h := &history.History{Initial: make([]int64, keys)}
	current := make([]int32, keys)
	for k := range current {
		current[k] = history.InitialVersion
	}
	for tx := range n {
		at := history.Forever / 2
		h.Begin(fmt.Sprintf("T%d", tx), history.Committed, at, at)
		seen := slices.Clone(current)
		for range 1 + rng.IntN(3) {
			k := int32(rng.IntN(keys))
			v := current[k]
			if v >= h.Starts[tx] { // its own write
				continue
			}
			if rng.IntN(100) < wrong {
				v = anyVersion(rng, h, k, int32(tx))
			}
			if seen[k] != current[k] {
				continue
			}
			if rng.IntN(2) == 0 {
				h.Add(history.ReadOf(k, v, valueOf(h, k, v)))
			} else {
				current[k] = h.Add(history.WriteOf(k, v, int64(len(h.Accesses)+1)))
			}
		}
	}
	return h
}

func valueOf(h *history.History, k, v int32) int64 {
	if v == history.InitialVersion {
		return h.Initial[k]
	}
	return h.Accesses[v].Value
}

func anyVersion(rng *rand.Rand, h *history.History, k, tx int32) int32 {
	versions := []int32{history.InitialVersion}
	for i := range h.Starts[tx] {
		if a := &h.Accesses[i]; a.IsWrite() && a.Key() == k {
			versions = append(versions, i)
		}
	}
	return versions[rng.IntN(len(versions))]
}

// TestSerialOrderAgainstBruteForce tries all orders of small histories, and checks
// that cores are minimal: without any of its requirements there is an order.
func TestSerialOrderAgainstBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	p := New(patient)
	counts := map[string]int{}
	for range 300 {
		h := randomHistory(rng, 2+rng.IntN(4), 1+rng.IntN(3), 30)
		for _, o := range []OrderOptions{{}, {Versions: true}} {
			r := p.SerialOrder(h, o)
			q := &orderQuestion{prover: p, h: h, options: o}
			q.index()
			want := checkers.Fail
			if q.impossible() == "" && anyOrder(q.txs, 0, func(order []int32) bool { return q.replay(order) == "" }) {
				want = checkers.Pass
			}
			if !Available {
				if r.Status == checkers.Unknown {
					continue
				}
			}
			if r.Status != want {
				t.Fatalf("%+v: %v, want %v: %s\n%s", o, r.Status, want, r.Reason, history.FormatHistory(h))
			}
			counts[fmt.Sprint(o.Versions, " ", r.Status)]++
			checkCore(t, q, r)
		}
	}
	t.Log(counts)
	if Available && len(counts) != 4 {
		t.Errorf("too few of a kind: %v", counts)
	}
}

func checkCore(t *testing.T, q *orderQuestion, r OrderProof) {
	t.Helper()
	explained := func(core []Requirement) bool {
		return anyOrder(q.txs, 0, func(order []int32) bool {
			at := func(tx int32) int { return slices.Index(order, tx) }
			return !slices.ContainsFunc(core, func(c Requirement) bool {
				return at(c.Before) > at(c.After) && (c.Or == nil || at(c.Or.Before) > at(c.Or.After))
			})
		})
	}
	if len(r.Core) == 0 {
		return
	}
	if explained(r.Core) {
		t.Fatalf("the core does not refute: %v", r.Evidence)
	}
	for i := range r.Core {
		if !explained(slices.Delete(slices.Clone(r.Core), i, i+1)) {
			t.Fatalf("the core is not minimal, %d can be left out: %v", i, r.Evidence)
		}
	}
}

func anyOrder(list []int32, from int, accept func([]int32) bool) bool {
	if from == len(list) {
		return accept(list)
	}
	list = slices.Clone(list)
	for i := from; i < len(list); i++ {
		list[from], list[i] = list[i], list[from]
		if anyOrder(list, from+1, accept) {
			return true
		}
	}
	return false
}

func TestSerialOrderTooLarge(t *testing.T) {
	h := randomHistory(rand.New(rand.NewPCG(1, 1)), MaxSerialOrder+1, 10, 0)
	if r := New(patient).SerialOrder(h, OrderOptions{}); r.Status != checkers.Unknown || !strings.Contains(r.Reason, "at most 200") {
		t.Error(r.Status, r.Reason)
	}
}

func TestMinimise(t *testing.T) {
	var all []int
	for i := range 100 {
		all = append(all, i)
	}
	tests := 0
	got := minimise(all, func(part []int) bool {
		tests++
		return slices.Contains(part, 17) && slices.Contains(part, 18) && slices.Contains(part, 93)
	})
	if !slices.Equal(got, []int{17, 18, 93}) || tests > 60 {
		t.Errorf("%v after %d tests", got, tests)
	}
}

func BenchmarkSerialOrder(b *testing.B) {
	if !Available {
		b.Skip(ErrWithoutZ3)
	}
	for _, c := range []struct {
		name string
		o    OrderOptions
		keys int
	}{
		{"versions", OrderOptions{Versions: true}, 20},
		{"free", OrderOptions{}, 20},
		{"free, hot", OrderOptions{}, 3},
	} {
		for _, n := range []int{10, 100, 200} {
			b.Run(fmt.Sprintf("%s/%d", c.name, n), func(b *testing.B) {
				h := randomHistory(rand.New(rand.NewPCG(2, 2)), n, c.keys, 0)
				p := New(patient)
				for b.Loop() {
					if r := p.SerialOrder(h, c.o); r.Status != checkers.Pass {
						b.Fatal(r.Reason)
					}
				}
			})
			b.Run(fmt.Sprintf("%s/%d/wrong", c.name, n), func(b *testing.B) {
				rng := rand.New(rand.NewPCG(2, 2))
				p := New(patient)
				h := randomHistory(rng, n, c.keys, 100/n)
				for p.SerialOrder(h, c.o).Status == checkers.Pass {
					h = randomHistory(rng, n, c.keys, 300/n)
				}
				for b.Loop() {
					r := p.SerialOrder(h, c.o)
					if r.Status != checkers.Fail {
						b.Fatal(r.Status, r.Reason)
					}
					b.ReportMetric(float64(r.Queries), "queries")
				}
			})
		}
	}
}
