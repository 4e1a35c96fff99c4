package vm

import (
	"context"
	"errors"
	"fmt"

	"synchrony/executor/sched"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// ParallelVM runs programs. It may be used by any number of tasks at once.
type ParallelVM struct {
	rt     *sched.Runtime
	config *config

	mu     sched.Mutex // guards loaded
	loaded map[*program.Program]*loaded
}

// loaded is a program with its plans, which serve every run of it.
type loaded struct {
	unit  *unit
	fine  *plan       // see pieces
	mu    sched.Mutex // guards plans
	plans map[BytecodeChunker]*plan
}

// maxLoaded bounds how many programs a machine remembers.
const maxLoaded = 64

// Result is what a run gives.
type Result struct {
	program.Outcome
	Mode    program.Mode // how it ran: Parallel if workers took part
	Metrics ExecutionMetrics
}

// ExecutionMetrics counts what a run did; it is zero if metrics are off.
type ExecutionMetrics = trace.ProgramMetrics

var errCancelled = errors.New("the run was cancelled")

// GaveUpError is a chunk whose attempts were used up, in a run without fallback.
type GaveUpError struct{ Err error }

func (e *GaveUpError) Error() string {
	return fmt.Sprintf("gave up: %v; allow the fallback to sequential execution, or more retries", e.Err)
}

func (e *GaveUpError) Unwrap() error { return e.Err }

// New makes a virtual machine on a runtime; nil means plain goroutines. Its error is a [*ConfigError].
func New(rt *sched.Runtime, c ParallelConfig) (*ParallelVM, error) {
	full, err := c.complete()
	if err != nil {
		return nil, err
	}
	return &ParallelVM{rt: rt, config: full, loaded: make(map[*program.Program]*loaded)}, nil
}

// load compiles a program, which must not change any more.
func (v *ParallelVM) load(p *program.Program) (*loaded, error) {
	v.mu.Lock(v.rt)
	l := v.loaded[p]
	v.mu.Unlock(v.rt)
	if l != nil {
		return l, nil
	}
	u, err := load(p)
	if err != nil {
		return nil, err
	}
	l = &loaded{unit: u, plans: make(map[BytecodeChunker]*plan)}
	if v.config.Mode == program.Auto {
		l.fine = l.pieces(v.rt, v.config.costs)
	}
	v.config.log("loaded", "functions", len(u.functions), "instructions", len(u.functions[0].exact))
	v.mu.Lock(v.rt)
	defer v.mu.Unlock(v.rt)
	if len(v.loaded) >= maxLoaded {
		clear(v.loaded)
	}
	v.loaded[p] = l
	return l, nil
}

// Run runs a program, and returns what sequential execution shows; an error of the program is part of
// that. Its own error is a [*program.InvalidError], [*TimeoutError], [*GaveUpError], [*PanicError], or
// the context's. The program must not change, now or later: its analysis is remembered.
func (v *ParallelVM) Run(ctx context.Context, p *program.Program) (Result, error) {
	o, err := v.execute(ctx, p, nil)
	return o.Result, err
}

// execution is a result with what an observer wants to know.
type execution struct {
	Result
	plan *plan // nil if none was needed
}

func (v *ParallelVM) execute(ctx context.Context, p *program.Program, rec *recorder) (execution, error) {
	l, err := v.load(p)
	if err != nil {
		return execution{}, err
	}
	r := &run{
		unit: l.unit, rt: v.rt, rec: rec, limits: v.config.Limits, mode: v.config.Mode,
		workers: v.config.Workers, costs: v.config.costs, timeout: v.config.Timeout, started: v.rt.Now(),
	}
	if rec != nil {
		rec.start = v.rt.Stamp()
	}
	if ctx.Done() != nil {
		stop := v.rt.OnDone(ctx, func() { r.stop.CompareAndSwap(r.rt, goOn, cancelled) })
		defer stop()
	}
	x, err := v.guarded(r, l)
	if errors.Is(err, errCancelled) {
		err = context.Cause(ctx)
	}
	if err != nil {
		v.config.log("run failed", "error", err)
	}
	x.Metrics.Total = v.rt.Now() - r.started
	if v.config.NoMetrics {
		x.Metrics = ExecutionMetrics{}
	}
	return x, err
}

// guarded turns a panic, which would be a fault of this package, into an error.
func (v *ParallelVM) guarded(r *run, l *loaded) (x execution, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = newPanic(p)
		}
	}()
	return v.choose(r, l)
}

// choose runs in the mode that was asked for.
func (v *ParallelVM) choose(r *run, l *loaded) (execution, error) {
	switch {
	case r.mode == program.Parallel:
		p := l.plannedFor(v.rt, BytecodeChunker{Size: v.config.ChunkSize, MinSize: v.config.MinChunkSize})
		return v.inParallel(r, p, r.sequential(), 0, false)
	case r.mode == program.Auto && r.workers > 1 && len(l.fine.chunks) > 1:
		return v.automatic(r, l)
	default: // or there is nothing to decide
		m := r.sequential()
		st := m.resume()
		return r.sequentialResult(m, st)
	}
}

// inParallel runs the chunks of a plan from the first on. m has the state before that one, or is under way in it.
func (v *ParallelVM) inParallel(r *run, p *plan, m *machine, first int, underWay bool) (execution, error) {
	s := newScheduler(r, p, v.config, first)
	if p.needsBefore(first) {
		s.base = m.snapshot()
	}
	v.config.log("running in parallel", "chunks", len(p.chunks)-first, "workers", r.workers)
	m, st := s.parallel(m, underWay)
	x := execution{plan: p}
	x.Metrics = s.metrics
	x.Metrics.Chunks, x.Metrics.Workers = len(p.chunks), r.workers
	x.Metrics.Succeeded, x.Metrics.Failed = s.succeeded, s.failed
	x.Metrics.Retried, x.Metrics.Abandoned, x.Metrics.Errors = s.retried, s.abandoned, s.errors
	x.Mode = program.Parallel
	if x.Metrics.Fallbacks > 0 {
		x.Mode = program.Sequential
	}
	if err := r.endOf(s, m, st); err != nil {
		return x, err
	}
	x.Outcome = m.outcome(st)
	r.unit.spare.Put(m.spare())
	return x, nil
}

// sequentialResult is the result of a machine that ran the program alone.
func (r *run) sequentialResult(m *machine, st status) (execution, error) {
	x := execution{Result: Result{Mode: program.Sequential}}
	x.Metrics.Workers = 1
	if err := r.endOf(nil, m, st); err != nil {
		return x, err
	}
	x.Outcome = m.outcome(st)
	r.unit.spare.Put(m.spare())
	return x, nil
}
