package html

import (
	"cmp"
	"fmt"
	"time"

	"synchrony/reports"
)

// earlierRuns is how many runs the table of verdicts shows of each property.
const earlierRuns = 16

// earlierView is how a property did in the runs before, and in this one, the last.
type earlierView struct {
	Text string // since when it has this verdict
	Runs []earlierRun
}

// earlierRun is one run, as a mark that leads to its page.
type earlierRun struct {
	Status reports.Status
	Title  string
	Page   string // empty if it has none
}

// toEarlier tells how a property did from run to run; the last is the one that the page is about. Nil if there was none before.
func toEarlier(t *Trend) *earlierView {
	n := len(t.Runs)
	if n < 2 {
		return nil
	}
	v := &earlierView{Text: t.since()}
	for _, r := range t.Runs[max(0, n-earlierRuns):] {
		v.Runs = append(v.Runs, earlierRun{r.Status, r.title(), r.Page})
	}
	return v
}

// since says for how many runs a property has had the verdict that it has.
func (t *Trend) since() string {
	last := len(t.Runs) - 1
	first := last
	for first > 0 && t.Runs[first-1].Status == t.Runs[last].Status {
		first--
	}
	text := fmt.Sprintf("%s in the last %s", t.Runs[last].Status, reports.Plural(last-first+1, "run"))
	if first == last {
		text = fmt.Sprintf("%s for the first time", t.Runs[last].Status)
	}
	switch {
	case first == 0 && t.More:
		return fmt.Sprintf("%s in the last %s, or more", t.Runs[0].Status, reports.Plural(last+1, "run"))
	case last == 0:
		return fmt.Sprintf("%s in the one run that is kept", t.Runs[0].Status)
	case first == 0:
		return text + ", all that are kept"
	}
	return fmt.Sprintf("%s, since %s; %s before", text, minute(t.Runs[first].Began), t.Runs[first-1].Status)
}

// title names a run, and what the property showed in it.
func (r *TrendRun) title() string {
	return fmt.Sprintf("run %d, %s: %s", r.ID, minute(r.Began), r.Status)
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }

// changeView are the properties whose verdict is another than in the run of them before.
type changeView struct {
	Status     reports.Status // now
	Text       string         // "began to fail"
	Properties []string
}

// changed says of a verdict what it is to have come to it.
var changed = map[reports.Status]string{
	reports.Fail: "began to fail", reports.Pass: "passes now", reports.Inconclusive: "became inconclusive", reports.Broken: "could not be judged",
}

// toChanges groups the properties of a page whose verdicts have changed since the run before, the worst first, then those without a run before.
// Nil if no property has a run before: then nothing is known.
func toChanges(trends []Trend) []changeView {
	by := map[reports.Status]*changeView{}
	var first *changeView
	known := false
	for i := range trends {
		t := &trends[i]
		switch n := len(t.Runs); {
		case n == 0:
		case n == 1:
			first = cmp.Or(first, &changeView{Text: "tested for the first time"})
			first.Properties = append(first.Properties, t.Property)
		default:
			known = true
			now := t.Runs[n-1].Status
			if now == t.Runs[n-2].Status {
				continue
			}
			by[now] = cmp.Or(by[now], &changeView{Status: now, Text: changed[now]})
			by[now].Properties = append(by[now].Properties, t.Property)
		}
	}
	if !known {
		return nil
	}
	list := []changeView{}
	for _, s := range []reports.Status{reports.Fail, reports.Broken, reports.Inconclusive, reports.Pass} {
		if c := by[s]; c != nil {
			list = append(list, *c)
		}
	}
	if first != nil {
		list = append(list, *first)
	}
	if len(list) == 0 {
		list = append(list, changeView{Text: "no verdict is another than in the run before"})
	}
	return list
}
