//go:build go1.26

package task_test

import (
	"fmt"

	"synchrony/executor/sched"
	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
)

// Account is ordinary code, but for the import of sync.
type Account struct {
	mu      sync.Mutex
	balance int
}

func (a *Account) transfer(to *Account, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	to.mu.Lock()
	defer to.mu.Unlock()
	a.balance -= n
	to.balance += n
}

// Two transfers in opposite directions lock two accounts in different orders.
func ExampleRun() {
	var r sched.Runner
	transfers := func() {
		var a, b Account
		var wg sync.WaitGroup
		wg.Go(func() { a.transfer(&b, 1) })
		wg.Go(func() { b.transfer(&a, 1) })
		wg.Wait()
	}
	for seed := range uint64(1000) {
		rec := task.Run(&r, sched.POS(seed), task.Options{}, transfers)
		if rec.Stuck == nil {
			continue
		}
		fmt.Println(rec.Stuck)
		again := task.Run(&r, sched.Replay(rec.Clone().Schedule), task.Options{}, transfers)
		fmt.Println(again.Stuck)
		return
	}
	// Output:
	// deadlock: main waits for wait group 0; goroutine 1 waits to lock mutex 1; goroutine 2 waits to lock mutex 0
	// deadlock: main waits for wait group 0; goroutine 1 waits to lock mutex 1; goroutine 2 waits to lock mutex 0
}

// All schedules of a small program, but for those that differ in the order of independent steps only.
func ExampleExplore() {
	results := map[int]int{}
	n := 0
	coverage, err := task.Explore(task.Options{}, sched.Bounds{Preemptions: sched.Unbounded}, func() {
		n = 0
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				mu.Lock()
				v := n
				mu.Unlock()
				mu.Lock()
				n = v + 1
				mu.Unlock()
			})
		}
		wg.Wait()
	}, func(*sched.Record) { results[n]++ })
	fmt.Println(results[1] > 0, results[2] > 0, coverage.Complete, err)
	// Output: true true true <nil>
}
