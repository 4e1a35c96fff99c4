package foreign

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// Observation is what a program showed.
type Observation[R any] struct {
	Result R
	// NotJudged is why nothing is known; empty if something is.
	NotJudged string
	waited    bool    // the program was silent, for as long as it may be
	told      bool    // it was told a schedule
	objects   objects // of that
}

// notJudged is why nothing is known, as an error.
func (o *Observation[R]) notJudged() error { return fmt.Errorf("not judged: %s", o.NotJudged) }

// Unavailable is why nothing is known.
func (o Observation[R]) Unavailable() (why string, waited bool) { return o.NotJudged, o.waited }

// ObjectName is what the program calls an object of its schedule.
func (o Observation[R]) ObjectName(x schedule.Object) string { return o.objects.name(x) }

// plain is a program, as of level 1.
type plain[W, R any] struct {
	ctx      context.Context // that of the program, not of a run: it goes on from run to run
	command  []string
	kind     string
	name     string
	patience time.Duration
	check    func(W, *R) (what string) // what cannot be an observation of it

	mu       sync.Mutex // held while the program is asked
	session  *session
	troubles troubles
}

// troubles are how often the program has failed, and how the first time.
type troubles struct {
	n     int
	first string
}

// free is a program of level 1 only.
type free[W, R any] struct{ *plain[W, R] }

// maxTroubles is how often a program is started that fails in some way, before it is given up: each may cost a patience.
const maxTroubles = 3

// Apart begins a count of failures, until restore goes on with that before.
func (p *plain[W, R]) Apart() (restore func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.troubles
	p.troubles = troubles{}
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.troubles = before
	}
}

// Name is how the program calls itself.
func (p *plain[W, R]) Name() string { return p.name }

// Run has the program run a workload as it does.
func (p *plain[W, R]) Run(_ context.Context, _ *sched.Runtime, w W) (Observation[R], error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	o, _, err := p.ask(w, nil)
	return o, err
}

// WhyUncontrolled says that a program of level 1 chooses its schedules itself.
func (p *free[W, R]) WhyUncontrolled() string {
	return "the program runs a workload as it does (level 1 of the protocol)"
}

// ask asks the program, which is started if it does not run. What goes wrong with it is an observation that is not judged; the error is the harness's.
func (p *plain[W, R]) ask(w W, s *plan) (Observation[R], *trace, error) {
	o := Observation[R]{told: s != nil}
	if p.troubles.n >= maxTroubles {
		o.NotJudged = fmt.Sprintf("%s was given up after it had failed %d times, the first time so: %s", p.name, p.troubles.n, p.troubles.first)
		return o, nil, nil
	}
	workload, err := json.Marshal(w)
	if err != nil {
		return o, nil, err
	}
	t, err := p.exchange(w, request{Kind: p.kind, Workload: workload, Schedule: s}, &o.Result)
	var refused *refusalError
	var late *lateError
	switch {
	case errors.As(err, &refused): // it goes on
		o.NotJudged = p.named(err)
	case err != nil:
		o.NotJudged, o.waited = p.failed(err), errors.As(err, &late)
	}
	return o, t, nil
}

// exchange makes the request, and reads the answer. Once the program is to end it is asked nothing more, which it might answer yet.
func (p *plain[W, R]) exchange(w W, r request, into *R) (*trace, error) {
	if err := p.ctx.Err(); err != nil {
		return nil, err
	}
	if p.session == nil {
		s, err := start(p.ctx, p.command, p.patience)
		if err != nil {
			return nil, err
		}
		p.session = s
	}
	a, err := p.session.ask(r)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(a.Observation, into); err != nil {
		return nil, fmt.Errorf("its observation is not understood: %w: %.80q", inWords(err), a.Observation)
	}
	if what := p.check(w, into); what != "" {
		return nil, errors.New("its observation cannot be: " + what)
	}
	return a.Trace, nil
}

// failed ends a program that has failed, and says how.
func (p *plain[W, R]) failed(err error) string {
	p.close()
	why := p.named(err)
	if p.troubles.n++; p.troubles.n == 1 {
		p.troubles.first = why
	}
	return why
}

// named is an error of the program's, with its name.
func (p *plain[W, R]) named(err error) string { return fmt.Sprintf("%s: %v", p.name, err) }

func (p *plain[W, R]) close() {
	if p.session != nil {
		p.session.close()
		p.session = nil
	}
}

// scheduled is a program of level 2.
type scheduled[W, R any] struct {
	*plain[W, R]
	always bool // it is of level 2 only, and so has to be told a schedule

	// Of the case run last: its workload, what it did by default, and its objects.
	last    []byte
	known   *sched.Trace
	objects objects
}

// Run has the program run a workload as it does, or by default if it has to be told how.
func (p *scheduled[W, R]) Run(ctx context.Context, rt *sched.Runtime, w W) (Observation[R], error) {
	if !p.always {
		return p.plain.Run(ctx, rt, w)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	o, _, err := p.ask(w, planOf(&sched.Plan{}, sched.DefaultMaxSteps))
	return o, err
}

// RunScheduled has the program run a workload on the schedule that s chooses.
func (p *scheduled[W, R]) RunScheduled(_ context.Context, r *sched.Runner, s sched.Strategy, options sched.Options, w W) (sched.Record, Observation[R], error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	workload, err := json.Marshal(w)
	if err != nil {
		return sched.Record{}, Observation[R]{}, err
	}
	if !slices.Equal(workload, p.last) {
		p.last, p.known, p.objects = workload, nil, objects{}
	}
	var o Observation[R]
	rec, err := r.Follow(s, options, p.known, func(plan *sched.Plan) (*sched.Trace, error) {
		var said *trace
		var err error
		if o, said, err = p.ask(w, planOf(plan, options.MaxSteps)); err != nil || o.NotJudged != "" {
			return nil, errors.Join(err, errNotJudged)
		}
		t, err := p.objects.trace(said, options.MaxSteps)
		if err != nil {
			o.NotJudged = p.failed(err)
			return nil, errNotJudged
		}
		if p.known == nil && len(plan.Turns) == 0 && plan.Priorities == nil {
			p.known = t
		}
		return t, nil
	})
	o.objects = p.objects
	var unfaithful *sched.UnfaithfulError
	switch {
	case errors.As(err, &unfaithful):
		o.NotJudged = p.failed(err)
		return sched.Record{}, o, nil
	case o.NotJudged != "":
		return sched.Record{}, o, nil
	}
	return rec, o, err
}

// errNotJudged ends a run that shows nothing.
var errNotJudged = errors.New("not judged")

// judged makes a checker of results one of observations.
func judged[W, R any](name string, check func(W, *R) checkers.Verdict) checkers.Checker[W, Observation[R]] {
	return checkers.New(name, func(w W, o Observation[R]) checkers.Verdict {
		if o.NotJudged != "" {
			return checkers.Undecided("%v", o.notJudged())
		}
		return check(w, &o.Result)
	})
}
