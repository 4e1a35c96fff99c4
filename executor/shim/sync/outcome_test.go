//go:build go1.26 && !race

package sync_test

//lint:file-ignore SA2001 to lock and unlock is what these tests are about

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"synchrony/executor/sched"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
)

// log is what a program says in one run.
type log []string

func (l *log) add(a ...any) { *l = append(*l, fmt.Sprint(a...)) }

// recovered logs what f panics with.
func (l *log) recovered(f func()) {
	defer func() {
		if p := recover(); p != nil {
			l.add("panic ", p)
		}
	}()
	f()
}

// cases are small programs with all outcomes that Go gives them: what they log, and how they end if not well.
var cases = []struct {
	name    string
	program func(l *log)
	want    []string
}{
	{"mutex excludes", func(l *log) {
		var mu sync.Mutex
		for i := range 2 {
			task.Go(func() { mu.Lock(); l.add("in", i); l.add("out", i); mu.Unlock() })
		}
	}, []string{"in0 out0 in1 out1", "in1 out1 in0 out0"}},
	{"unlock of unlocked mutex", func(l *log) {
		var mu sync.Mutex
		l.recovered(mu.Unlock)
	}, []string{"panic: fatal error: sync: unlock of unlocked mutex"}},
	{"unlock by another", func(l *log) {
		var mu sync.Mutex
		mu.Lock()
		task.Go(mu.Unlock)
		mu.Lock()
		l.add("locked")
	}, []string{"locked"}},
	{"trylock", func(l *log) {
		var mu sync.Mutex
		task.Go(func() { mu.Lock(); mu.Unlock() })
		l.add(mu.TryLock())
	}, []string{"false", "true", "true leak"}},
	{"a writer that waits keeps readers out", func(l *log) {
		var mu sync.RWMutex
		mu.RLock()
		task.Go(func() { mu.Lock(); mu.Unlock() })
		mu.RLock()
		l.add("twice")
		mu.RUnlock()
		mu.RUnlock()
	}, []string{"deadlock", "twice"}},
	{"readers share", func(l *log) {
		var mu sync.RWMutex
		var wg sync.WaitGroup
		mu.RLock()
		wg.Go(func() { mu.RLock(); mu.RUnlock() })
		wg.Wait()
		mu.RUnlock()
		l.add("shared")
	}, []string{"shared"}},
	{"readers before the next writer", func(l *log) {
		var mu sync.RWMutex
		mu.Lock()
		task.Go(func() { mu.RLock(); l.add("read"); mu.RUnlock() })
		task.Go(func() { mu.Lock(); l.add("write"); mu.Unlock() })
		mu.Unlock()
	}, []string{"read write", "write read"}},
	{"upgrade", func(l *log) {
		var mu sync.RWMutex
		mu.RLock()
		mu.Lock()
	}, []string{"deadlock"}},
	{"runlock of unlocked", func(l *log) {
		var mu sync.RWMutex
		l.recovered(mu.RUnlock)
	}, []string{"panic: fatal error: sync: RUnlock of unlocked RWMutex"}},
	{"unlock of a lock held for reading", func(l *log) {
		var mu sync.RWMutex
		mu.RLock()
		l.recovered(mu.Unlock)
	}, []string{"panic: fatal error: sync: Unlock of unlocked RWMutex"}},
	{"tryrlock", func(l *log) {
		var mu sync.RWMutex
		l.add(mu.TryRLock(), mu.TryRLock(), mu.TryLock())
		mu.RUnlock()
		mu.RUnlock()
		l.add(mu.TryLock(), mu.TryRLock(), mu.TryLock())
	}, []string{"true true false true false false"}},
	{"negative counter", func(l *log) {
		var wg sync.WaitGroup
		l.recovered(wg.Done)
	}, []string{"panic sync: negative WaitGroup counter"}},
	{"reused too early", func(l *log) {
		var wg sync.WaitGroup
		wg.Add(1)
		task.Go(func() { wg.Done(); wg.Add(1); wg.Done() })
		l.recovered(wg.Wait)
	}, []string{"", "panic sync: WaitGroup is reused before previous Wait has returned"}},
	{"go and wait", func(l *log) {
		var wg sync.WaitGroup
		wg.Go(func() { l.add("f") })
		wg.Wait()
		l.add("waited")
	}, []string{"f waited"}},
	{"lost wake-up", func(l *log) {
		var mu sync.Mutex
		c := sync.NewCond(&mu)
		task.Go(c.Signal)
		mu.Lock()
		c.Wait()
		mu.Unlock()
		l.add("woken")
	}, []string{"deadlock", "woken"}},
	{"signal wakes the first", func(l *log) {
		var mu sync.Mutex
		c, waiting := sync.NewCond(&mu), 0
		for i := range 2 {
			task.Go(func() {
				mu.Lock()
				waiting++
				l.add("wait", i)
				c.Wait()
				l.add("woken", i)
				mu.Unlock()
			})
		}
		mu.Lock()
		if waiting == 2 {
			c.Signal()
		}
		mu.Unlock()
	}, []string{"wait0 wait1 leak", "wait0 wait1 woken0 leak", "wait1 wait0 leak", "wait1 wait0 woken1 leak"}},
	{"once, which panics", func(l *log) {
		var once sync.Once
		for range 2 {
			l.recovered(func() { once.Do(func() { panic("a") }) })
		}
		once.Do(func() { l.add("again") })
	}, []string{"panic a"}},
	{"once waits for who is in it", func(l *log) {
		var once sync.Once
		for i := range 2 {
			task.Go(func() { once.Do(func() { l.add("do") }); l.add("done", i) })
		}
	}, []string{"do done0 done1", "do done1 done0"}},
	{"once in itself", func(l *log) {
		var once sync.Once
		once.Do(func() { once.Do(func() {}) })
	}, []string{"deadlock"}},
	{"once func", func(l *log) {
		f := sync.OnceFunc(func() { panic("b") })
		l.recovered(f)
		l.recovered(f)
	}, []string{"panic b panic b"}},
	{"once values", func(l *log) {
		n := 0
		f := sync.OnceValues(func() (int, string) { n++; return n, "x" })
		l.add(f())
		l.add(f())
	}, []string{"1x 1x"}},
	{"pool", func(l *log) {
		p := sync.Pool{New: func() any { return "new" }}
		p.Put("a")
		p.Put("b")
		l.add(p.Get(), p.Get(), p.Get())
	}, []string{"banew"}},
	{"map", func(l *log) {
		var m sync.Map
		for _, k := range []string{"c", "a", "b"} {
			m.Store(k, 1)
		}
		task.Go(func() { m.Delete("b") })
		m.Range(func(k, _ any) bool { l.add(k); return true })
	}, []string{"a b c", "a c"}},
	{"copied cond", func(l *log) {
		c := sync.NewCond(new(sync.Mutex))
		c.Signal()
		d := new(sync.Cond)
		reflect.ValueOf(d).Elem().Set(reflect.ValueOf(c).Elem()) // as vet would not let it
		l.recovered(d.Signal)
	}, []string{"panic sync.Cond is copied"}},
}

func TestOutcomes(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := map[string]bool{}
			var l log
			coverage, err := task.Explore(task.Options{}, sched.Bounds{Preemptions: sched.Unbounded}, func() {
				l = nil
				c.program(&l)
			}, func(rec *sched.Record) {
				end := ""
				if rec.Stuck != nil {
					if end = " " + rec.Stuck.Kind.String(); rec.Stuck.Panic != "" {
						end += ": " + rec.Stuck.Panic
					}
				}
				got[strings.TrimSpace(strings.Join(l, " ")+end)] = true
			})
			if err != nil || !coverage.Complete {
				t.Fatal(err, coverage)
			}
			if list := slices.Sorted(maps.Keys(got)); !slices.Equal(list, c.want) {
				t.Errorf("%d schedules:\n got %q\nwant %q", coverage.Schedules, list, c.want)
			}
		})
	}
}
