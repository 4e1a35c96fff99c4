package campaign

import (
	"slices"
	"time"
)

// An estimate from less than this says nothing.
const (
	leastFraction = 0.005
	leastTime     = time.Second
)

// How much of a part, from 0 to 1, has to be done until its own speed counts as much as what was expected of it: of one of which an earlier campaign tells what
// it costs, and of one that is expected to be as the others are.
const (
	trustInCost  = 0.2
	trustInUsual = 0.02
)

// costed reports whether it is known of any part what it costs.
func (m *Meter) costed() bool {
	return slices.ContainsFunc(m.parts, func(u part) bool { return u.cost > 0 })
}

// usual is what a part costs on average, of those of which it is known; 1 if it is of none.
func (m *Meter) usual() float64 {
	sum, known := 0.0, 0
	for i := range m.parts {
		if c := m.parts[i].cost; c > 0 {
			sum, known = sum+c, known+1
		}
	}
	if known == 0 {
		return 1
	}
	return sum / float64(known)
}

// fraction is how much of a part is done, from 0 to 1, of one whose cases are known.
func (u *part) fraction() float64 { return min(u.done/float64(u.cases), 1) }

// worked is how much of it was done in this campaign.
func (u *part) worked() float64 { return u.fraction() - u.before }

// weight is what a part costs, or the usual if that is not known.
func (u *part) weight(usual float64) float64 {
	if u.cost > 0 {
		return u.cost
	}
	return usual
}

// left estimates how long the campaign will take yet, of which a fraction is done; 0 if
// that cannot be said.
func (m *Meter) left(now time.Time, fraction float64) time.Duration {
	var left time.Duration
	worked := fraction - m.before
	if elapsed := now.Sub(m.began); worked >= leastFraction*(1-m.before) && worked > 0 && elapsed >= leastTime {
		left = time.Duration(float64(elapsed) * (1 - fraction) / worked)
		switch ahead, known := m.ahead(now); {
		case known && m.costed():
			left = ahead
		case known: // signs of life may come late, as from a farm: then what parts took is more than they tell
			left = max(left, ahead)
		}
	}
	if limit := m.until.Sub(now); !m.until.IsZero() && (left == 0 || limit < left) {
		left = max(limit, 0)
	}
	return left
}

// ahead is how long the campaign will take yet if the parts that are not begun are taken in their order by as many as have been at work at once: the one
// that is done last decides, which a mean of all would hide. It is known once something is done.
func (m *Meter) ahead(now time.Time) (left time.Duration, known bool) {
	pace := m.pace(now)
	if pace == 0 || m.most == 0 {
		return 0, false
	}
	usual := m.usual()
	var free []float64 // after how many seconds each of those at work is done
	for i := range m.parts {
		if u := &m.parts[i]; u.underWay() {
			free = append(free, u.need(now, usual, pace))
		}
	}
	for len(free) < m.most {
		free = append(free, 0)
	}
	for i := range m.parts {
		u := &m.parts[i]
		if u.ended || u.underWay() {
			continue
		}
		first := slices.Index(free, slices.Min(free))
		free[first] += u.need(now, usual, pace)
	}
	return time.Duration(slices.Max(free) * float64(time.Second)), true
}

// need is how many seconds a part will take yet: what is expected by its weight, and the more of it is done, the more what that took.
func (u *part) need(now time.Time, usual, pace float64) float64 {
	expected := u.weight(usual) * pace
	f := u.fraction()
	switch {
	case u.cases == 0 || f >= 1:
		return 0
	case !u.underWay() || u.worked() <= 0:
		return expected * (1 - f)
	}
	trust := trustInUsual
	if u.cost > 0 {
		trust = trustInCost
	}
	elapsed := now.Sub(u.began).Seconds()
	return (1 - f) * (trust*expected + elapsed) / (trust + u.worked())
}

// pace is how many seconds parts take for a second that they cost, or, if that is known of none, for all of one; 0 if nothing is done yet.
func (m *Meter) pace(now time.Time) float64 {
	known, usual, took, cost := m.costed(), m.usual(), 0.0, 0.0
	for i := range m.parts {
		u := &m.parts[i]
		if u.began.IsZero() || u.cases == 0 || known && u.cost == 0 {
			continue
		}
		switch {
		case u.ended:
			took, cost = took+u.took.Seconds(), cost+u.weight(usual)*(1-u.before)
		case u.worked() > 0:
			took, cost = took+now.Sub(u.began).Seconds(), cost+u.weight(usual)*u.worked()
		}
	}
	if cost == 0 {
		return 0
	}
	return took / cost
}

// underWay reports whether a part has begun and not ended.
func (u *part) underWay() bool { return !u.began.IsZero() && !u.ended }
