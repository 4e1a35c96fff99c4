//go:build !race

package sched

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode"

	"synchrony/models/schedule"
)

// script is a random program: what each task does. Its outcome is what its tasks saw. (Its tasks race on purpose, and so
// it is nothing for the race detector.)
type script struct {
	tasks [][]action
}

// action is one statement of a task, on the object of that number.
type action struct {
	verb   verb
	object int
	value  int64
	body   []action // of what it starts, or guards
}

type verb int

const (
	load verb = iota
	store
	add
	swap
	read
	write
	none
	locked // body, under a mutex
	wait   // on a condition, whatever it means
	signal
	broadcast
	groupAdd
	groupDone
	groupWait
	spawn
	arm
	stop
	sleep
	now
	stamp
	cancel
	onDone
	derive
	spinUntil
	spinLock
	crash
	verbs
)

var verbNames = [verbs]string{
	"load", "store", "add", "swap", "read", "write", "none", "locked", "wait", "signal", "broadcast", "groupAdd", "groupDone",
	"groupWait", "spawn", "arm", "stop", "sleep", "now", "stamp", "cancel", "onDone", "derive", "spinUntil", "spinLock", "crash",
}

func (a action) String() string {
	s := fmt.Sprintf("%s(%d,%d)", verbNames[a.verb], a.object, a.value)
	if a.body != nil {
		s += fmt.Sprint(a.body)
	}
	return s
}

// themes are what a random program is about: all verbs at once would seldom meet on one object.
var themes = [][]verb{
	{load, store, add, swap, read, write, none},
	{locked, load, store, locked, read, write},
	{locked, wait, signal, broadcast, wait, load, store},
	{groupAdd, groupDone, groupWait, groupWait, add},
	{spawn, load, store, groupDone, groupWait},
	{arm, stop, sleep, now, stamp, load, store},
	{cancel, onDone, derive, onDone, store, load},
	{spinUntil, store, add, load, spinLock},
	{crash, load, store, locked, none},
	{arm, locked, stop, signal, wait, sleep},
	{sleep, spinUntil, store, locked, arm},
}

func randomScript(r *rand.Rand) script {
	theme := themes[r.IntN(len(themes))]
	var s script
	tasks, most := 2, 2
	switch r.IntN(10) {
	case 0:
		most = 3
	case 1:
		tasks, most = 3, 1
	}
	for range tasks {
		s.tasks = append(s.tasks, randomBody(r, theme, 1+r.IntN(most), 0))
	}
	return s
}

func randomBody(r *rand.Rand, theme []verb, n, depth int) []action {
	var list []action
	for range n {
		a := action{verb: theme[r.IntN(len(theme))], object: r.IntN(2), value: int64(1 + r.IntN(2))}
		if r.IntN(12) == 0 {
			a.verb = verb(r.IntN(int(verbs)))
		}
		switch a.verb {
		case locked, spawn, arm, onDone:
			if depth == 2 {
				a.verb = load
			} else {
				a.body = randomBody(r, theme, 1+r.IntN(2), depth+1)
			}
		}
		list = append(list, a)
	}
	return list
}

// world is what the tasks of a script share.
type world struct {
	rt      *Runtime
	mutexes [2]Mutex
	conds   [2]Cond
	groups  [2]WaitGroup
	atomics [2]Int64
	plain   [2]int64 // whose accesses are announced
	guarded [2]int64 // by a mutex
	owned   [2]int64 // by who has set an atomic
	ctx     [2]context.Context
	cancels [2]context.CancelFunc
	logs    map[string][]string
	names   map[int32]string // of tasks, by number
	view
}

func (s script) main(v view) (main func(*Runtime), outcome func(*Record) string, names func() map[int32]string) {
	var w *world
	return func(rt *Runtime) {
			w = &world{
				rt: rt, logs: map[string][]string{}, names: map[int32]string{Clock: "clock"},
				view: v,
			}
			for i := range 2 {
				w.conds[i].L = &w.mutexes[i]
				w.ctx[i], w.cancels[i] = rt.WithCancel(context.Background())
			}
			for i, body := range s.tasks[1:] {
				rt.Go("worker", i+1, func() { (&actor{world: w, name: fmt.Sprint("worker ", i+1)}).do(body) })
			}
			(&actor{world: w, name: "main"}).do(s.tasks[0])
		}, func(rec *Record) string {
			return w.outcome(rec)
		}, func() map[int32]string { return w.names }
}

// outcome is all that can be told from a run, but for timestamps and numbers.
func (w *world) outcome(rec *Record) string {
	var lines []string
	for name, log := range w.logs {
		lines = append(lines, name+": "+strings.Join(log, " "))
		if w.nameless { // "worker 12/task1" may be that of any worker
			number := strings.IndexFunc(name, unicode.IsDigit)
			lines[len(lines)-1] = strings.TrimLeftFunc(name[max(number, 0):], unicode.IsDigit) + ": " + strings.Join(log, " ")
		}
	}
	slices.Sort(lines)
	end := "ended"
	if rec.Stuck != nil {
		var who []string
		for _, t := range rec.Stuck.Tasks {
			name, _, _ := strings.Cut(t, " waits ")
			name, _, _ = strings.Cut(name, " goes on ")
			if kind, _, _ := strings.Cut(name, " "); w.nameless || kind == "timer" || kind == "cancel" {
				name = kind // their numbers depend on what came first
			}
			who = append(who, name)
		}
		slices.Sort(who)
		end = fmt.Sprint(rec.Stuck.Kind, who, rec.Stuck.Panic)
	}
	final := fmt.Sprint(w.plain)
	for i := range w.atomics {
		final += fmt.Sprint(" ", w.atomics[i].v.Load())
	}
	return end + "; " + final + "; " + strings.Join(lines, "; ")
}

// view is what of a script is announced and told.
type view struct {
	blind    bool // writes are not announced
	nameless bool // outcomes do not tell which worker did what
}

// actor is a task of a script. Its name tells who started it, and as what.
type actor struct {
	*world
	name    string
	started int
	timers  []*Timer
	stops   []func() bool
	holds   [2]bool
}

func (a *actor) log(v any) { a.logs[a.name] = append(a.logs[a.name], fmt.Sprint(v)) }

func (a *actor) child(kind string, body []action) func() {
	a.started++
	c := &actor{world: a.world, name: fmt.Sprint(a.name, "/", kind, a.started)}
	return func() { c.do(body) }
}

func (a *actor) do(body []action) {
	a.names[a.rt.ctl.running.number] = a.name
	for _, x := range body {
		a.act(x)
	}
}

func (a *actor) act(x action) {
	rt, i := a.rt, x.object
	object := schedule.Object{Class: schedule.ClassUser, Index: int32(i)}
	switch x.verb {
	case load:
		a.log(a.atomics[i].Load(rt))
	case store:
		a.atomics[i].Store(rt, x.value)
	case add:
		a.log(a.atomics[i].Add(rt, x.value))
	case swap:
		a.log(a.atomics[i].CompareAndSwap(rt, x.value-1, x.value))
	case read:
		rt.Yield(schedule.OpRead, object)
		a.log(a.plain[i])
	case write:
		if !a.blind {
			rt.Yield(schedule.OpWrite, object)
		}
		a.plain[i] = a.plain[i]*4 + x.value
	case none:
		rt.Yield(schedule.OpNone, object)
	case locked:
		if a.holds[i] {
			a.do(x.body)
			return
		}
		a.mutexes[i].Lock(rt)
		a.holds[i] = true
		a.guarded[i]++
		a.log(a.guarded[i])
		a.do(x.body)
		a.holds[i] = false
		a.mutexes[i].Unlock(rt)
	case wait:
		if !a.holds[i] {
			a.mutexes[i].Lock(rt)
			defer a.mutexes[i].Unlock(rt)
		}
		a.conds[i].Wait(rt)
		a.log("woken")
	case signal:
		a.conds[i].Signal(rt)
	case broadcast:
		a.conds[i].Broadcast(rt)
	case groupAdd:
		a.groups[i].Add(rt, int(x.value))
	case groupDone:
		a.groups[i].Done(rt)
	case groupWait:
		a.groups[i].Wait(rt)
	case spawn:
		rt.Go(a.name+"/task", a.started+1, a.child("task", x.body))
	default:
		a.actTimed(x)
	}
}

func (a *actor) actTimed(x action) {
	rt, i := a.rt, x.object
	switch x.verb {
	case arm:
		a.timers = append(a.timers, rt.AfterFunc(time.Duration(x.value)*time.Second, a.child("timer", x.body)))
	case stop:
		if n := len(a.timers); n > 0 {
			a.log(a.timers[n-1].Stop())
		} else if n := len(a.stops); n > 0 {
			a.log(a.stops[n-1]())
		}
	case sleep:
		rt.Sleep(time.Duration(x.value-int64(i)) * time.Second)
	case now:
		a.log(rt.Now().Round(time.Second))
	case stamp:
		a.log(rt.Stamp().Round(time.Second))
	case cancel:
		a.cancels[i]()
	case onDone:
		a.stops = append(a.stops, rt.OnDone(a.ctx[i], a.child("done", x.body)))
	case derive:
		ctx, cancel := rt.WithCancel(a.ctx[i])
		a.log(ctx.Err() != nil)
		a.stops = append(a.stops, rt.OnDone(ctx, a.child("derived", nil)))
		_ = cancel
	case spinUntil:
		for a.atomics[i].Load(rt) < x.value {
			rt.Spin(schedule.Object{Class: schedule.ClassUser, Index: int32(i)})
		}
	case spinLock:
		for !a.atomics[i].CompareAndSwap(rt, 0, 9) {
			rt.Spin(schedule.Object{Class: schedule.ClassUser, Index: int32(i)})
		}
		a.owned[i]++
		a.log(a.owned[i])
		a.atomics[i].Store(rt, 0)
	case crash:
		if a.atomics[i].Load(rt) == 0 {
			panic("crash")
		}
	}
}
