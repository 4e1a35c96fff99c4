//go:build go1.26

package testing_test

//lint:file-ignore SA2001 to lock and unlock is what these tests are about

import (
	"os"
	"strings"
	stdtesting "testing"

	"synchrony/executor/shim/atomic"
	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/rand"
	"synchrony/executor/shim/runtime"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/testing"
	"synchrony/executor/shim/time"
)

// one searches, and returns what was found: one finding or none.
func one(t *stdtesting.T, s testing.Search, f func(*testing.T)) (*testing.Finding, testing.Done) {
	t.Helper()
	if s.Schedules == 0 {
		s.Schedules = 200
	}
	findings, done, err := testing.Try("Test", f, s)
	if err != nil || len(findings) > 1 {
		t.Fatalf("%v %+v", err, findings)
	}
	if len(findings) == 0 {
		return nil, done
	}
	return &findings[0], done
}

// TestSlowOnly: a test that fails only if the machine is slow fails only if that is asked for, and is told apart.
func TestSlowOnly(t *stdtesting.T) {
	test := func(t *testing.T) {
		c := make(chan int)
		task.Go(func() { channel.To(c).Send(1) })
		if channel.Select(false, channel.RecvCase(c), channel.RecvCase(time.After(time.Second))) == 1 {
			t.Error("too slow")
			channel.Recv(c)
		}
	}
	if f, done := one(t, testing.Search{}, test); f != nil || done.Kinds[testing.Passed] != done.Schedules {
		t.Errorf("%+v %+v", f, done)
	}
	s := testing.Search{Settings: testing.Settings{Impatient: true}}
	if f, _ := one(t, s, test); f == nil || f.Kind != testing.SlowOnly || f.Slow != testing.Failed {
		t.Errorf("%+v", f)
	}
	// A failure that has nothing to do with time is not.
	if f, _ := one(t, s, func(t *testing.T) { t.Error("always") }); f == nil || f.Kind != testing.Failed {
		t.Errorf("%+v", f)
	}
}

// TestInstant: a timer that is set for an instant may fire while tasks run, on any machine; a longer one may not.
func TestInstant(t *stdtesting.T) {
	test := func(d time.Duration) func(*testing.T) {
		return func(t *testing.T) {
			done := make(chan struct{})
			task.Go(func() {
				time.Sleep(d)
				channel.Close(done)
			})
			if channel.Select(true, channel.RecvCase(done)) == 0 {
				t.Error("it woke up meanwhile")
			}
		}
	}
	if f, _ := one(t, testing.Search{}, test(time.Microsecond)); f == nil || f.Kind != testing.Failed || f.Minimised > 2 {
		t.Errorf("%+v", f)
	}
	if f, done := one(t, testing.Search{}, test(time.Microsecond+1)); f != nil || done.Kinds[testing.Passed] != done.Schedules {
		t.Errorf("%+v %+v", f, done)
	}
}

// TestLeaks: a leak in every schedule is told apart from one in some.
func TestLeaks(t *stdtesting.T) {
	f, _ := one(t, testing.Search{}, func(*testing.T) { task.Go(func() { channel.Select(false) }) })
	if f == nil || f.Kind != testing.Leak || !f.Every || f.Tasks[1].Started == "" {
		t.Errorf("%+v", f)
	}
	f, _ = one(t, testing.Search{}, func(*testing.T) {
		var mu sync.Mutex
		task.Go(func() { mu.Lock() })
		if mu.TryLock() {
			return
		}
		mu.Unlock()
	})
	if f == nil || f.Kind != testing.Leak || f.Every {
		t.Errorf("%+v", f)
	}
	all := testing.Search{Settings: testing.Settings{Leaks: true}}
	f, done := one(t, all, func(*testing.T) { task.Go(func() { channel.Select(false) }) })
	if f == nil || f.Kind != testing.Leak || f.Every || f.After != 1 || done.Schedules != 1 {
		t.Errorf("%+v %+v", f, done)
	}
}

// awaited leaves behind, in some schedules, a goroutine that sleeps for long and one that waits for it.
func awaited(*testing.T) {
	stop, over := make(chan struct{}, 1), make(chan struct{})
	task.Go(func() {
		for i := 0; i < 50 && channel.Select(true, channel.RecvCase(stop)) < 0; i++ {
			time.Sleep(time.Second)
		}
		channel.Close(over)
	})
	task.Go(func() { channel.Recv(over) })
	channel.Select(true, channel.To(stop).Case(struct{}{}))
	channel.Select(true, channel.RecvCase(stop))
}

// TestLateEnd: a goroutine that goes on after the test's end for a while, in some schedules, is no leak, unless all that are left are;
// nor is one that goes on for ever, for nobody knows that, or what waits for one that sleeps at first.
func TestLateEnd(t *stdtesting.T) {
	sleepy := func(times int) func(*testing.T) {
		return func(*testing.T) {
			stop := make(chan struct{}, 1)
			task.Go(func() {
				for i := 0; i != times && channel.Select(true, channel.RecvCase(stop)) < 0; i++ {
					time.Sleep(time.Second)
				}
			})
			channel.Select(true, channel.To(stop).Case(struct{}{}))
			channel.Select(true, channel.RecvCase(stop))
		}
	}
	if f, done := one(t, testing.Search{}, sleepy(200)); f != nil || done.Kinds[testing.Running] == 0 || done.Kinds[testing.Passed] == 0 {
		t.Errorf("%+v %+v", f, done)
	}
	if f, _ := one(t, testing.Search{}, sleepy(-1)); f == nil || f.Kind != testing.Running || f.LateRings == 0 {
		t.Errorf("%+v", f)
	}
	if f, done := one(t, testing.Search{}, awaited); f != nil || done.Kinds[testing.Running] == 0 || done.Kinds[testing.Passed] == 0 {
		t.Errorf("%+v %+v", f, done)
	}
	all := testing.Search{Settings: testing.Settings{Leaks: true}}
	if f, _ := one(t, all, sleepy(200)); f == nil || f.Kind != testing.Leak {
		t.Errorf("%+v", f)
	}
}

// TestPolling: a loop that waits for a time without saying so is given it.
func TestPolling(t *stdtesting.T) {
	for name, test := range map[string]func(*testing.T){
		"clock": func(*testing.T) {
			for start := time.Now(); time.Since(start) < time.Second; {
				time.After(2 * time.Second)
			}
		},
		"gosched": func(*testing.T) {
			late := time.After(time.Second)
			for channel.Select(true, channel.RecvCase(late)) < 0 {
				runtime.Gosched()
			}
		},
		"lock": func(*testing.T) {
			var mu sync.Mutex
			over := false
			time.AfterFunc(time.Second, func() { mu.Lock(); over = true; mu.Unlock() })
			for seen := false; !seen; {
				mu.Lock()
				seen = over
				mu.Unlock()
			}
		},
	} {
		if f, done := one(t, testing.Search{Schedules: 20}, test); f != nil || done.Isolate != "" {
			t.Errorf("%s: %+v %+v", name, f, done)
		}
	}
}

// TestStepLimit: a run that does not end is inconclusive; one that only takes long is found to end.
func TestStepLimit(t *stdtesting.T) {
	spin := func(turns int) func(*testing.T) {
		return func(*testing.T) {
			var mu sync.Mutex
			for range turns {
				mu.Lock()
				mu.Unlock()
			}
		}
	}
	s := testing.Search{Settings: testing.Settings{MaxSteps: 1000}, Schedules: 3}
	if f, _ := one(t, s, spin(1000)); f != nil {
		t.Errorf("%+v", f)
	}
	f, _ := one(t, s, func(t *testing.T) {
		late := time.After(time.Hour)
		spin(400)(t)
		if channel.Select(true, channel.RecvCase(late)) == 0 {
			t.Error("an hour has passed")
		}
	})
	if f != nil {
		t.Errorf("time passes in a run that only takes long: %+v", f)
	}
	f, _ = one(t, s, func(t *testing.T) {
		task.Go(func() { channel.Select(false) })
		spin(1000)(t)
	})
	if f == nil || f.Kind != testing.Leak || !f.Every {
		t.Errorf("a leak in every run, each of which takes long: %+v", f)
	}
	if f, _ := one(t, s, spin(100_000)); f == nil || f.Kind != testing.StepLimit || f.MaxSteps != 25_000 {
		t.Errorf("%+v", f)
	}
}

// TestLivelock: a run in which all that is left is to look for what nobody will do is a livelock, if others end; one that may yet end is not.
func TestLivelock(t *stdtesting.T) {
	// The one who is second to look does what both wait for: nobody, if both look before either has said that it is there.
	meet := func(wait func(done *atomic.Bool)) func(*testing.T) {
		return func(*testing.T) {
			var there atomic.Int32
			var done atomic.Bool
			var group sync.WaitGroup
			for range 2 {
				group.Go(func() {
					if there.Load() == 1 {
						done.Store(true)
					} else {
						there.Store(1)
					}
					wait(&done)
				})
			}
			group.Wait()
		}
	}
	forEver := func(done *atomic.Bool) {
		for !done.Load() {
			runtime.Gosched()
		}
	}
	s := testing.Search{Schedules: 200}
	f, _ := one(t, s, meet(forEver))
	if f == nil || f.Kind != testing.Livelock || f.MaxSteps != 0 || f.Minimised > 2 || !strings.Contains(f.Message, "goroutine 1 goes on (yield)") {
		t.Errorf("%+v", f)
	}
	// The default run is the one that does not end, of which nobody knows it until another does.
	findings, _, err := testing.Try("Test", func(*testing.T) {
		var ready, closed atomic.Bool
		task.Go(func() {
			if !closed.Load() {
				ready.Store(true)
			}
		})
		closed.Store(true)
		forEver(&ready)
	}, s)
	if err != nil || len(findings) != 2 || findings[0].Kind != testing.StepLimit || findings[1].Kind != testing.Livelock || findings[1].Schedule[:7] != "default" {
		t.Errorf("%+v %v", findings, err)
	}
	// What is done by who comes first, and takes long.
	rarely := func(loop func(stop *atomic.Bool)) func(*testing.T) {
		return func(*testing.T) {
			var first, stop atomic.Bool
			var group sync.WaitGroup
			group.Go(func() {
				if first.CompareAndSwap(false, true) {
					loop(&stop)
				}
			})
			first.CompareAndSwap(false, true)
			group.Wait()
		}
	}
	for name, test := range map[string]func(*testing.T){
		"in every run": func(*testing.T) {
			var done atomic.Bool
			forEver(&done)
		},
		"so often": func(*testing.T) {
			var n atomic.Int32
			for range 1_000_000 {
				n.Load()
			}
		},
		"with a change": meet(func(done *atomic.Bool) {
			for n := new(atomic.Int32); !done.Load(); {
				n.Add(1)
			}
		}),
		"until some time": meet(func(done *atomic.Bool) {
			for start := time.Now(); !done.Load() && time.Since(start) < time.Hour; {
			}
		}),
		"by chance": rarely(func(stop *atomic.Bool) {
			for rand.Intn(1_000_000) > 0 && !stop.Load() {
			}
		}),
		"counted": rarely(func(stop *atomic.Bool) {
			for i := 0; !stop.Load() && i < 1_000_000; i++ {
			}
		}),
	} {
		f, done := one(t, testing.Search{Schedules: 40}, test)
		if f != nil && f.Kind != testing.StepLimit {
			t.Errorf("%s: %+v", name, f)
		}
		sum := 0
		for kind, n := range done.Kinds {
			if sum += n; n < 0 {
				t.Errorf("%s: %d runs are %s", name, n, kind)
			}
		}
		if sum != done.Schedules {
			t.Errorf("%s: %v are not %d runs", name, done.Kinds, done.Schedules)
		}
	}
}

// TestUncontrolled: what waits for an uncontrolled goroutine is no deadlock.
func TestUncontrolled(t *stdtesting.T) {
	stop := make(chan struct{})
	defer close(stop)
	f, done := one(t, testing.Search{Schedules: 1}, func(*testing.T) {
		c, touched := make(chan int), make(chan struct{})
		go func() {
			channel.Len(c)
			close(touched)
			<-stop
		}()
		<-touched
		channel.Recv(c)
	})
	if f == nil || f.Kind != testing.Uncontrolled || done.Touched != 1 {
		t.Errorf("%+v %+v", f, done)
	}
	// One that touches something else, or ends, does no harm.
	f, done = one(t, testing.Search{Schedules: 1}, func(*testing.T) {
		var mu sync.Mutex
		over := make(chan struct{})
		go func() {
			mu.Lock()
			mu.Unlock()
			close(over)
		}()
		<-over
		channel.Select(false)
	})
	want := testing.Deadlock
	if task.RaceDetector { // then it is not known which goroutines are left
		want = testing.Uncontrolled
	}
	if f == nil || f.Kind != want || done.Touched != 0 {
		t.Errorf("%+v %+v", f, done)
	}
}

// TestNothingStays: a run that gets stuck leaves no variable, file or lock behind.
func TestNothingStays(t *stdtesting.T) {
	var mu sync.Mutex
	var rw sync.RWMutex
	var wg sync.WaitGroup
	dir := ""
	f, done := one(t, testing.Search{}, func(t *testing.T) {
		t.Setenv("VERIFY_STAYS", "1")
		dir = t.TempDir()
		mu.Lock()
		rw.Lock()
		wg.Add(1)
		wg.Wait()
	})
	if f == nil || f.Kind != testing.Deadlock || done.Isolate != "" {
		t.Errorf("%+v %+v", f, done)
	}
	if _, ok := os.LookupEnv("VERIFY_STAYS"); ok {
		t.Error("the environment is changed")
	}
	if _, err := os.Stat(dir); err == nil {
		t.Errorf("%s is left", dir)
	}
}

// TestRandomNumbers: they are the same in each run, and others with another seed.
func TestRandomNumbers(t *stdtesting.T) {
	draw := func(seed uint64) (list []int) {
		_, done := one(t, testing.Search{Settings: testing.Settings{Seed: seed}, Schedules: 5}, func(t *testing.T) {
			list = append(list, rand.Intn(1_000_000))
			task.Go(func() { rand.Intn(10) })
		})
		if done.Isolate != "" {
			t.Error(done.Isolate)
		}
		return list
	}
	a, b := draw(1), draw(2)
	for _, n := range a {
		if n != a[0] {
			t.Errorf("%v", a)
		}
	}
	if a[0] == b[0] {
		t.Errorf("%v %v", a, b)
	}
}

// TestExplore: all schedules of a small test are tried, and counted.
func TestExplore(t *stdtesting.T) {
	f, done := one(t, testing.Search{Explore: true, Schedules: 10_000}, func(*testing.T) {
		var mu sync.Mutex
		for range 3 {
			task.Go(func() { mu.Lock(); mu.Unlock() })
		}
	})
	if f != nil || !done.Complete || done.Kinds[testing.Passed] != done.Schedules {
		t.Errorf("%+v %+v", f, done)
	}
}
