package record

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"

	"synchrony/checkers"
)

// Table is what checkers say, by the class of what they are asked about.
type Table map[string]*Row

// Row is what they say of the questions of one class.
type Row struct {
	Questions int
	verdicts  map[string]tally // by checker and rule: "race: fail: stale read"
}

// tally is a verdict: how often it was given, and what was said with it.
type tally struct {
	count int
	words uint32 // a digest (FNV-1a) of all reasons and evidence, in order
}

// at is the row of a class, an empty one if there is none.
func (t Table) at(class string) Row {
	if r := t[class]; r != nil {
		return *r
	}
	return Row{}
}

// Row returns the row of a class, a new one if there is none.
func (t Table) Row(class string) *Row {
	if t[class] == nil {
		t[class] = &Row{verdicts: map[string]tally{}}
	}
	return t[class]
}

// Verdicts are the verdicts of the row without their words: "race: fail: stale read".
func (r *Row) Verdicts() []string { return slices.Sorted(maps.Keys(r.verdicts)) }

// KeyOf is a verdict without its words: "race: fail: stale read".
func KeyOf(checker string, v checkers.Verdict) string {
	key := checker + ": " + v.Status.String()
	if v.Status == checkers.Fail {
		key += ": " + v.Rule
	}
	return key
}

// Add counts a verdict of a checker.
func (r *Row) Add(checker string, v checkers.Verdict) {
	key := KeyOf(checker, v)
	n := r.verdicts[key]
	r.verdicts[key] = tally{n.count + 1, digest(n.words, v)}
}

// digest adds the words of a verdict to a digest.
func digest(before uint32, v checkers.Verdict) uint32 {
	h := fnv.New32a()
	fmt.Fprintf(h, "%08x\n%s\n", before, v.Reason)
	for _, line := range v.Evidence {
		fmt.Fprintln(h, line)
	}
	return h.Sum32()
}

// String is the table as lines: a class and how many questions there are, and indented what the checkers say of them.
func (t Table) String() string {
	var b strings.Builder
	for _, class := range slices.Sorted(maps.Keys(t)) {
		fmt.Fprintf(&b, "%s (%d)\n", class, t[class].Questions)
		for _, verdict := range t[class].Verdicts() {
			n := t[class].verdicts[verdict]
			fmt.Fprintf(&b, "\t%d %08x %s\n", n.count, n.words, verdict)
		}
	}
	return b.String()
}

// Parse reads what [Table.String] writes. The error names the file and the line.
func Parse(file, text string) (Table, error) {
	t := Table{}
	questions, at := 0, 0
	var r *Row
	for line := range strings.Lines(text) {
		at++
		line = strings.TrimSuffix(line, "\n")
		said, indented := strings.CutPrefix(line, "\t")
		if !indented {
			end := strings.LastIndex(line, " (")
			if _, err := fmt.Sscanf(line[max(end, 0):], " (%d)", &questions); end < 0 || err != nil {
				return nil, fmt.Errorf("%s:%d: expected a class of questions and their number, found %q", file, at, line)
			}
			r = t.Row(line[:end])
			r.Questions = questions
			continue
		}
		count, rest, _ := strings.Cut(said, " ")
		words, verdict, _ := strings.Cut(rest, " ")
		var n tally
		if _, err := fmt.Sscanf(count+" "+words, "%d %x", &n.count, &n.words); err != nil || r == nil || verdict == "" {
			return nil, fmt.Errorf("%s:%d: expected a number, a digest and a verdict, found %q", file, at, said)
		}
		r.verdicts[verdict] = n
	}
	return t, nil
}

// Difference says in what the table differs from want, in the first class in which it does; "" if it does not.
func (t Table) Difference(want Table) (rule, reason string) {
	classes := slices.Concat(slices.Collect(maps.Keys(t)), slices.Collect(maps.Keys(want)))
	slices.Sort(classes)
	for _, class := range slices.Compact(classes) {
		got, want := t.at(class), want.at(class)
		if a, b := got.Questions, want.Questions; a != b {
			return "other questions than on record", fmt.Sprintf("there are %d questions %q, and %d on record", a, class, b)
		}
		if rule, reason := got.difference(want); rule != "" {
			return rule, fmt.Sprintf("of the %d questions %q, %s", got.Questions, class, reason)
		}
	}
	return "", ""
}

// difference is that of one class: in how often a verdict was given, before those in words alone.
func (r Row) difference(want Row) (rule, reason string) {
	keys := slices.Concat(slices.Collect(maps.Keys(r.verdicts)), slices.Collect(maps.Keys(want.verdicts)))
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(cmp.Compare(r.verdicts[a].count-want.verdicts[a].count, r.verdicts[b].count-want.verdicts[b].count), cmp.Compare(a, b))
	})
	for _, verdict := range slices.Compact(keys) {
		got, want := r.verdicts[verdict], want.verdicts[verdict]
		switch {
		case got.count < want.count:
			return "accepted, or refused for another reason", fmt.Sprintf("%d get the verdict %q, and on record %d", got.count, verdict, want.count)
		case got.count > want.count:
			return "refused, or for another reason", fmt.Sprintf("%d get the verdict %q, and on record %d", got.count, verdict, want.count)
		}
	}
	for _, verdict := range slices.Sorted(maps.Keys(r.verdicts)) {
		if r.verdicts[verdict].words != want.verdicts[verdict].words {
			return "told in other words", fmt.Sprintf("the verdict %q is told in other words than on record", verdict)
		}
	}
	return "", ""
}
