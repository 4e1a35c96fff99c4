package html

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"synchrony/checkers"
	"synchrony/reports"
	"synchrony/reports/results"
)

// classTable is what the cases of a group were.
type classTable struct {
	Group string
	Cases string
	Kinds []classKind
}

// classKind is the labels of one kind: "size", "contention".
type classKind struct {
	Name string
	Bars []bar
}

// bar is a share, drawn.
type bar struct {
	Name    string
	Count   string
	Percent string
	Width   string // in percent of the full length, as style sheets write numbers
}

func toBar(name string, n, total int) bar {
	share := 0.0
	if total > 0 {
		share = 100 * float64(n) / float64(total)
	}
	return bar{name, reports.Thousands(n), reports.Percent(n, total), fmt.Sprintf("%.2f", min(share, 100))}
}

func toClassTables(r *results.Run) []classTable {
	var out []classTable
	for _, t := range r.Tables() {
		c := classTable{Group: t.Group, Cases: reports.Plural(t.Cases, "case")}
		for _, l := range t.Labels {
			kind, name, found := strings.Cut(l.Name, ": ")
			if !found {
				kind, name = "other", l.Name
			}
			if n := len(c.Kinds); n == 0 || c.Kinds[n-1].Name != kind {
				c.Kinds = append(c.Kinds, classKind{Name: kind})
			}
			k := &c.Kinds[len(c.Kinds)-1]
			k.Bars = append(k.Bars, toBar(name, l.Cases, t.Cases))
		}
		out = append(out, c)
	}
	return out
}

// sometimesTable is what had to happen in the cases of a property at least once.
type sometimesTable struct {
	ID         string
	Note       string // why nothing had to happen after all
	Conditions []sometimes
}

type sometimes struct {
	bar
	Met bool
}

func toSometimes(r *results.Run) []sometimesTable {
	var out []sometimesTable
	for _, p := range r.Properties {
		if len(p.Result.Sometimes) == 0 {
			continue
		}
		t := sometimesTable{ID: p.Info.ID}
		if p.Result.Status() == checkers.Fail {
			t.Note = "ended at its first violation"
		}
		for _, c := range p.Result.Sometimes {
			t.Conditions = append(t.Conditions, sometimes{toBar(c.Name, c.Cases, p.Result.Cases), c.Cases > 0})
		}
		out = append(out, t)
	}
	return out
}

// toStrategies says what chose the schedules of a run.
func toStrategies(r *results.Run) []bar {
	counts, total := map[string]int{}, 0
	for i := range r.Properties {
		for _, s := range r.Properties[i].Result.Strategies {
			counts[s.Name] += s.Schedules
			total += s.Schedules
		}
	}
	names := slices.Sorted(maps.Keys(counts))
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(counts[b], counts[a]) })
	var bars []bar
	for _, name := range names {
		bars = append(bars, toBar(explained(name), counts[name], total))
	}
	return bars
}

// explained is a strategy's name, with what it does.
func explained(name string) string {
	family, _, _ := strings.Cut(name, " ")
	what := map[string]string{
		"default":   "each task runs until it waits",
		"single":    "another task goes on, once",
		"POS":       "random priorities, drawn anew for each step",
		"PCT":       "random priorities, with few changes",
		"DPOR":      "one after another until all are covered",
		"real":      "as the machine schedules them, with random pauses",
		"corpus":    "known counterexamples, replayed",
		"shrinking": "while a counterexample was made smaller",
	}[family]
	if what == "" {
		return name
	}
	return name + ": " + what
}
