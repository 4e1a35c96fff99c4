//go:build go1.26

package testing_test

//lint:file-ignore SA2001 to lock and unlock is what these tests are about

import (
	stdtesting "testing"

	"synchrony/executor/shim/atomic"
	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/runtime"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/testing"
	"synchrony/executor/shim/time"
)

// TestSecondRun: a test that passes in the first run of its process, and not in the second, is not accused, but gets a process for each
// schedule; so does one whose first run is too long to end.
func TestSecondRun(t *stdtesting.T) {
	for name, steps := range map[string]int{"short": 10, "long": 1000} {
		runs := 0
		f, done := one(t, testing.Search{Schedules: 20, Settings: testing.Settings{MaxSteps: 500}}, func(t *testing.T) {
			if runs++; runs > 1 {
				t.Error("there already")
			}
			var mu sync.Mutex
			for range steps / 2 {
				mu.Lock()
				mu.Unlock()
			}
		})
		if f != nil || done.Isolate == "" {
			t.Errorf("%s: %+v %+v", name, f, done)
		}
	}
}

// TestStartedOnce: a test of which the first run starts goroutines that are gone in later ones, whatever it waits for, is not accused, but gets
// a process for each schedule, in which it is the first run.
func TestStartedOnce(t *stdtesting.T) {
	for name, f := range map[string]func() func(*testing.T){
		"workers": func() func(*testing.T) {
			var once sync.Once
			jobs := make(chan chan int)
			return func(*testing.T) {
				once.Do(func() {
					task.Go(func() {
						for {
							channel.To(channel.Recv(jobs)).Send(1)
						}
					})
				})
				c := make(chan int)
				channel.To(jobs).Send(c)
				channel.Recv(c)
			}
		},
		"ticker": func() func(*testing.T) {
			var once sync.Once
			ticks := make(chan int)
			return func(*testing.T) {
				once.Do(func() {
					task.Go(func() {
						for {
							time.Sleep(time.Second)
							channel.Select(true, channel.To(ticks).Case(1))
						}
					})
				})
				channel.Recv(ticks)
			}
		},
		"timeout": func() func(*testing.T) {
			var once sync.Once
			jobs := make(chan int)
			return func(t *testing.T) {
				once.Do(func() {
					task.Go(func() {
						for {
							channel.Recv(jobs)
						}
					})
				})
				if channel.Select(false, channel.To(jobs).Case(1), channel.RecvCase(time.After(time.Second))) == 1 {
					t.Error("too late")
				}
			}
		},
		"poll": func() func(*testing.T) {
			var once sync.Once
			var done atomic.Bool
			jobs := make(chan int, 10)
			return func(*testing.T) {
				once.Do(func() {
					task.Go(func() {
						for {
							channel.Recv(jobs)
							done.Store(true)
						}
					})
				})
				done.Store(false)
				channel.To(jobs).Send(1)
				for !done.Load() {
					time.Sleep(time.Millisecond)
				}
			}
		},
		"in another schedule": func() func(*testing.T) {
			var once sync.Once
			jobs := make(chan int)
			return func(*testing.T) {
				var first atomic.Int32
				c := make(chan int, 1)
				task.Go(func() { first.CompareAndSwap(0, 1); channel.To(c).Send(1) })
				if first.CompareAndSwap(0, 2); first.Load() == 1 {
					once.Do(func() {
						task.Go(func() {
							for {
								channel.Recv(jobs)
							}
						})
					})
					channel.To(jobs).Send(1)
				}
				channel.Recv(c)
			}
		},
	} {
		t.Run(name, func(t *stdtesting.T) {
			findings, done, err := testing.Try(name, f(), testing.Search{Schedules: 50})
			if err != nil || len(findings) > 0 || done.Isolate == "" {
				t.Errorf("%v %+v %+v", err, findings, done)
			}
		})
	}
}

// TestDoubt: a test that fails for what it sees of the scheduler is not accused.
func TestDoubt(t *stdtesting.T) {
	for name, look := range map[string]func(){
		"stacks":    func() { runtime.Stack(make([]byte, 1), true) },
		"benchmark": func() { testing.Benchmark(func(b *stdtesting.B) { b.SkipNow() }) },
	} {
		f, _ := one(t, testing.Search{Schedules: 1}, func(t *testing.T) {
			look()
			t.Error("more than expected")
		})
		if f == nil || f.Kind != testing.Uncontrolled {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// TestStepLimitIsNotMinimised: a run without end proves nothing, and costs all its steps in every try.
func TestStepLimitIsNotMinimised(t *stdtesting.T) {
	runs := 0
	f, _ := one(t, testing.Search{Schedules: 1, Settings: testing.Settings{MaxSteps: 100}}, func(*testing.T) {
		runs++
		var mu sync.Mutex
		for {
			mu.Lock()
			mu.Unlock()
		}
	})
	// The default schedule, twice with more steps, for the report, and another schedule, as a search does.
	if f == nil || f.Kind != testing.StepLimit || runs > 8 {
		t.Errorf("%d runs: %+v", runs, f)
	}
}
