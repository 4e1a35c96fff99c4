package auto

import (
	"context"
	"sync"
	"time"
)

// Campaign tests mutants, several at once. What becomes of each does not depend on how
// many are tested at once.
type Campaign struct {
	Tester  *Tester
	Mutants []*Mutant
	Jobs    int
	End     time.Time // no mutant is begun after it; zero is never
}

// Run tests the mutants. It calls done for each, in their order, on the caller's
// goroutine. It returns the first error of the lab, after which no mutant is begun; those
// that were not begun have no verdict.
func (c *Campaign) Run(ctx context.Context, done func(Result)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type ended struct {
		result Result
		err    error
	}
	results := make([]chan ended, len(c.Mutants))
	for i := range results {
		results[i] = make(chan ended, 1)
	}
	next := make(chan int, len(c.Mutants))
	for i := range c.Mutants {
		next <- i
	}
	close(next)
	var workers sync.WaitGroup
	defer workers.Wait()
	for range c.Jobs {
		workers.Go(func() {
			for i := range next {
				var e ended
				if err := ctx.Err(); err != nil || !c.End.IsZero() && time.Now().After(c.End) {
					e.result, e.err = describe(c.Mutants[i]), err
				} else {
					e.result, e.err = c.Tester.Test(ctx, c.Mutants[i])
				}
				results[i] <- e
			}
		})
	}
	var first error
	for i := range results {
		e := <-results[i]
		switch {
		case first != nil: // only to wait for all
		case e.err != nil:
			first = e.err
			cancel()
		default:
			done(e.result)
		}
	}
	return first
}
