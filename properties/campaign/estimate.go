package campaign

import (
	"slices"
	"time"
)

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

// weight is what a part costs, or the usual if that is not known.
func (u *part) weight(usual float64) float64 {
	if u.cost > 0 {
		return u.cost
	}
	return usual
}

// ahead is how long the campaign will take yet if the parts that are not begun are taken in their order by as many as have been at work at once. It is
// known if what parts cost is, and how fast this campaign is.
func (m *Meter) ahead(now time.Time) (left time.Duration, known bool) {
	pace := m.pace(now)
	if pace == 0 || m.most == 0 {
		return 0, false
	}
	usual := m.usual()
	free := make([]float64, m.most) // after how many seconds each of them is
	for k, i := range m.running {
		free[k] = m.parts[i].need(now, usual, pace)
	}
	for i := range m.parts {
		u := &m.parts[i]
		if u.ended || slices.Contains(m.running, i) {
			continue
		}
		first := 0
		for k := range free {
			if free[k] < free[first] {
				first = k
			}
		}
		free[first] += u.need(now, usual, pace)
	}
	return time.Duration(slices.Max(free) * float64(time.Second)), true
}

// need is how many seconds a part will take yet: as its cases until now did, or, if it has hardly begun, as its weight says.
func (u *part) need(now time.Time, usual, pace float64) float64 {
	if u.cases == 0 {
		return 0
	}
	f := u.fraction()
	if elapsed := now.Sub(u.began); !u.began.IsZero() && elapsed >= leastTime && f >= leastFraction {
		return elapsed.Seconds() * (1 - f) / f
	}
	return u.weight(usual) * pace * (1 - f)
}

// pace is how many seconds parts take for a second that they cost; 0 if that is not known.
func (m *Meter) pace(now time.Time) float64 {
	took, cost := 0.0, 0.0
	for i := range m.parts {
		switch u := &m.parts[i]; {
		case u.cost == 0 || u.began.IsZero():
		case u.ended:
			took, cost = took+u.took.Seconds(), cost+u.cost
		case u.cases > 0 && now.Sub(u.began) >= leastTime:
			took, cost = took+now.Sub(u.began).Seconds(), cost+u.cost*u.fraction()
		}
	}
	if cost == 0 {
		return 0
	}
	return took / cost
}
