package campaign

import (
	"context"
	"sync"
)

// InOrder calls work for 0 to n-1, up to jobs at once, and done with each result, in this order, on
// the caller's goroutine. Work begins in this order, too.
//
// If work fails for a number, none with a higher number is begun, and the contexts of those under way
// are canceled: their results do not matter. InOrder returns when all work has, with the error of the
// lowest number that failed.
func InOrder[R any](ctx context.Context, n, jobs int, work func(ctx context.Context, i int) (R, error), done func(i int, r R)) error {
	turns := make([]int, n)
	for i := range turns {
		turns[i] = i
	}
	return inTurn(ctx, turns, jobs, work, done)
}

// inTurn is InOrder for numbers whose work begins in another order: turns has each of 0 to n-1 once.
func inTurn[R any](ctx context.Context, turns []int, jobs int, work func(ctx context.Context, i int) (R, error), done func(i int, r R)) error {
	n := len(turns)
	p := pool[R]{turns: turns, results: make([]chan result[R], n), cancel: make([]context.CancelFunc, n), end: n}
	for i := range p.results {
		p.results[i] = make(chan result[R], 1)
	}
	var group sync.WaitGroup
	defer group.Wait()
	for range min(n, max(jobs, 1)) {
		group.Go(func() {
			for {
				i, own, ok := p.begin(ctx)
				if !ok {
					return
				}
				value, err := work(own, i)
				p.ended(i, result[R]{value, err})
			}
		})
	}
	for i := range n {
		r := <-p.results[i]
		if r.err != nil {
			return r.err
		}
		done(i, r.value)
	}
	return nil
}

// result is what work returned.
type result[R any] struct {
	value R
	err   error
}

// pool is what the goroutines of InOrder share.
type pool[R any] struct {
	turns   []int            // numbers in the order in which they begin
	results []chan result[R] // by number, each with room for one

	mu     sync.Mutex
	begun  int                  // of turns
	end    int                  // the lowest number that failed; no higher one matters
	cancel []context.CancelFunc // by number; nil if it is not under way
}

// begin returns the next number, and the context of its work.
func (p *pool[R]) begin(parent context.Context) (int, context.Context, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.begun < len(p.turns) && p.turns[p.begun] >= p.end {
		p.begun++
	}
	if p.begun == len(p.turns) {
		return 0, parent, false
	}
	i := p.turns[p.begun]
	p.begun++
	ctx, cancel := context.WithCancel(parent)
	p.cancel[i] = cancel
	return i, ctx, true
}

// ended hands in the result of a number.
func (p *pool[R]) ended(i int, r result[R]) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cancel[i]()
	p.cancel[i] = nil
	if r.err != nil && i < p.end {
		p.end = i
		for _, cancel := range p.cancel[i+1:] {
			if cancel != nil {
				cancel()
			}
		}
	}
	p.results[i] <- r
}
