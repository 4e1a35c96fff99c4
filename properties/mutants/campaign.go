package mutants

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Sample draws n of the mutants by a seed, and keeps their order; all if there are
// no more.
func Sample(all []*Mutant, n int, seed uint64) []*Mutant {
	if n >= len(all) {
		return all
	}
	chosen := rand.New(rand.NewPCG(seed, 0)).Perm(len(all))[:n]
	slices.Sort(chosen)
	out := make([]*Mutant, n)
	for i, k := range chosen {
		out[i] = all[k]
	}
	return out
}

// UnfitError says that the program as it is does not pass a property, so that no
// mutant can be judged by that.
type UnfitError struct {
	Property string
	Outcome  Outcome
}

func (e *UnfitError) Error() string {
	why := e.Outcome.Why
	if e.Outcome.Status == Killed {
		why = e.Outcome.Failure.Reason
	}
	return fmt.Sprintf("the program without any mutation does not pass %s (%s: %s): verify run %s says more; mutants say nothing until it passes",
		e.Property, e.Outcome.Status, why, e.Property)
}

// Fit reports whether the program as it is passes the properties that the mutants
// name, with as many cases as any of them gets. The error is an [*UnfitError] if not.
func (l *Lab) Fit(ctx context.Context, plain string, all []*Mutant, b Budget, jobs int) error {
	cases := map[string]int{}
	var ids []string
	for _, m := range all {
		if _, known := cases[m.KilledBy]; !known {
			ids = append(ids, m.KilledBy)
		}
		cases[m.KilledBy] = max(cases[m.KilledBy], m.budget(b).Iterations)
	}
	slices.Sort(ids)
	errs := make([]error, len(ids))
	parallel(len(ids), jobs, func(i int) {
		budget := b
		budget.Iterations = cases[ids[i]]
		o, err := l.Run(ctx, plain, ids[i:i+1], budget)
		if err == nil && o.Status != Survived {
			err = &UnfitError{ids[i], o}
		}
		errs[i] = err
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Campaign tries mutants, several at once. What each shows does not depend on how
// many run at once, nor on the order in which they end.
type Campaign struct {
	Lab     *Lab
	Mutants []*Mutant
	Trial   Trial
	Jobs    int
	End     time.Time // no mutant is begun after it; zero is never
}

// Run tries the mutants. It calls done for each, in their order, on the caller's
// goroutine, and returns the first error of the lab, after which no more are tried.
func (c *Campaign) Run(ctx context.Context, done func(int, Record)) error {
	return InOrder(ctx, len(c.Mutants), c.Jobs, func(ctx context.Context, i int) (Record, error) {
		m := c.Mutants[i]
		if !c.End.IsZero() && time.Now().After(c.End) {
			return Record{Mutant: m, Result: NotTried, Why: "the time was over"}, nil
		}
		return c.Lab.Try(ctx, m, c.Trial)
	}, done)
}

// InOrder calls work for 0 to n-1, up to jobs at once, and done with the result of each, in
// this order, on the caller's goroutine. It returns when all work has, with the first error
// in this order; that cancels the context of the others, and nothing is done with theirs.
func InOrder[R any](ctx context.Context, n, jobs int, work func(ctx context.Context, i int) (R, error), done func(i int, r R)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type ended struct {
		result R
		err    error
	}
	results := make([]chan ended, n)
	for i := range results {
		results[i] = make(chan ended, 1)
	}
	go parallel(n, jobs, func(i int) {
		r, err := work(ctx, i)
		results[i] <- ended{r, err}
	})
	var first error
	for i := range results {
		e := <-results[i]
		switch {
		case first != nil: // only to wait for all
		case e.err != nil:
			first = e.err
			cancel()
		default:
			done(i, e.result)
		}
	}
	return first
}

// parallel calls f for 0 to n-1, in this order, up to jobs at once, and returns when
// all have returned.
func parallel(n, jobs int, f func(int)) {
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		next  int
	)
	for range min(n, jobs) {
		group.Go(func() {
			for {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= n {
					return
				}
				f(i)
			}
		})
	}
	group.Wait()
}
