package measure

import (
	"fmt"
	"time"
)

// patience is how long a contender's execution may take before it is left out of larger blocks.
const patience = 4 * time.Second

// bySize lets blocks grow.
func (s *settings) bySize() error {
	t := &table{
		title:  "By the size of the block",
		notes:  []string{fmt.Sprintf("Empty transactions without conflicts on %d workers: processor time a transaction, as a ratio to that of the bare serial loop. A peer that would take more than %v for a block is left out.", s.workers, patience)},
		header: []string{"transactions", "executor", "processor time / serial loop", "ns of processor time a transaction"},
	}
	curves := map[string]*curve{}
	var order []string
	var slow []string
	for _, n := range s.sizes {
		w := NewWorkload(n, contentions[0], 0, Nothing)
		list, err := s.field(w, s.workers, slow...)
		if err != nil {
			return err
		}
		rounds := min(s.rounds, max(3, s.rounds*100_000/n))
		r, err := race(w, rounds, list)
		if err != nil {
			return err
		}
		for _, k := range list {
			if r.each(k.name, wall).median*10 > float64(patience) {
				slow = append(slow, k.name)
			}
			if k.name == bare {
				continue
			}
			ratio := r.ratio(k.name, bare, cpu)
			t.add(grouped(int64(n)), k.name, ratio.String(), r.each(k.name, cpu).over(float64(n)).String())
			if curves[k.name] == nil {
				curves[k.name] = &curve{name: k.name}
				order = append(order, k.name)
			}
			curves[k.name].points = append(curves[k.name].points, point{float64(n), r.each(k.name, cpu).over(float64(n)).median})
		}
	}
	t.write(s.out)
	c := &chart{title: "Empty transactions without conflicts, on two workers", x: "transactions in the block", y: "ns of processor time a transaction"}
	for _, name := range order {
		c.curves = append(c.curves, *curves[name])
	}
	return s.draw("performance-sizes.svg", c)
}

// byWorkers lets the pool grow: where transactions wait, which cores do not bound, and where they compute.
func (s *settings) byWorkers() error {
	for _, k := range []struct {
		title, file string
		n           int
		d           time.Duration
		work        func()
	}{
		{"Speedup by workers, transactions that wait for 1 ms", "performance-workers-wait.svg", min(s.waits, 320), time.Millisecond, sleeping(time.Millisecond)},
		{"Speedup by workers, transactions that compute for 10 µs", "performance-workers-compute.svg", min(s.transactions, 2_000), 10 * time.Microsecond, spinning(10 * time.Microsecond)},
	} {
		if err := s.pool(k.title, k.file, NewWorkload(k.n, contentions[0], k.d, k.work)); err != nil {
			return err
		}
	}
	return nil
}

func (s *settings) pool(title, file string, w *Workload) error {
	t := &table{title: title, notes: []string{"No conflicts. Speedup over the serial loop."}, header: []string{"workers", "executor", "speedup"}}
	c := &chart{title: title, x: "workers", y: "speedup over the serial loop"}
	curves := map[string]*curve{}
	var order []string
	for _, workers := range s.pools {
		list, err := s.field(w, workers)
		if err != nil {
			return err
		}
		list = append(list, &contender{name: shared, engine: split{w, workers}})
		r, err := race(w, min(s.rounds, 7), list)
		if err != nil {
			return err
		}
		for _, k := range list[1:] {
			speedup := r.ratio(bare, k.name, wall)
			t.add(fmt.Sprint(workers), k.name, speedup.String())
			if curves[k.name] == nil {
				curves[k.name] = &curve{name: k.name, dashed: k.name == shared}
				order = append(order, k.name)
			}
			curves[k.name].points = append(curves[k.name].points, point{float64(workers), speedup.median})
		}
	}
	t.write(s.out)
	for _, name := range order {
		c.curves = append(c.curves, *curves[name])
	}
	return s.draw(file, c)
}
