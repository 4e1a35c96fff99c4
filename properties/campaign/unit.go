package campaign

import "synchrony/properties"

// unit is what is explored at once: some of the cases, or a part of the only one.
type unit struct {
	from, to    int // cases
	part, parts int // of the case; parts is 0 for all of it
}

// How an exploration is divided into units. It does not depend on the number of jobs, so that what
// it comes to does not.
const (
	portion = 32   // cases of a unit, if there are several
	probed  = 2000 // schedules of a single case that are run before it is divided: most cases have fewer
	parts   = 8    // units that a single case is divided into then
)

// divide returns the units of so many cases.
func divide(cases int) []unit {
	var units []unit
	if cases == 1 {
		for i := range parts {
			units = append(units, unit{from: 0, to: 1, part: i, parts: parts})
		}
		return units
	}
	for from := 0; from < cases; from += portion {
		units = append(units, unit{from: from, to: min(from+portion, cases)})
	}
	return units
}

// finished reports whether r has all cases of the unit.
func (u unit) finished(r properties.Exploration) bool { return r.Cases == u.to-u.from }

// metered is the unit for a Meter, of which r was explored before.
func (u unit) metered(r properties.Exploration) part {
	done, _ := explored(r)
	p := part{first: -r.Cases, cases: u.to - u.from, done: done, ended: u.finished(r), whole: u.finished(r)}
	if r.Suspended != nil {
		p.seen = r.Suspended.Schedules
	}
	return p
}

// explored is how many cases r covers, with its share of one that is not finished, and how many
// schedules those took.
func explored(r properties.Exploration) (cases float64, schedules int) {
	cases, schedules = float64(r.Cases), r.Schedules
	if s := r.Suspended; s != nil {
		cases, schedules = cases+s.Done, schedules+s.Schedules
	}
	return cases, schedules
}

// wholeCase is what all parts of a case together say of it.
func wholeCase(total properties.Exploration) properties.Exploration {
	if s := total.Suspended; s != nil {
		s.Done = (s.Done + float64(total.Cases)) / parts
	}
	total.Cases /= parts
	total.Complete /= parts
	total.Uncontrolled = min(total.Uncontrolled, 1)
	return total
}
