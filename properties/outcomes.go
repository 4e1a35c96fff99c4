package properties

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

// Outcomes are the different outcomes of the schedules of a case. Those of disjoint parts of an exploration add up.
type Outcomes struct {
	// Counts are in how many schedules each outcome came, the most frequent first, and of equal ones by text.
	Counts []OutcomeCount `json:"counts,omitempty"`
	// Others is how many schedules had none of these: there were too many outcomes to keep them apart.
	Others int `json:"others,omitempty"`
}

// OutcomeCount is in how many schedules an outcome came.
type OutcomeCount struct {
	Text      string `json:"text"` // as of [Property.Outcome], the middle left out if it is long
	Schedules int    `json:"schedules"`
}

// How many outcomes a part of an exploration keeps apart, the first that came, and how many bytes of the text of each.
const (
	maxOutcomes    = 1000
	maxOutcomeText = 400
)

// Valid reports whether the counts can be those of schedules.
func (o *Outcomes) Valid() bool {
	return o.Others >= 0 && !slices.ContainsFunc(o.Counts, func(c OutcomeCount) bool { return c.Schedules < 1 })
}

// merge adds the outcomes of another part.
func (o *Outcomes) merge(other Outcomes) {
	t := tally{other: o.Others + other.Others}
	for _, c := range slices.Concat(o.Counts, other.Counts) {
		t.add(c.Text, c.Schedules)
	}
	*o = t.sorted()
}

// tally counts outcomes.
type tally struct {
	schedules map[string]int
	other     int
}

// count counts a schedule's outcome.
func (t *tally) count(text string) {
	text = keyOf(text)
	if _, known := t.schedules[text]; !known && len(t.schedules) >= maxOutcomes {
		t.other++
		return
	}
	t.add(text, 1)
}

func (t *tally) add(text string, schedules int) {
	if t.schedules == nil {
		t.schedules = map[string]int{}
	}
	t.schedules[text] += schedules
}

// sorted returns the counts, the most frequent outcome first.
func (t *tally) sorted() Outcomes {
	o := Outcomes{Others: t.other}
	for text, n := range t.schedules {
		o.Counts = append(o.Counts, OutcomeCount{text, n})
	}
	slices.SortFunc(o.Counts, func(a, b OutcomeCount) int {
		return cmp.Or(cmp.Compare(b.Schedules, a.Schedules), strings.Compare(a.Text, b.Text))
	})
	return o
}

// keyOf shortens a long text, so that different ones stay different.
func keyOf(text string) string {
	if len(text) <= maxOutcomeText {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	return fmt.Sprintf("%s … (%d bytes, sha256 %x)", strings.ToValidUTF8(text[:maxOutcomeText], ""), len(text), sum[:8])
}
