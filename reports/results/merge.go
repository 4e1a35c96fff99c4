package results

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"synchrony/properties/campaign"
)

// Part is the report of a shard, and the file that it was read from.
type Part struct {
	File string
	Run  *Run
}

// MergeError says why reports do not make up one run.
type MergeError struct {
	File string // the one that does not fit; empty if it is about all of them
	What string
}

func (e *MergeError) Error() string {
	if e.File == "" {
		return e.What
	}
	return e.File + ": " + e.What
}

// Merge makes the report of a whole run from those of all its shards, in any order.
// But for times it is the report that the run would have had in one piece.
//
// That one stops testing a property at its first violation. Shards are ranges of
// cases in order, so that what comes before it is the shards before, whole, and the
// shard that found it, up to there. What the shards after it found is not part of the
// run: beyond says it, a line each. Of a run that keeps going all of it is, but for what
// is of the same group as what a shard before found; counts then have what it took to
// shrink that, too.
func Merge(parts []Part) (run *Run, beyond []string, err error) {
	parts, err = inOrder(parts)
	if err != nil {
		return nil, nil, err
	}
	first := parts[0].Run
	run = &Run{
		Tool: first.Tool, Command: whole(first), Seed: first.Seed, Iterations: first.Iterations, Limit: first.Limit, Budget: first.Budget, Smoke: first.Smoke, KeepGoing: first.KeepGoing, Require: first.Require,
		Began: first.Began, Environment: first.Environment, Subject: first.Subject, PerTest: first.PerTest, Left: first.Left,
	}
	for _, p := range parts {
		run.Interrupted = run.Interrupted || p.Run.Interrupted
		run.Environment = run.Environment.shared(p.Run.Environment)
		run.Elapsed = max(run.Elapsed, p.Run.Elapsed) // shards run side by side
		if p.Run.Began.Before(run.Began) {
			run.Began = p.Run.Began
		}
	}
	if run.Subject == Tests {
		run.addTests(parts)
	} else {
		run.Properties = make([]Property, len(first.Properties))
		for i := range run.Properties {
			var after []string
			run.Properties[i], after = mergeProperty(parts, i)
			beyond = append(beyond, after...)
		}
	}
	if err := run.Check(); err != nil {
		return nil, nil, &MergeError{What: "the shards cannot be added up: " + err.Error()}
	}
	return run, beyond, nil
}

// addTests adds the tests of parts, which are in order: each part has tests of its own. What could not be built is refused
// by all of them, and comes first.
func (r *Run) addTests(parts []Part) {
	for _, p := range parts {
		r.Properties = append(r.Properties, p.Run.Properties...)
		for _, what := range p.Run.Refused {
			if !slices.Contains(r.Refused, what) {
				r.Refused = append(r.Refused, what)
			}
		}
	}
}

// inOrder sorts parts by shard, and refuses those that do not make up one run.
func inOrder(parts []Part) ([]Part, error) {
	if len(parts) == 0 {
		return nil, &MergeError{What: "no reports to merge"}
	}
	for _, p := range parts {
		if p.Run.Shard.Whole() {
			return nil, &MergeError{p.File, "is the report of a whole run, not of a shard"}
		}
		if err := p.Run.Check(); err != nil {
			return nil, &MergeError{p.File, "cannot be true: " + err.Error()}
		}
		if what := difference(parts[0].Run, p.Run); what != "" {
			return nil, &MergeError{p.File, fmt.Sprintf("is of another run than %s: %s", parts[0].File, what)}
		}
	}
	sorted := slices.Clone(parts)
	slices.SortStableFunc(sorted, func(a, b Part) int { return cmp.Compare(a.Run.Shard.Index, b.Run.Shard.Index) })
	for i, p := range sorted[1:] {
		if p.Run.Shard == sorted[i].Run.Shard {
			return nil, &MergeError{p.File, fmt.Sprintf("is of shard %v, as is %s", p.Run.Shard, sorted[i].File)}
		}
	}
	return sorted, complete(sorted)
}

// maxMissing is how many missing shards are named.
const maxMissing = 10

// complete says which shards are missing among parts, which are in order.
func complete(parts []Part) error {
	of := parts[0].Run.Shard.Of
	n := of - len(parts)
	if n == 0 {
		return nil
	}
	var missing []string
	for i, next := 1, 0; i <= of && len(missing) < min(n, maxMissing); i++ {
		if next < len(parts) && parts[next].Run.Shard.Index == i {
			next++
		} else {
			missing = append(missing, Shard{i, of}.String())
		}
	}
	text := strings.Join(missing, ", ")
	if n > maxMissing {
		text += fmt.Sprintf(" and %d more", n-maxMissing)
	}
	return &MergeError{What: "shards are missing: " + text}
}

// difference says in what two shards are not of the same run; empty if they are.
func difference(a, b *Run) string {
	ids := func(r *Run) string {
		if r.Subject == Tests { // each has its own
			return ""
		}
		var list []string
		for i := range r.Properties {
			list = append(list, r.Properties[i].Info.ID)
		}
		return strings.Join(list, " ")
	}
	for _, d := range []struct {
		what string
		a, b any
	}{
		{"version", a.Tool, b.Tool},
		{"build", a.Build, b.Build},
		{"subject", a.Subject, b.Subject},
		{"number of schedules", a.PerTest, b.PerTest},
		{"list of what is native", strings.Join(a.Left, "\n"), strings.Join(b.Left, "\n")},
		{"number of shards", a.Shard.Of, b.Shard.Of},
		{"seed", a.Seed, b.Seed},
		{"iterations", a.Iterations, b.Iterations},
		{"time", a.Limit, b.Limit},
		{"budget", a.Budget, b.Budget},
		{"properties", ids(a), ids(b)},
		{"command", whole(a), whole(b)},
	} {
		if d.a != d.b {
			return fmt.Sprintf("the %s is %+v, not %+v", d.what, d.b, d.a)
		}
	}
	return ""
}

// whole is the command of the run that a shard is a part of.
func whole(r *Run) string { return strings.TrimSuffix(r.Command, r.Shard.Flag()) }

// mergeProperty merges what the parts, in order, say of their i-th property, up to
// the first that ended it.
func mergeProperty(parts []Part, i int) (merged Property, beyond []string) {
	ended := Shard{}
	for k, part := range parts {
		p := part.Run.Properties[i]
		switch {
		case !ended.Whole():
			for _, f := range p.Result.Failures {
				beyond = append(beyond, fmt.Sprintf("%s: shard %v, too, found a violation, in case %d (%s), after the one of shard %v at which the whole run ends",
					p.Info.ID, part.Run.Shard, f.Case, title(&f), ended))
			}
			continue
		case k == 0:
			merged = p
			merged.Result.Labels, merged.Result.Sometimes = slices.Clone(p.Result.Labels), slices.Clone(p.Result.Sometimes)
		default:
			(*campaign.Outcome)(&merged).Add((*campaign.Outcome)(&p))
		}
		if (*campaign.Outcome)(&p).Ended() {
			ended = part.Run.Shard
		}
	}
	merged.Part, merged.KeepGoing = parts[0].Run.Smoke, parts[0].Run.KeepGoing
	return merged, beyond
}
