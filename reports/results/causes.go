package results

import (
	"slices"
	"strings"

	"synchrony/properties"
	"synchrony/reports"
)

// common is the failures of one cause: the first, which stands for all, and the properties that failed by it.
type common struct {
	properties.Group
	first      *properties.Failure
	properties []string // IDs, in order, each once
}

// causes groups the failures of a run, in order of first appearance.
func (r *Run) causes() []common {
	var all []common
	at := map[properties.Group]int{}
	for i := range r.Properties {
		p := &r.Properties[i]
		for k := range p.Result.Failures {
			f := &p.Result.Failures[k]
			c := f.Group(p.Info.ID)
			n, known := at[c]
			if !known {
				n = len(all)
				at[c] = n
				all = append(all, common{Group: c, first: f})
			}
			if ids := all[n].properties; len(ids) == 0 || ids[len(ids)-1] != p.Info.ID {
				all[n].properties = append(ids, p.Info.ID)
			}
		}
	}
	return all
}

// told reports whether every failure of p has a cause of which a failure was written before.
func (t *Text) told(p *Property) bool {
	for i := range p.Result.Failures {
		if !t.causes[p.Result.Failures[i].Group(p.Info.ID)] {
			return false
		}
	}
	return len(p.Result.Failures) > 0
}

// recap names each cause of failure once more, where one looks last, with what failed by it. Of what is brief it names those by which others failed
// than what was told.
func (t *Text) recap(run *Run) {
	if run.Count(reports.Fail) == 0 || len(run.Properties) == 1 {
		return
	}
	causes := run.causes()
	if t.Detail == Brief {
		causes = slices.DeleteFunc(causes, func(c common) bool { return len(c.properties) == 1 })
	}
	if len(causes) == 0 {
		return
	}
	t.Printf("\n")
	for _, c := range causes {
		t.Printf("%s  %-*s %s", t.paint.Mark(reports.Fail), t.idWidth, c.properties[0], c.Group)
		if c.first.File != "" {
			t.Printf(": %s", c.first.Reproduce())
		}
		t.Printf("\n")
		if others := c.properties[1:]; len(others) > 0 {
			t.line("and for this cause: %s", strings.Join(others, " "))
		}
	}
}
