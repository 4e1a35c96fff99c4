package linearizability

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"synchrony/checkers"
)

// explain says how far an epoch that is not linearizable from any of its states can
// be explained, what then cannot, and which few calls are to blame.
func (s *space) explain(e *epoch) Result {
	f := &fault{space: s, starts: s.starts(e), budget: 10 * prefixSteps, trial: prefixSteps}
	calls := f.prefix(e.calls)
	sure := !f.unsure
	f.budget, f.trial = explainSteps, trialSteps
	var r Result
	var longest []*compiled
	start := f.starts[0]
	for _, state := range f.starts[:min(len(f.starts), maxShown)] {
		model, _ := bounded(s.machine().model(s.withMarks(state, calls)), explainSteps)
		_, info := porcupine.CheckOperationsVerbose(model, operations(calls), 0)
		if sequence := longestOf(info); len(sequence) > len(longest) {
			longest, start = make([]*compiled, len(sequence)), state
			for i, id := range sequence {
				longest[i] = calls[id]
			}
		}
	}
	var core []*compiled
	core, r.Minimal = f.core(calls)
	// The last of them to return is the first return that nothing explains. (There is one:
	// calls that never returned can always be explained.)
	var last time.Duration
	for i, c := range core {
		if i == 0 || c.call.Returned > last {
			r.Prefix, last = c.index, c.call.Returned
		}
	}
	if !sure {
		r.Prefix = -1
	}
	r.Longest, r.Core = indices(longest), indices(core)
	slices.Sort(r.Core)
	inside := map[*compiled]bool{}
	for _, c := range longest {
		inside[c] = true
	}
	var rest []*compiled
	for _, c := range calls {
		if !inside[c] && !c.call.Pending() {
			rest = append(rest, c)
		}
	}
	slices.SortStableFunc(rest, func(x, y *compiled) int { return cmp.Compare(x.call.Returned, y.call.Returned) })
	r.Verdict = s.failure(start, longest, rest, core)
	return r
}

// indices are the calls' places in the history, each once.
func indices(calls []*compiled) []int {
	var list []int
	for _, c := range calls {
		if !slices.Contains(list, c.index) {
			list = append(list, c.index)
		}
	}
	return list
}

// longestOf is the longest partial linearization, by the indices of its operations; of several, the first by these.
func longestOf(info porcupine.LinearizationInfo) []int {
	var best []int
	for _, part := range info.PartialLinearizations() {
		for _, ids := range part {
			if len(ids) > len(best) || len(ids) == len(best) && slices.Compare(ids, best) < 0 {
				best = ids
			}
		}
	}
	return best
}

// listed adds a line for each of some things to evidence, and for those beyond a number one that says how many they are.
func listed[T any](evidence []string, things []T, most int, line func(T) string) []string {
	for i, x := range things {
		if i == most {
			return append(evidence, fmt.Sprintf("  … and %d more", len(things)-i))
		}
		evidence = append(evidence, "  "+line(x))
	}
	return evidence
}

// failure is the verdict of calls of which at most some can be explained.
func (s *space) failure(start state, longest, rest, core []*compiled) checkers.Verdict {
	m := s.machine()
	state := m.array(start)
	evidence := []string{fmt.Sprintf("from %s, %d calls can be explained, in this order:", s.describe(m, state), len(longest))}
	for i, c := range longest {
		if _, next := m.run(state, c); next != nil {
			state = next
		}
		if i >= len(longest)-maxShown {
			evidence = append(evidence, "  "+c.String())
		}
	}
	if hidden := len(longest) - maxShown; hidden > 0 {
		evidence = slices.Insert(evidence, 1, fmt.Sprintf("  … %d others", hidden))
	}
	evidence = append(evidence, "which leaves "+s.describe(m, state)+"; these are left:")
	evidence = listed(evidence, rest, maxShown, (*compiled).String)
	evidence = append(evidence, "whatever the other calls did, these cannot be explained together:")
	evidence = listed(evidence, core, maxCore, (*compiled).String)
	reason := "the calls cannot be put in an order that explains their results"
	if len(rest) > 0 {
		reason = fmt.Sprintf("no order of the calls explains %v: after a longest sequence that can be explained, there is %s", rest[0], s.describe(m, state))
	}
	return checkers.Failed(NotLinearizable, reason, evidence...)
}

// maxShown bounds how many calls a verdict lists of either kind, and maxCore how many of
// those to blame.
const (
	maxShown = 8
	maxCore  = 20
)

// String is the call: "p1 [2ns, 5ns] read x 5", without times if they tell nothing.
func (c *compiled) String() string {
	if c.index < 0 {
		return "the end of the epoch"
	}
	what := c.text
	if what == "" {
		what = c.wording.Text(c.call)
	}
	if c.untimed {
		return fmt.Sprintf("p%d %s", c.call.Process, what)
	}
	until := "…"
	if !c.call.Pending() {
		until = c.call.Returned.String()
	}
	return fmt.Sprintf("p%d [%v, %s] %s", c.call.Process, c.call.Invoked, until, what)
}

// describe is a state: "{x: 5, y: nil}".
func (s *space) describe(m *machine, state *array[cell]) string {
	names := make([]string, len(s.keys)) // and no marks
	for name, k := range s.keys {
		names[k] = name
	}
	var sb strings.Builder
	for k, name := range names {
		if k == maxShown {
			sb.WriteString(", …")
			break
		}
		if k > 0 {
			sb.WriteString(", ")
		}
		fmt.Fprintf(&sb, "%s: %v", name, m.value(state.at(int32(k))))
	}
	return "{" + sb.String() + "}"
}
