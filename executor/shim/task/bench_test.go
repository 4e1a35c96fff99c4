//go:build go1.26

package task_test

import (
	"fmt"
	"testing"

	"synchrony/executor/sched"
	"synchrony/executor/shim/atomic"
	"synchrony/executor/shim/channel"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
	"synchrony/models/schedule"
)

// BenchmarkSteps measures a step, while so many tasks can run or wait.
func BenchmarkSteps(b *testing.B) {
	for _, tasks := range []int{3, 100, 1000} {
		for name, f := range map[string]func(tasks, steps int){"waiting": waiting, "running": running} {
			for strategy, s := range map[string]func() sched.Strategy{
				"default": sched.Default,
				"turns":   func() sched.Strategy { return turns{} },
				"pos":     func() sched.Strategy { return sched.POS(1) },
				"pct":     func() sched.Strategy { return sched.PCT(1, 3, 1000) },
				"random":  func() sched.Strategy { return sched.Random(1) },
				"deviation": func() sched.Strategy {
					return sched.Deviate([]schedule.Deviation{{Step: 500, Skip: 1}})
				},
			} {
				b.Run(fmt.Sprintf("%s/%s/%d", name, strategy, tasks), func(b *testing.B) {
					var r sched.Runner
					steps := 0
					var o task.Options
					o.MaxSteps = 1 << 30
					for steps < b.N {
						rec := task.Run(&r, s(), o, func() { f(tasks, max(20*tasks, min(b.N-steps, 100_000))) })
						steps += len(rec.Steps)
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
				})
			}
		}
	}
}

// turns lets another task run at each step.
type turns struct{}

func (turns) Choose(p *sched.Point) int { return min(1, len(p.Enabled)-1) }

// waiting has two tasks that run, while the others wait.
func waiting(tasks, steps int) {
	gate, done := make(chan struct{}), make(chan struct{})
	for range tasks - 2 {
		task.Go(func() { channel.Recv(gate) })
	}
	var word atomic.Int64
	task.Go(func() {
		for range steps / 2 {
			word.Load()
		}
		channel.Close(done)
	})
	for range steps / 2 {
		word.Load()
	}
	channel.Recv(done)
	channel.Close(gate)
}

// running has all tasks run.
func running(tasks, steps int) {
	words := make([]atomic.Int64, tasks)
	for i := range tasks {
		task.Go(func() {
			for range steps / tasks {
				words[i].Load()
			}
		})
	}
}

// BenchmarkSchedules measures whole runs, of a test of 28 steps: two tasks that lock and unlock some times.
func BenchmarkSchedules(b *testing.B) {
	var r sched.Runner
	steps := 0
	for i := uint64(0); b.Loop(); i++ {
		var mu sync.Mutex
		var wg sync.WaitGroup
		rec := task.Run(&r, sched.POS(i), task.Options{}, func() {
			for range 2 {
				wg.Go(func() {
					for range 3 {
						mu.Lock()
						//lint:ignore SA2001 the pair is what is measured
						mu.Unlock()
					}
				})
			}
			wg.Wait()
		})
		if rec.Stuck != nil {
			b.Fatal(rec.Stuck)
		}
		steps += len(rec.Steps)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "schedules/s")
	b.ReportMetric(float64(steps)/float64(b.N), "steps")
}
