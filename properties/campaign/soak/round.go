package soak

import (
	"slices"
	"time"

	"synchrony/properties"
	"synchrony/properties/campaign"
)

// mostShare bounds how many times the cases of a usual round the properties of one with priority get.
const mostShare = 10

// rareCases is how many cases of a round must have met a condition for it not to be rare.
const rareCases = 3

// Round is what is tested next.
type Round struct {
	Seed       uint64
	Properties []string // by ID, in the order in which they were given
	Cases      int      // of each
	Priority   bool     // these are not all, but those that deserve more
}

// Round plans the next round of properties that would get so many cases each, some of whose code was changed.
func (m *Memory) Round(all, changed []string, cases int) Round {
	r := Round{Seed: m.Next, Properties: all, Cases: cases}
	if m.Rounds%2 == 0 {
		return r
	}
	var some []string
	for _, id := range all {
		failed := slices.ContainsFunc(m.Causes, func(c Cause) bool { return c.Last.Property == id })
		if failed || slices.Contains(changed, id) || slices.Contains(m.Rare, id) {
			some = append(some, id)
		}
	}
	if len(some) > 0 && len(some) < len(all) {
		r.Properties, r.Priority = some, true
		r.Cases = cases * min(len(all)/len(some), mostShare)
	}
	return r
}

// Found is a failure whose cause is new, or has come again after it had gone.
type Found struct {
	Info    properties.Info
	Failure *properties.Failure
	Again   bool
}

// Take takes in what came of a round, by a build, and returns what is new. A round that was not finished is not counted, and its seed is
// the next one's, too; but what failed has.
func (m *Memory) Take(r Round, list []campaign.Outcome, build string, finished bool, began, ended time.Time) (news []Found) {
	seen := map[properties.Group]bool{}
	for i := range list {
		o := &list[i]
		for k := range o.Result.Failures {
			f := &o.Result.Failures[k]
			g := f.Group(o.Info.ID)
			isNew, again := m.sight(g, Sighting{ended, o.Info.ID, r.Seed, build, f.File})
			seen[g] = true
			if isNew || again {
				news = append(news, Found{Info: o.Info, Failure: f, Again: again})
			}
		}
	}
	if !finished {
		return news
	}
	m.Next, m.Rounds = r.Seed+1, m.Rounds+1
	m.forget(seen, list, build)
	m.note(r, list, build, ended.Sub(began))
	return news
}

// sight takes in one failure.
func (m *Memory) sight(g properties.Group, s Sighting) (isNew, again bool) {
	c := m.cause(g)
	if c == nil {
		m.Causes = append(m.Causes, Cause{Checker: g.Checker, Rule: g.Rule, Alone: g.Alone, First: s, Last: s, Times: 1, Untold: true})
		return true, false
	}
	again = c.Gone != ""
	c.Last, c.Gone, c.Times, c.Untold, c.Again = s, "", c.Times+1, c.Untold || again, c.Again || again
	return false, again
}

// cause is that of a group; nil if it is not known.
func (m *Memory) cause(g properties.Group) *Cause {
	for i := range m.Causes {
		if m.Causes[i].Group() == g {
			return &m.Causes[i]
		}
	}
	return nil
}

// forget says of causes that another build had that they are gone, if the properties that showed them last were tested to the end without them.
func (m *Memory) forget(seen map[properties.Group]bool, list []campaign.Outcome, build string) {
	for i := range m.Causes {
		c := &m.Causes[i]
		tested := slices.ContainsFunc(list, func(o campaign.Outcome) bool {
			return o.Info.ID == c.Last.Property && o.Err == nil && !o.Interrupted
		})
		if tested && !seen[c.Group()] && c.Last.Build != build && c.Gone == "" {
			c.Gone = build
		}
	}
}

// note keeps what was tested, and what was rare in it.
func (m *Memory) note(r Round, list []campaign.Outcome, build string, took time.Duration) {
	if n := len(m.Tried); n == 0 || m.Tried[n-1].Build != build || m.Tried[n-1].LastSeed+1 != r.Seed {
		m.Tried = append(m.Tried, Stretch{Build: build, FirstSeed: r.Seed})
	}
	t := &m.Tried[len(m.Tried)-1]
	t.LastSeed, t.Rounds, t.Seconds = r.Seed, t.Rounds+1, t.Seconds+took.Seconds()
	for i := range list {
		o := &list[i]
		t.Cases, t.Schedules = t.Cases+o.Result.Cases, t.Schedules+o.Result.Schedules
		rare := slices.ContainsFunc(o.Result.Sometimes, func(c properties.Count) bool { return c.Cases < rareCases })
		at := slices.Index(m.Rare, o.Info.ID)
		switch {
		case rare && at < 0:
			m.Rare = append(m.Rare, o.Info.ID)
		case !rare && at >= 0 && !r.Priority: // with more cases nothing is rare
			m.Rare = slices.Delete(m.Rare, at, at+1)
		}
	}
}
