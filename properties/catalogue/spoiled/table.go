package spoiled

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"

	"synchrony/checkers"
)

// table is what checkers say of spoiled recordings, by the class of the change.
type table map[string]*row

// row is what they say of the changes of one class.
type row struct {
	changes  int
	verdicts map[string]tally // by checker and rule: "race: fail: stale read"
}

// tally is a verdict: how often it was given, and what was said with it.
type tally struct {
	count int
	words uint32 // a digest (FNV-1a) of all reasons and evidence, in order
}

// unspoiled is the class of recordings as they were.
const unspoiled = "nothing changed"

// at is the row of a class, an empty one if there is none.
func (t table) at(class string) row {
	if r := t[class]; r != nil {
		return *r
	}
	return row{}
}

// row returns the row of a class, a new one if there is none.
func (t table) row(class string) *row {
	if t[class] == nil {
		t[class] = &row{verdicts: map[string]tally{}}
	}
	return t[class]
}

// keyOf is a verdict without its words: "race: fail: stale read".
func keyOf(checker string, v checkers.Verdict) string {
	key := checker + ": " + v.Status.String()
	if v.Status == checkers.Fail {
		key += ": " + v.Rule
	}
	return key
}

// add counts a verdict.
func (r *row) add(key string, v checkers.Verdict) {
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

// part is what of a recording the changes of a class are about: the name of its field, or together, of several.
func part(class string) string {
	if class == unspoiled {
		return class
	}
	word, _, _ := strings.Cut(class, " ")
	name, _, _ := strings.Cut(word, ".")
	name, _, _ = strings.Cut(name, "[")
	if name[0] >= 'A' && name[0] <= 'Z' {
		return name
	}
	return "several"
}

// byPart divides the table.
func (t table) byPart() map[string]table {
	all := map[string]table{}
	for class, r := range t {
		p := part(class)
		if all[p] == nil {
			all[p] = table{}
		}
		all[p][class] = r
	}
	return all
}

// String is the table as lines: a class and how many changes there are, and indented what the checkers say of them.
func (t table) String() string {
	var b strings.Builder
	for _, class := range slices.Sorted(maps.Keys(t)) {
		fmt.Fprintf(&b, "%s (%d)\n", class, t[class].changes)
		for _, verdict := range slices.Sorted(maps.Keys(t[class].verdicts)) {
			n := t[class].verdicts[verdict]
			fmt.Fprintf(&b, "\t%d %08x %s\n", n.count, n.words, verdict)
		}
	}
	return b.String()
}

// parseTable reads what [table.String] writes.
func parseTable(file, text string) (table, error) {
	t := table{}
	changes, at := 0, 0
	var r *row
	for line := range strings.Lines(text) {
		at++
		line = strings.TrimSuffix(line, "\n")
		said, indented := strings.CutPrefix(line, "\t")
		if !indented {
			end := strings.LastIndex(line, " (")
			if _, err := fmt.Sscanf(line[max(end, 0):], " (%d)", &changes); end < 0 || err != nil {
				return nil, fmt.Errorf("%s:%d: expected a class of changes and their number, found %q", file, at, line)
			}
			r = t.row(line[:end])
			r.changes = changes
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

// difference says in what the table differs from want, in the first class in which it does.
func (t table) difference(want table) (rule, reason string) {
	classes := slices.Concat(slices.Collect(maps.Keys(t)), slices.Collect(maps.Keys(want)))
	slices.Sort(classes)
	for _, class := range slices.Compact(classes) {
		got, want := t.at(class), want.at(class)
		if a, b := got.changes, want.changes; a != b {
			return "other changes than on record", fmt.Sprintf("there are %d changes %q, and %d on record", a, class, b)
		}
		if rule, reason := got.difference(want); rule != "" {
			return rule, fmt.Sprintf("of the %d changes %q, %s", got.changes, class, reason)
		}
	}
	return "", ""
}

// difference is that of one class: in how often a verdict was given, before those in words alone.
func (r row) difference(want row) (rule, reason string) {
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
