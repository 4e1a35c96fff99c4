//go:build go1.26 && !race

package channel_test

//lint:file-ignore SA4004 a range that is left at its first key is one that shows which key came first

import (
	"fmt"
	stdmaps "maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"synchrony/executor/sched"
	"synchrony/executor/shim/atomic"
	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/maps"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/time"
)

// world is what the tasks of a random program share.
type world struct {
	chans []chan int
	mu    sync.Mutex
	rw    sync.RWMutex
	wg    sync.WaitGroup
	once  sync.Once
	cond  *sync.Cond
	word  atomic.Int32
	pool  sync.Pool
	logs  [][]string
}

// action is one thing that a task does.
type action struct {
	name string
	do   func(w *world, log func(any))
}

// actions are all that random programs do; themes are the sets from which a program takes its own.
var themes = func() [][]action {
	var chans []action
	for i := range 2 {
		chans = append(chans,
			action{fmt.Sprintf("send %d", i), func(w *world, log func(any)) { channel.To(w.chans[i]).Send(1 + i); log("sent") }},
			action{fmt.Sprintf("recv %d", i), func(w *world, log func(any)) { v, ok := channel.Recv2(w.chans[i]); log(fmt.Sprint(v, ok)) }},
			action{fmt.Sprintf("close %d", i), func(w *world, log func(any)) { channel.Close(w.chans[i]); log("closed") }},
			action{fmt.Sprintf("len %d", i), func(w *world, log func(any)) { log(channel.Len(w.chans[i])) }},
		)
	}
	selects := []action{
		{"select recv 0 recv 1", func(w *world, log func(any)) {
			a, b := channel.RecvCase(w.chans[0]), channel.RecvCase(w.chans[1])
			log([]any{channel.Select(false, a, b), a.Value, b.Value, a.Ok, b.Ok})
		}},
		{"select send 0 recv 1", func(w *world, log func(any)) {
			a, b := channel.To(w.chans[0]).Case(7), channel.RecvCase(w.chans[1])
			log([]any{channel.Select(false, a, b), b.Value, b.Ok})
		}},
		{"select send 0 recv 0", func(w *world, log func(any)) {
			a, b := channel.To(w.chans[0]).Case(8), channel.RecvCase(w.chans[0])
			log([]any{channel.Select(false, a, b), b.Value, b.Ok})
		}},
		{"select send 1 default", func(w *world, log func(any)) {
			log(channel.Select(true, channel.To(w.chans[1]).Case(9)))
		}},
		{"select recv 0 default", func(w *world, log func(any)) {
			a := channel.RecvCase(w.chans[0])
			log([]any{channel.Select(true, a), a.Value, a.Ok})
		}},
	}
	locks := []action{
		{"lock", func(w *world, log func(any)) { w.mu.Lock(); log("locked") }},
		{"unlock", func(w *world, log func(any)) { w.mu.Unlock() }},
		{"trylock", func(w *world, log func(any)) { log(w.mu.TryLock()) }},
	}
	rwlocks := []action{
		{"rw lock", func(w *world, log func(any)) { w.rw.Lock(); log("locked") }},
		{"rw unlock", func(w *world, log func(any)) { w.rw.Unlock() }},
		{"rlock", func(w *world, log func(any)) { w.rw.RLock(); log("rlocked") }},
		{"runlock", func(w *world, log func(any)) { w.rw.RUnlock() }},
		{"rw trylock", func(w *world, log func(any)) { log(w.rw.TryLock()) }},
		{"tryrlock", func(w *world, log func(any)) { log(w.rw.TryRLock()) }},
	}
	others := []action{
		{"wg add", func(w *world, log func(any)) { w.wg.Add(1) }},
		{"wg done", func(w *world, log func(any)) { w.wg.Done() }},
		{"wg wait", func(w *world, log func(any)) { w.wg.Wait(); log("waited") }},
		{"once", func(w *world, log func(any)) { w.once.Do(func() { log(w.word.Add(1)) }) }},
		{"cas", func(w *world, log func(any)) { log(w.word.CompareAndSwap(0, 1)) }},
		{"load", func(w *world, log func(any)) { log(w.word.Load()) }},
		{"add", func(w *world, log func(any)) { log(w.word.Add(1)) }},
	}
	conds := []action{
		{"cond wait", func(w *world, log func(any)) { w.mu.Lock(); w.cond.Wait(); w.mu.Unlock(); log("woken") }},
		{"signal", func(w *world, log func(any)) { w.cond.Signal() }},
		{"broadcast", func(w *world, log func(any)) { w.cond.Broadcast() }},
		{"load", func(w *world, log func(any)) { log(w.word.Load()) }},
		{"add", func(w *world, log func(any)) { log(w.word.Add(1)) }},
	}
	timed := []action{
		{"after or recv", func(w *world, log func(any)) {
			a, b := channel.RecvCase(time.After(time.Second)), channel.RecvCase(w.chans[0])
			log([]any{channel.Select(false, a, b), b.Value})
		}},
		{"two timers", func(w *world, log func(any)) {
			a, b := time.NewTimer(time.Second), time.NewTimer(time.Second)
			log(channel.Select(false, channel.RecvCase(a.C), channel.RecvCase(b.C)))
			log([]any{a.Stop(), b.Stop()})
		}},
		{"after func", func(w *world, log func(any)) { time.AfterFunc(time.Second, func() { w.word.Add(1) }) }},
		{"sleep", func(w *world, log func(any)) { time.Sleep(time.Second); log(w.word.Load()) }},
	}
	choices := []action{
		{"range", func(w *world, log func(any)) {
			for it, k, _ := maps.Range(map[int]int{1: 1, 2: 2}); it.Next(&k, nil); {
				if k == 2 {
					w.word.Add(1)
				}
				log(k)
				break
			}
		}},
		{"range twice", func(w *world, log func(any)) {
			for range 2 {
				for it, k, _ := maps.Range(map[int]int{1: 1, 2: 2}); it.Next(&k, nil); {
					log(k)
					break
				}
			}
		}},
		{"put 1", func(w *world, log func(any)) { w.pool.Put(1) }},
		{"put 2", func(w *world, log func(any)) { w.pool.Put(2) }},
		{"get", func(w *world, log func(any)) { log(w.pool.Get()) }},
		{"load", func(w *world, log func(any)) { log(w.word.Load()) }},
	}
	return [][]action{
		choices, slices.Concat(choices, selects[:1], chans[:2]),
		chans, slices.Concat(chans, selects), slices.Concat(chans, selects), selects, slices.Concat(locks, chans[:2]),
		rwlocks, others, slices.Concat(others, locks), conds, slices.Concat(timed, chans[:2], others[5:]),
	}
}()

// program is a random program: the actions of each task.
type program struct {
	sizes [2]int
	tasks [][]action
}

func randomProgram(r *rand.Rand) program {
	theme := themes[r.IntN(len(themes))]
	p := program{sizes: [2]int{r.IntN(3), r.IntN(2)}, tasks: make([][]action, 2+r.IntN(2))}
	for i := range p.tasks {
		for range 1 + r.IntN(4-len(p.tasks)/3) {
			p.tasks[i] = append(p.tasks[i], theme[r.IntN(len(theme))])
		}
	}
	return p
}

func (p program) String() string {
	var b strings.Builder
	for _, t := range p.tasks {
		for _, a := range t {
			b.WriteString(a.name + "; ")
		}
		b.WriteString("| ")
	}
	return b.String()
}

func (p program) run(w *world) {
	*w = world{logs: make([][]string, len(p.tasks))}
	w.cond = sync.NewCond(&w.mu)
	for _, n := range p.sizes {
		w.chans = append(w.chans, make(chan int, n))
	}
	body := func(i int) {
		for _, a := range p.tasks[i] {
			a.do(w, func(v any) { w.logs[i] = append(w.logs[i], fmt.Sprint(v)) })
		}
	}
	for i := range p.tasks[1:] {
		task.Go(func() { body(i + 1) })
	}
	body(0)
}

// outcomes runs every schedule, or as many as the bounds allow.
func (p program) outcomes(t testing.TB, o task.Options, b sched.Bounds) (map[string]string, sched.Coverage) {
	t.Helper()
	all := map[string]string{}
	w := new(world)
	c, err := task.Explore(o, b, func() { p.run(w) }, func(rec *sched.Record) {
		out := fmt.Sprint(w.logs)
		if rec.Stuck != nil {
			out += " " + rec.Stuck.Kind.String() + rec.Stuck.Panic
			for _, s := range rec.States {
				if !s.Ready {
					out += fmt.Sprint(" ", s.Op)
				}
			}
		}
		if all[out] == "" {
			all[out] = rec.Schedule.String()
		}
	})
	if err != nil {
		t.Fatalf("%v: %v", p, err)
	}
	return all, c
}

// TestExplorationIsComplete compares partial order reduction with all schedules one by one: the same outcomes.
func TestExplorationIsComplete(t *testing.T) {
	const programs, limit = 1500, 200
	compared, naive, reduced := 0, 0, 0
	for seed := range uint64(programs) {
		r := rand.New(rand.NewPCG(seed, 2))
		p := randomProgram(r)
		var o task.Options
		o.MaxSteps, o.PatientClock, o.DataChoices = 400, r.IntN(2) == 0, true
		want, c := p.outcomes(t, o, sched.Bounds{Preemptions: math.MaxInt, Schedules: limit})
		if !c.Complete {
			continue
		}
		got, d := p.outcomes(t, o, sched.Bounds{Preemptions: sched.Unbounded})
		compared++
		naive += c.Schedules
		reduced += d.Schedules
		for _, k := range slices.Sorted(stdmaps.Keys(want)) {
			if got[k] == "" {
				t.Errorf("seed %d: %v %+v: missed %q, of schedule %s; DPOR ran %d of %d", seed, p, o, k, want[k], d.Schedules, c.Schedules)
			}
		}
		if len(got) > len(want) {
			t.Errorf("seed %d: %v: invented an outcome: %v, want %v", seed, p, got, want)
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d programs of %d schedules, of which partial order reduction ran %d", compared, naive, reduced)
}
