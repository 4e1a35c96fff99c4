package measure

import (
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// contender is one that takes part in rounds.
type contender struct {
	name   string
	engine Engine
	repeat int // executions in a turn
	done   int // executions so far
}

// cost is what an execution took.
type cost struct{ wall, cpu time.Duration }

// least is how long a turn takes at least: short executions are repeated.
const least = 10 * time.Millisecond

// results has each contender's costs, by round.
type results map[string][]cost

// race has the contenders take turns, for so many rounds after one that does not count, and compares what they computed in the end.
func race(w *Workload, rounds int, list []*contender) (results, error) {
	all := results{}
	for _, c := range list {
		c.repeat = 1
		first, err := c.turn()
		if err != nil {
			return nil, err
		}
		c.repeat = 1 + int(least/max(first.wall, 1))
	}
	for round := range rounds {
		for k := range list {
			c := list[(k+round)%len(list)]
			took, err := c.turn()
			if err != nil {
				return nil, err
			}
			all[c.name] = append(all[c.name], took)
		}
	}
	for _, c := range list {
		if b := c.engine.Balances(); b != nil {
			if err := w.check(b, c.done); err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
		}
	}
	return all, nil
}

// turn is the mean cost of the contender's executions in one turn.
func (c *contender) turn() (cost, error) {
	runtime.GC()
	var sum cost
	var err error
	if r, ok := c.engine.(Readier); ok {
		for range c.repeat {
			r.Ready()
			one := spent(func() { err = c.engine.Run() })
			if err != nil {
				break
			}
			sum.wall, sum.cpu = sum.wall+one.wall, sum.cpu+one.cpu
		}
	} else {
		sum = spent(func() {
			for range c.repeat {
				if err = c.engine.Run(); err != nil {
					break
				}
			}
		})
	}
	c.done += c.repeat
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w", c.name, err)
	}
	return cost{max(1, sum.wall/time.Duration(c.repeat)), max(1, sum.cpu/time.Duration(c.repeat))}, nil
}

// spent measures f by the clock, and by the processor time of the process.
func spent(f func()) cost {
	cpu, wall := processorTime(), time.Now()
	f()
	return cost{time.Since(wall), processorTime() - cpu}
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // the arguments are right
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// wall and cpu are what of a cost is compared.
func wall(c cost) float64 { return float64(c.wall) }
func cpu(c cost) float64  { return float64(c.cpu) }

// spread is the minimum, the median and the maximum of a figure over the rounds.
type spread struct{ min, median, max float64 }

func spreadOf(list []float64) spread {
	sorted := slices.Sorted(slices.Values(list))
	if len(sorted) == 0 {
		return spread{}
	}
	return spread{sorted[0], sorted[len(sorted)/2], sorted[len(sorted)-1]}
}

// ratio compares two contenders in each round.
func (r results) ratio(a, b string, by func(cost) float64) spread {
	var list []float64
	for i := range r[a] {
		list = append(list, by(r[a][i])/by(r[b][i]))
	}
	return spreadOf(list)
}

// each is a contender's figure itself.
func (r results) each(a string, by func(cost) float64) spread {
	var list []float64
	for _, c := range r[a] {
		list = append(list, by(c))
	}
	return spreadOf(list)
}

func (s spread) over(x float64) spread { return spread{s.min / x, s.median / x, s.max / x} }

// String has the median, with minimum and maximum.
func (s spread) String() string {
	return fmt.Sprintf("%s (%s–%s)", figure(s.median), figure(s.min), figure(s.max))
}

// figure has three digits that count.
func figure(x float64) string {
	switch {
	case x >= 100:
		return grouped(int64(x + 0.5))
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	case x >= 0.01 || x == 0:
		return fmt.Sprintf("%.2f", x)
	}
	return fmt.Sprintf("%.2g", x)
}

// grouped is a number with a comma before each three digits.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
