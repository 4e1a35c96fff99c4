package campaign

import (
	"slices"
	"sync"
	"time"

	"synchrony/properties"
)

// Meter follows how far a campaign is. A nil Meter follows nothing. Its methods may be called from
// several goroutines, at any time.
type Meter struct {
	now func() time.Time

	mu      sync.Mutex
	began   time.Time
	until   time.Time // the campaign ends; zero if it has all the time there is
	before  float64   // how much of it was done before it began, from 0 to 1
	parts   []part
	running []int // numbers of parts, in the order of their first signs of life
	most    int   // that were running at once
}

// part is a piece of a campaign: a property, or a unit of an exploration.
type part struct {
	first     int     // number of its first case, as its signs of life count them
	cases     int     // that it has; 0 is as many as fit into the time
	cost      float64 // seconds that all of it takes, as earlier campaigns showed; 0 if that is not known
	done      float64 // of them; a fraction for the one that is under way
	seen      int     // schedules that its signs of life count, and which were run before the campaign
	schedules int
	failed    bool
	ended     bool
	whole     bool // and it has nothing left to do
	sign      properties.Progress
	before    float64       // how much of it was done before the campaign, from 0 to 1
	began     time.Time     // its first sign of life
	took      time.Duration // 0 until it has ended
}

// partEnd is how a part ended.
type partEnd struct {
	done      float64 // cases
	schedules int     // run in this campaign
	failed    bool
	whole     bool
}

// NewMeter returns a Meter for one campaign.
func NewMeter() *Meter { return &Meter{now: time.Now, began: time.Now()} }

// begin says what there is to do, which replaces what was said before.
func (m *Meter) begin(parts []part, until time.Time) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.parts, m.running, m.most, m.until = parts, nil, 0, until
	for i := range parts {
		if u := &parts[i]; u.cases > 0 {
			u.before = u.fraction()
		}
	}
	m.before = m.fraction()
}

// progress notes a sign of life of a part.
func (m *Meter) progress(i int, p properties.Progress) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	u := &m.parts[i]
	if !slices.Contains(m.running, i) {
		m.running = append(m.running, i)
		m.most = max(m.most, len(m.running))
		u.began = m.now()
	}
	u.sign = p
	u.done, u.schedules = float64(max(p.Case-u.first, 0))+p.Done, max(p.Schedules-u.seen, 0)
	u.failed = p.Phase == properties.PhaseShrinking
}

// end notes the end of a part.
func (m *Meter) end(i int, e partEnd) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	u := &m.parts[i]
	u.done, u.schedules, u.failed, u.ended, u.whole = e.done, e.schedules, e.failed, true, e.whole
	if !u.began.IsZero() {
		u.took = m.now().Sub(u.began)
	}
	m.running = slices.DeleteFunc(m.running, func(k int) bool { return k == i })
}

// Progress is how far a campaign is.
type Progress struct {
	Parts     int // properties, or units of an exploration
	Finished  int // of them
	Failed    int // violated, or found to be and not shrunk yet
	Cases     int // done
	Schedules int // run
	Fraction  float64
	Elapsed   time.Duration
	Left      time.Duration // estimated; 0 if that is not known
	Running   []Running     // in the order of starting
}

// Running is a part that is under way.
type Running struct {
	properties.Progress
	First   int           // number of its first case
	Count   int           // of its cases; 0 is as many as fit into the time
	Elapsed time.Duration // since it began
}

// Cases is how many of its cases are done.
func (r *Running) Cases() int { return max(r.Case-r.First, 0) }

// Progress says how far the campaign is now.
func (m *Meter) Progress() Progress {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	p := Progress{Parts: len(m.parts), Fraction: m.fraction(), Elapsed: now.Sub(m.began)}
	cases := 0.0
	for i := range m.parts {
		u := &m.parts[i]
		cases += u.done
		p.Schedules += u.schedules
		if u.ended {
			p.Finished++
		}
		if u.failed {
			p.Failed++
		}
	}
	p.Cases = int(cases)
	for _, i := range m.running {
		u := &m.parts[i]
		p.Running = append(p.Running, Running{Progress: u.sign, First: u.first, Count: u.cases, Elapsed: now.Sub(u.began)})
	}
	if p.Finished < p.Parts {
		p.Left = m.left(now, p.Fraction)
	}
	return p
}

// fraction is how much of the campaign is done, from 0 to 1; 0 if that is not known. Parts count as long as earlier campaigns
// took for them, those of which that is not known as long as the others do on average.
func (m *Meter) fraction() float64 {
	done, all, usual := 0.0, 0.0, m.usual()
	for i := range m.parts {
		u := &m.parts[i]
		weight := u.weight(usual)
		all += weight
		switch {
		case u.whole:
			done += weight
		case u.cases == 0:
			return 0
		default:
			done += weight * u.fraction()
		}
	}
	if all == 0 {
		return 0
	}
	return done / all
}
