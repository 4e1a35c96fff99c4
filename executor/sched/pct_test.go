package sched

import "testing"

// blind hides from a strategy what tells it that nothing has changed.
type blind struct{ Strategy }

func (b blind) Choose(p *Point) int {
	q := *p
	q.run = nil
	return b.Strategy.Choose(&q)
}

// TestPCTAgain checks that to remember who was the highest changes no choice.
func TestPCTAgain(t *testing.T) {
	var r Runner
	programs := []func(*Runtime){threeByTen, func(rt *Runtime) {
		var mu Mutex
		for w := range 4 {
			rt.Go("worker", w, func() {
				for range 5 {
					mu.Lock(rt)
					rt.Sleep(3)
					mu.Unlock(rt)
					rt.Spin(taskObject(0))
				}
			})
		}
	}}
	for i, program := range programs {
		for seed := range uint64(200) {
			want := r.Run(blind{PCT(seed, 3, 60)}, Options{}, program).Schedule.Hash
			if got := r.Run(PCT(seed, 3, 60), Options{}, program).Schedule.Hash; got != want {
				t.Fatalf("program %d, seed %d: another schedule", i, seed)
			}
		}
	}
}
