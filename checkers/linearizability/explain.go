package linearizability

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"synchrony/checkers"
	"synchrony/models/trace"
)

// explainTime is how long finding out what can be explained may take.
const explainTime = 2 * time.Second

// explain says how far an epoch that is not linearizable from any of its states can
// be explained, and what then cannot.
func (s *space) explain(e epoch, states [][]cell) Result {
	r, clock := Result{}, newClock(explainTime)
	var longest []*compiled
	start := states[0]
	for _, state := range states {
		model := s.model(state)
		_, info := porcupine.CheckOperationsVerbose(model, s.operations(e, nil), clock.left())
		sequence := longestOf(info, e)
		if r.model.Init == nil || len(sequence) > len(longest) {
			r.model, r.info, longest, start = model, info, sequence, state
		}
	}
	inside := map[*compiled]bool{}
	for _, c := range longest {
		inside[c] = true
		r.Longest = append(r.Longest, c.index)
	}
	var rest []*compiled
	for _, c := range e.calls {
		if !inside[c] && !c.call.Pending() {
			rest = append(rest, c)
		}
	}
	slices.SortStableFunc(rest, func(x, y *compiled) int { return cmp.Compare(x.call.Returned, y.call.Returned) })
	r.Verdict = s.failure(start, longest, rest)
	return r
}

// longestOf is the longest partial linearization of an epoch; of several, the first
// by the calls' order.
func longestOf(info porcupine.LinearizationInfo, e epoch) []*compiled {
	var best []int
	for _, part := range info.PartialLinearizations() {
		for _, ids := range part {
			if len(ids) > len(best) || len(ids) == len(best) && slices.Compare(ids, best) < 0 {
				best = ids
			}
		}
	}
	calls := make([]*compiled, len(best))
	for i, id := range best {
		calls[i] = e.calls[id]
	}
	return calls
}

// failure is the verdict of calls of which at most some can be explained.
func (s *space) failure(start []cell, longest, rest []*compiled) checkers.Verdict {
	state := newArray(slices.Clone(start))
	evidence := []string{fmt.Sprintf("from %s, %d calls can be explained, in this order:", s.describe(state), len(longest))}
	for i, c := range longest {
		if _, next := s.run(state, c); next != nil {
			state = next
		}
		if i >= len(longest)-maxShown {
			evidence = append(evidence, "  "+c.String())
		}
	}
	if hidden := len(longest) - maxShown; hidden > 0 {
		evidence = slices.Insert(evidence, 1, fmt.Sprintf("  … %d others", hidden))
	}
	evidence = append(evidence, "which leaves "+s.describe(state)+"; these are left:")
	for i, c := range rest {
		if i == maxShown {
			evidence = append(evidence, fmt.Sprintf("  … and %d more", len(rest)-i))
			break
		}
		evidence = append(evidence, "  "+c.String())
	}
	reason := "the calls cannot be put in an order that explains their results"
	if len(rest) > 0 {
		reason = fmt.Sprintf("no order of the calls explains %v: after a longest sequence that can be explained, there is %s", rest[0], s.describe(state))
	}
	return checkers.Failed(NotLinearizable, reason, evidence...)
}

// maxShown bounds how many calls a verdict lists of either kind.
const maxShown = 8

// String is the call: "p1 [2ns, 5ns] read x 5".
func (c *compiled) String() string {
	if c.index < 0 {
		return "the end of the epoch"
	}
	until := "…"
	if !c.call.Pending() {
		until = c.call.Returned.String()
	}
	words := make([]string, len(c.call.Actions))
	for i, a := range c.call.Actions {
		words[i] = a.String()
	}
	return fmt.Sprintf("p%d [%v, %s] %s", c.call.Process, c.call.Invoked, until, strings.Join(words, ", "))
}

// describe is a state: "{x: 5, y: nil}".
func (s *space) describe(state *array[cell]) string {
	names := make([]string, len(s.initial))
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
		fmt.Fprintf(&sb, "%s: %v", name, s.value(state.at(int32(k))))
	}
	return "{" + sb.String() + "}"
}

func (s *space) value(c cell) trace.Value {
	if c.kind == trace.Text {
		return trace.TextOf(s.texts.list[c.number])
	}
	return trace.Value{Kind: c.kind, Number: c.number}
}
