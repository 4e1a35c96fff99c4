package serializability

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// serialHistory is n transactions of two reads and two writes on n/4 keys, of which
// up to 8 run at one time, right in the order of their returns. If late, one in 16
// returns long after it took effect, as a client may be slow: that order is then not
// a serial one. Of 100 writes, so many are left out.
func serialHistory(n int, late bool, readers int) *history.History {
	rng := rand.New(rand.NewPCG(1, 1))
	keys := max(8, n/4)
	h := &history.History{
		Initial: make([]int64, keys), Outcomes: make([]history.Outcome, 0, n), Starts: make([]int32, 1, n+1),
		Invoked: make([]time.Duration, 0, n), Returned: make([]time.Duration, 0, n), Accesses: make([]history.Access, 0, 4*n),
	}
	current := make([]int32, keys)
	for k := range current {
		current[k] = history.InitialVersion
	}
	value := func(version int32) int64 {
		if version == history.InitialVersion {
			return 0
		}
		return h.Accesses[version].Value
	}
	for i := range n {
		at := time.Duration(i) * 100
		x := int32(rng.IntN(keys))
		y := (x + 1 + int32(rng.IntN(keys-1))) % int32(keys)
		h.Outcomes = append(h.Outcomes, history.Committed)
		h.Invoked = append(h.Invoked, at-time.Duration(rng.IntN(700)))
		returned := at + time.Duration(rng.IntN(90))
		if late && rng.IntN(16) == 0 {
			returned += 5000
		}
		h.Returned = append(h.Returned, returned)
		h.Accesses = append(h.Accesses, history.ReadOf(x, current[x], value(current[x])), history.ReadOf(y, current[y], value(current[y])))
		for _, k := range []int32{x, y} {
			if rng.IntN(100) < readers {
				continue
			}
			h.Accesses = append(h.Accesses, history.WriteOf(k, current[k], int64(i)))
			current[k] = int32(len(h.Accesses) - 1)
		}
		h.Starts = append(h.Starts, int32(len(h.Accesses)))
	}
	return h
}

// BenchmarkJudge judges right histories: those whose order of returns is serial, and others.
func BenchmarkJudge(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000, 4_000_000} {
		for _, kind := range []struct {
			name    string
			late    bool
			readers int
		}{{"replay", false, 0}, {"order", true, 0}, {"readers", true, 50}} {
			h := serialHistory(n, kind.late, kind.readers)
			b.Run(fmt.Sprintf("%s/n=%d", kind.name, n), func(b *testing.B) { measure(b, h, Judge, checkers.Pass) })
		}
	}
}

// BenchmarkGraph judges by the graph alone.
func BenchmarkGraph(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000, 4_000_000} {
		h := serialHistory(n, true, 0)
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) { measure(b, h, byGraph, checkers.Pass) })
	}
}

func byGraph(h *history.History) Result {
	v := newVersions(h)
	if r := v.decide(); r != nil {
		return *r
	}
	return v.judgeGraph()
}

// BenchmarkBroken finds one stale read in the middle of many right transactions.
func BenchmarkBroken(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		h := serialHistory(n, true, 0)
		for i := len(h.Accesses) / 2; ; i++ {
			if a := &h.Accesses[i]; !a.IsWrite() && a.Version != history.InitialVersion {
				*a = history.ReadOf(a.Key(), history.InitialVersion, 0)
				break
			}
		}
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) { measure(b, h, Judge, checkers.Fail) })
	}
}

// measure reports transactions a second, by the clock and by the processor time of the whole process,
// garbage collection included: the latter says the same on a machine that others use, too.
func measure(b *testing.B, h *history.History, judge func(*history.History) Result, want checkers.Status) {
	b.ReportAllocs()
	before := processorTime(b)
	for b.Loop() {
		if r := judge(h); r.Status != want {
			b.Fatal(r.Status, r.Reason)
		}
	}
	judged := float64(h.Len()) * float64(b.N)
	b.ReportMetric(judged/b.Elapsed().Seconds(), "tx/s")
	b.ReportMetric(judged/(processorTime(b)-before).Seconds(), "tx/cpu-s")
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
