package properties

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// How much is run to find out what a failure depends on. All of it is small beside what shrinking takes.
const (
	whySchedules = 120  // sampled schedules of the shrunk case
	whySteps     = 3000 // of a run: longer ones are not looked at
	whyPairs     = 2000 // pairs of steps that are compared
	whyRuns      = 3000 // in all
	whyTries     = 60   // schedules of a case in which a number was changed
	whyNumbers   = 24   // numbers that are changed
)

// why says what a shrunk failure depends on, a line each: which steps must be in which order, as far as sampled schedules
// show it, and which numbers of the workload could be others. It returns how many runs it took.
func (p *engine[W, O]) why(ctx context.Context, small *shrunk[W, O]) (lines []string, runs int) {
	rec := small.finding.record
	if rec == nil || p.Unscheduled || p.uncontrolled != "" || len(rec.Steps) > whySteps || small.differs != "" ||
		p.Large != nil && p.Large(small.workload) {
		return nil, 0
	}
	defer p.apart()()
	x := &explanation[W, O]{engine: p.fresh(), small: small, until: small.until, steps: p.Acts == nil || rec.Stuck != nil, waited: map[string]bool{}}
	x.object = p.objectNames(small.workload, &small.finding.attempt)
	if !idle(rec) && (rec.Stuck == nil || rec.Stuck.Kind == sched.Deadlock) {
		x.run = x.acts(rec, small.finding.observation)
		x.await(ctx)
		lines = append(lines, x.order(ctx)...)
	}
	return append(lines, x.numbers(ctx)...), x.runs
}

// explanation is what is found out about one failure.
type explanation[W, O any] struct {
	engine *engine[W, O]
	small  *shrunk[W, O]
	run    []named                      // what was done in the failing run, and what its tasks wait for at its end
	steps  bool                         // acts are the steps of runs, and not what the property tells
	object func(schedule.Object) string // names one
	waited map[string]bool              // the objects that tasks wait for, of those that steps are on
	until  time.Time                    // when it must end; zero is never
	runs   int
	over   bool // the system was waited for as long as it may take
}

// spent reports whether no more may be run.
func (x *explanation[W, O]) spent(ctx context.Context) bool {
	return ctx.Err() != nil || x.engine.hung || x.over || x.runs >= whyRuns || !x.until.IsZero() && time.Now().After(x.until)
}

// fails runs w once, and reports whether it fails as the shrunk case did.
func (x *explanation[W, O]) fails(ctx context.Context, w W, s sched.Strategy) (done []named, failed, ok bool) {
	if x.spent(ctx) {
		return nil, false, false
	}
	a, err := x.engine.run(ctx, w, s)
	x.runs++
	if a.waited { // as the next one would
		x.over = true
	}
	if s := a.ended(); err != nil || a.final() || s != nil && s.Kind != sched.Deadlock {
		return nil, false, false
	}
	return x.acts(a.record, a.observation), a.failed(x.small.finding.checker), true
}

// onValue reports whether an operation is on a value, and not on what tasks wait for.
func onValue(op schedule.Op) bool {
	return slices.Contains([]schedule.Op{schedule.OpRead, schedule.OpWrite, schedule.OpLoad, schedule.OpStore, schedule.OpRMW, schedule.OpAdd}, op)
}

// Act is something that was done in a run, by whom, and to what. Acts of different runs that are equal are the same.
type Act struct {
	Who, What string // "transfer2", "writes a"; or "worker 1", "loads counter/0"
	Object    string // two acts of different doers on one object, of which one changes it, may matter in their order
	Changes   bool
}

// named is an act in whatever schedule it comes: the n-th of those that are equal.
type named struct {
	Act
	n     int
	waits bool // it was not done: its doer waits for it
}

// acts are those of a run, as the property tells them; its steps, if it does not.
func (x *explanation[W, O]) acts(r *sched.Record, o O) []named {
	switch {
	case !x.steps && r.Stuck != nil: // it tells nothing
		return nil
	case !x.steps:
		return numbered(x.engine.Acts(x.small.workload, o))
	}
	list, deeds := make([]Act, 0, len(r.Steps)), schedule.Deeds(r.Steps, nil, x.object, r.Name)
	for i, s := range r.Steps {
		if s.Task >= 0 && int(s.Task) < len(r.Tasks) && s.Object.Class != schedule.ClassNone {
			list = append(list, actOf(r, s, deeds[i]))
			if !onValue(s.Op) {
				x.waited[s.Object.String()] = true
			}
		}
	}
	return numbered(list)
}

// actOf is a step as an act. Objects have the names of the failing run, so that acts of other runs are the same.
func actOf(r *sched.Record, s schedule.Step, deed string) Act {
	return Act{Who: r.Name(s.Task), What: deed, Object: s.Object.String(), Changes: s.Op != schedule.OpRead && s.Op != schedule.OpLoad}
}

func numbered(list []Act) []named {
	out := make([]named, len(list))
	seen := map[Act]int{}
	for i, a := range list {
		seen[a]++
		out[i] = named{Act: a, n: seen[a]}
	}
	return out
}

// pair is two acts of the failing run, the first before the second, and in which sampled schedules they were in that order.
type pair struct {
	first, second int
	inOrder       []bool // by schedule
}

// split counts how many schedules are of two kinds, and how many of each failed.
type split struct{ in, inFailed, out, outFailed int }

// leastOfKind is of how many schedules a kind must be to say anything.
const leastOfKind = 3

// score is how well the kinds tell failing schedules from others, up to 1.
func (s split) score() float64 {
	if s.in < leastOfKind || s.out < leastOfKind {
		return 0
	}
	return float64(s.inFailed)/float64(s.in) - float64(s.outFailed)/float64(s.out)
}

// by splits the schedules by whether all pairs were in order.
func by(failed []bool, pairs ...*pair) (s split) {
	for k, bad := range failed {
		in := true
		for _, q := range pairs {
			in = in && q.inOrder[k]
		}
		n, f := &s.out, &s.outFailed
		if in {
			n, f = &s.in, &s.inFailed
		}
		*n++
		if bad {
			*f++
		}
	}
	return s
}

// order looks for the two acts whose order tells best in which schedules the case fails; for twice two, if that tells more.
func (x *explanation[W, O]) order(ctx context.Context) []string {
	pairs := x.conflicting()
	if len(pairs) == 0 {
		return nil
	}
	failed := x.sample(ctx, pairs)
	failures := 0
	for _, bad := range failed {
		if bad {
			failures++
		}
	}
	switch len(failed) {
	case 0:
		return nil
	case failures:
		return []string{fmt.Sprintf("It fails in each of %d sampled schedules: no order of steps was seen to matter.", len(failed))}
	}
	// That a task came to wait is what became of the failure. The order of what was done to a value is what led to it, if it tells as much.
	best, told := x.best(failed, slices.DeleteFunc(slices.Clone(pairs), func(q pair) bool { return x.waited[x.run[q.first].Object] }))
	const (
		good  = 0.95
		clear = 0.5 // below this, the order of steps alone says little
	)
	if best.score() < good {
		best, told = x.best(failed, pairs)
	}
	if best.score() < clear {
		return []string{fmt.Sprintf("It fails in %d of %d sampled schedules.", failures, len(failed))}
	}
	var orders []string
	for _, q := range told {
		orders = append(orders, fmt.Sprintf("%v before %v", x.run[q.first], x.run[q.second]))
	}
	return []string{fmt.Sprintf("Of %d sampled schedules, it fails in %d of the %d in which %s, and in %d of the other %d.",
		len(failed), best.inFailed, best.in, strings.Join(orders, " and "), best.outFailed, best.out)}
}

// best returns the pair, or the two, whose order tells most. The earlier in the list wins, and one against two.
func (x *explanation[W, O]) best(failed []bool, pairs []pair) (best split, told []*pair) {
	if len(pairs) == 0 {
		return split{}, nil
	}
	ranked := make([]*pair, len(pairs))
	for k := range pairs {
		ranked[k] = &pairs[k]
	}
	score := func(q *pair) float64 { return by(failed, q).score() }
	slices.SortStableFunc(ranked, func(a, b *pair) int { return cmp.Compare(score(b), score(a)) })
	best, told = by(failed, ranked[0]), ranked[:1]
	const (
		good     = 0.95
		combined = 40
	)
	if best.score() >= good {
		return best, told
	}
	ranked = ranked[:min(len(ranked), combined)]
	for i, q := range ranked {
		for _, r := range ranked[i+1:] {
			if s := by(failed, q, r); s.score() > best.score()+0.05 {
				best, told = s, []*pair{q, r}
			}
		}
	}
	return best, told
}

// sample runs the case under sampled schedules, notes the order of each pair in each, and returns which failed.
func (x *explanation[W, O]) sample(ctx context.Context, pairs []pair) (failed []bool) {
	steps := len(x.small.finding.record.Steps)
	for i := range whySchedules {
		name := byPOS
		if i%3 == 2 {
			name = byRandom
		}
		done, bad, ok := x.fails(ctx, x.small.workload, sampled(name, uint64(i+1), steps))
		if !ok {
			continue
		}
		failed = append(failed, bad)
		at := map[named]int{}
		for k, a := range done {
			at[a] = k + 1
		}
		for k := range pairs {
			q := &pairs[k]
			first, second := at[x.run[q.first]], at[x.run[q.second].done()]
			q.inOrder = append(q.inOrder, first > 0 && (second == 0 || second > first))
		}
	}
	return failed
}

// done is the act itself, though its doer waits for it in the failing run.
func (a named) done() named {
	a.waits = false
	return a
}

func (a named) String() string {
	text := a.Who + " " + a.What
	if a.n > 1 {
		text += fmt.Sprintf(" (number %d)", a.n)
	}
	if a.waits {
		text += " (for which it waits)"
	}
	return text
}

// await adds what the tasks wait for at the end of a run that is stuck, after all else.
func (x *explanation[W, O]) await(ctx context.Context) {
	rec := x.small.finding.record
	if rec.Stuck == nil {
		return
	}
	again, err := x.engine.positioned(ctx, x.small.workload, rec)
	if err != nil {
		return
	}
	x.runs++
	for _, s := range again.States {
		for _, o := range s.Objects {
			step := schedule.Step{Task: s.Task, Op: s.Op, Object: o}
			a := named{Act: actOf(again, step, step.Deed(x.object, again.Name)), n: 1}
			for slices.Contains(x.run, a) {
				a.n++
			}
			a.waits = true
			x.run = append(x.run, a)
		}
	}
}

// conflicting are the pairs of acts of different doers on one object, one of them changing it.
func (x *explanation[W, O]) conflicting() (pairs []pair) {
	last := map[string][]int{}
	for j, second := range x.run {
		for _, i := range last[second.Object] {
			if first := x.run[i]; first.waits || first.Who == second.Who || !first.Changes && !second.Changes {
				continue
			}
			if pairs = append(pairs, pair{first: i, second: j}); len(pairs) >= whyPairs {
				return pairs
			}
		}
		last[second.Object] = append(last[second.Object], j)
	}
	return pairs
}
