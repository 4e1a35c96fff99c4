//go:build go1.26

package testing_test

//lint:file-ignore SA2001 to lock and unlock is what these tests are about

import (
	stdtesting "testing"

	"synchrony/executor/shim/atomic"
	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/synctest"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/testing"
	"synchrony/executor/shim/time"
)

// initialised is when this package was initialised.
var initialised = time.Now()

// clocks are tests that pass on any machine, and would fail if the virtual clock did what no clock does.
var clocks = []struct {
	name     string
	maxSteps int
	f        func(*testing.T)
}{
	// A time-out of a second is no matter of the steps that a run may take: the run is given more.
	{"long run", 300, func(t *testing.T) {
		var mu sync.Mutex
		done := make(chan struct{}, 1)
		task.Go(func() {
			for range 500 {
				mu.Lock()
				mu.Unlock()
			}
			channel.To(done).Send(struct{}{})
		})
		got, late := channel.RecvCase(done), channel.RecvCase(time.After(time.Second))
		if channel.Select(false, got, late) == 1 {
			t.Error("timed out")
		}
	}},
	// Who reads many things does not poll.
	{"long sum", 0, func(t *testing.T) {
		counters := make([]atomic.Int32, 3000)
		began := time.Now()
		time.AfterFunc(time.Second, func() {})
		for i := range counters {
			if counters[i].Load() != 0 {
				t.Fatalf("counter %d is not 0", i)
			}
		}
		if took := time.Since(began); took >= time.Second {
			t.Fatalf("%v passed while counters were read", took)
		}
	}},
	{"readings", 0, func(t *testing.T) {
		if first := time.Now(); !first.Before(time.Now()) {
			t.Error("no time between two readings")
		}
	}},
	// As a test binary's first run does, with what was made before.
	{"initialised", 0, func(t *testing.T) {
		if age := time.Since(initialised); age <= 0 || age > time.Microsecond {
			t.Errorf("a variable of the package is %v old", age)
		}
	}},
	{"no round time", 0, func(t *testing.T) {
		if now := time.Now(); now.Truncate(time.Millisecond).Equal(now) {
			t.Errorf("it is %v", now)
		}
	}},
	{"late sleeper", 0, func(t *testing.T) {
		began := time.Now()
		time.Sleep(time.Second)
		if slept := time.Since(began); slept <= time.Second || slept > time.Second+time.Microsecond {
			t.Errorf("slept %v", slept)
		}
	}},
	{"bubble", 0, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			time.Sleep(time.Second)
			if slept := time.Since(began); slept != time.Second || !began.Equal(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)) {
				t.Errorf("slept %v from %v", slept, began)
			}
		})
	}},
}

func TestClock(t *stdtesting.T) {
	for _, p := range clocks {
		t.Run(p.name, func(t *stdtesting.T) {
			findings, done, err := testing.Try(p.name, p.f, testing.Search{Settings: testing.Settings{MaxSteps: p.maxSteps}, Schedules: 20})
			if err != nil || len(findings) > 0 || done.Isolate != "" {
				t.Fatalf("%v %+v %+v", err, findings, done)
			}
		})
	}
}

// TestClockOfALivelock: what fails after time has passed for want of steps only is told as a run that is too long.
func TestClockOfALivelock(t *stdtesting.T) {
	findings, _, err := testing.Try("busy", func(t *testing.T) {
		var mu sync.Mutex
		late := time.After(time.Second)
		for {
			mu.Lock()
			mu.Unlock()
			if channel.Select(true, channel.RecvCase(late)) == 0 {
				t.Fatal("timed out")
			}
		}
	}, testing.Search{Schedules: 1, Settings: testing.Settings{MaxSteps: 100}})
	if err != nil || len(findings) != 1 || findings[0].Kind != testing.StepLimit {
		t.Fatalf("%v %+v", err, findings)
	}
}
