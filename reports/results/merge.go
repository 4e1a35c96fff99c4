package results

import (
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
// run: beyond says it, a line each.
func Merge(parts []Part) (run *Run, beyond []string, err error) {
	parts, err = inOrder(parts)
	if err != nil {
		return nil, nil, err
	}
	first := parts[0].Run
	run = &Run{
		Tool: first.Tool, Command: whole(first), Seed: first.Seed, Iterations: first.Iterations, Limit: first.Limit, Budget: first.Budget,
		Began: first.Began, Properties: make([]Property, len(first.Properties)),
	}
	for _, p := range parts {
		run.Interrupted = run.Interrupted || p.Run.Interrupted
		run.Elapsed = max(run.Elapsed, p.Run.Elapsed) // shards run side by side
		if p.Run.Began.Before(run.Began) {
			run.Began = p.Run.Began
		}
	}
	for i := range run.Properties {
		var after []string
		run.Properties[i], after = mergeProperty(parts, i)
		beyond = append(beyond, after...)
	}
	return run, beyond, nil
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
		if s := p.Run.Shard; s.Index < 1 || s.Index > s.Of {
			return nil, &MergeError{p.File, fmt.Sprintf("is said to be of shard %v, which cannot be", s)}
		}
		if what := difference(parts[0].Run, p.Run); what != "" {
			return nil, &MergeError{p.File, fmt.Sprintf("is of another run than %s: %s", parts[0].File, what)}
		}
	}
	of := parts[0].Run.Shard.Of
	files := make([]string, of)
	sorted := make([]Part, of)
	for _, p := range parts {
		i := p.Run.Shard.Index - 1
		if files[i] != "" {
			return nil, &MergeError{p.File, fmt.Sprintf("is of shard %v, as is %s", p.Run.Shard, files[i])}
		}
		files[i], sorted[i] = p.File, p
	}
	var missing []string
	for i, file := range files {
		if file == "" {
			missing = append(missing, Shard{i + 1, of}.String())
		}
	}
	if len(missing) > 0 {
		return nil, &MergeError{What: fmt.Sprintf("shards are missing: %s", strings.Join(missing, ", "))}
	}
	return sorted, nil
}

// difference says in what two shards are not of the same run; empty if they are.
func difference(a, b *Run) string {
	ids := func(r *Run) string {
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
	merged.Part = false
	return merged, beyond
}
