package campaign

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"synchrony/properties"
)

// testMeter is a meter at second 10 of a campaign.
func testMeter() *Meter {
	m := NewMeter()
	m.began = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	m.now = func() time.Time { return m.began.Add(10 * time.Second) }
	return m
}

func TestMeterOfProperties(t *testing.T) {
	m := testMeter()
	m.begin([]part{{first: 100, cases: 200}, {first: 100, cases: 200}, {first: 100, cases: 200}, {first: 100, cases: 200}}, time.Time{})
	signs := []properties.Progress{
		{Property: "S2", Case: 105, Schedules: 30, Phase: properties.PhaseShrinking},
		{Property: "S1", Case: 116, Schedules: 100, Phase: properties.PhaseTesting},
		{Property: "S1", Case: 117, Schedules: 120, Phase: properties.PhaseTesting},
		{Property: "S3", Case: -1, Phase: properties.PhaseReplaying},
	}
	for i, part := range []int{1, 0, 0, 2} {
		m.progress(part, signs[i])
	}
	running := func(signs ...properties.Progress) []Running {
		var all []Running
		for _, p := range signs {
			all = append(all, Running{Progress: p, First: 100, Count: 200})
		}
		return all
	}
	near := cmp.Comparer(func(a, b float64) bool { return max(a-b, b-a) < 1e-9 })
	round := func(p Progress) Progress {
		p.Left = p.Left.Round(time.Second)
		return p
	}
	want := Progress{
		Parts: 4, Failed: 1, Cases: 22, Schedules: 150, Fraction: 22. / 800, Elapsed: 10 * time.Second,
		Left: 354 * time.Second, Running: running(signs[0], signs[2], signs[3]),
	}
	if diff := cmp.Diff(want, round(m.Progress()), near); diff != "" {
		t.Errorf("while they run (-want +got):\n%s", diff)
	}
	m.end(1, partEnd{done: 6, schedules: 1000, failed: true, whole: true})
	want = Progress{
		Parts: 4, Finished: 1, Failed: 1, Cases: 23, Schedules: 1120, Fraction: (200. + 17) / 800, Elapsed: 10 * time.Second,
		Left: 27 * time.Second, Running: running(signs[2], signs[3]),
	}
	if diff := cmp.Diff(want, round(m.Progress()), near); diff != "" {
		t.Errorf("when one has ended (-want +got):\n%s", diff)
	}
}

// TestMeterOfAResumedExploration: what was explored before is done, and is neither counted twice
// nor taken for the speed of this exploration.
func TestMeterOfAResumedExploration(t *testing.T) {
	m := testMeter()
	units := divide(3 * portion)
	m.begin([]part{
		units[0].metered(properties.Exploration{Cases: 32, Complete: 32, Schedules: 5000}),
		units[1].metered(properties.Exploration{Cases: 7, Schedules: 700, Suspended: &properties.Suspended{Schedules: 40, Done: 0.5}}),
		units[2].metered(properties.Exploration{}),
	}, time.Time{})
	p := m.Progress()
	if p.Cases != 39 || p.Finished != 1 || p.Schedules != 0 || p.Fraction != (32+7.5)/96 || p.Left != 0 {
		t.Errorf("at the beginning: %+v", p)
	}
	m.progress(1, properties.Progress{Case: 0, Schedules: 60, Done: 0.75}) // goes on with the case that was begun
	m.progress(2, properties.Progress{Case: 8, Schedules: 200})
	p = m.Progress()
	if p.Cases != 47 || p.Schedules != 20+200 || p.Fraction != (32+7.75+8)/96 || p.Left.Round(time.Second) != 58*time.Second {
		t.Errorf("under way: %+v", p)
	}
	m.end(1, partEnd{done: 32, schedules: 300, whole: true})
	if p = m.Progress(); p.Cases != 72 || p.Schedules != 500 || p.Fraction != (32.+32+8)/96 || p.Finished != 2 {
		t.Errorf("when a unit has ended: %+v", p)
	}
}

// TestMeterWithoutEnd: of what has no end, no fraction is done.
func TestMeterWithoutEnd(t *testing.T) {
	m := testMeter()
	if p := m.Progress(); p.Fraction != 0 {
		t.Errorf("before it has begun: %+v", p)
	}
	m.begin([]part{{}, {}}, time.Time{})
	m.progress(0, properties.Progress{Case: 3, Schedules: 4})
	if p := m.Progress(); p.Fraction != 0 || p.Cases != 3 {
		t.Errorf("%+v", p)
	}
	var nobody *Meter
	nobody.begin(nil, time.Time{})
	nobody.progress(0, properties.Progress{})
	nobody.end(0, partEnd{})
}

func TestTimeLeft(t *testing.T) {
	m := testMeter()
	at := func(s int) time.Time { return m.began.Add(time.Duration(s) * time.Second) }
	for _, c := range []struct {
		now      int // seconds from the start
		before   float64
		fraction float64
		until    int // 0 is never
		want     int
	}{
		{10, 0, 0.5, 0, 10},
		{10, 0, 0.25, 0, 30},
		{10, 0, 0.001, 0, 0}, // too early to say
		{0, 0, 0.5, 0, 0},
		{10, 0, 0, 60, 50}, // until the time is over
		{10, 0, 0.5, 60, 10},
		{10, 0, 0.1, 60, 50},
		{70, 0, 0, 60, 0},
		{10, 0.5, 0.75, 0, 10},
		{10, 0.9, 0.9, 0, 0}, // nothing done yet
		{10, 1, 1, 0, 0},
	} {
		m.before, m.until = c.before, time.Time{}
		if c.until > 0 {
			m.until = at(c.until)
		}
		if got := m.left(at(c.now), c.fraction); got.Round(time.Millisecond) != time.Duration(c.want)*time.Second {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestTimeLeftIsRight: a campaign of properties that differ a hundredfold in what they cost, two at a time, each of them up to a fifth slower or faster than
// it was in an earlier campaign, on a machine half as fast: from a twentieth of it on, what is said to be left is right within 25 %, or a second.
func TestTimeLeftIsRight(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const parts, cases, tick = 40, 200, 0.05
	var list []part
	var takes []float64 // seconds a case, now
	for range parts {
		cost := math.Pow(100, random.Float64()) / 20
		list = append(list, part{cases: cases, cost: cost})
		takes = append(takes, 2*cost/cases*(0.8+0.4*random.Float64()))
	}
	m := testMeter()
	now := m.began
	m.now = func() time.Time { return now }
	m.begin(list, time.Time{})
	type said struct{ at, left time.Duration }
	var all []said
	next, under, done := 0, []int{}, make([]float64, parts)
	for len(under) > 0 || next < parts {
		for len(under) < 2 && next < parts {
			m.progress(next, properties.Progress{})
			under = append(under, next)
			next++
		}
		now = now.Add(time.Duration(tick * float64(time.Second)))
		under = slices.DeleteFunc(under, func(i int) bool {
			done[i] += tick / takes[i]
			if done[i] >= cases {
				m.end(i, partEnd{done: cases, whole: true})
				return true
			}
			m.progress(i, properties.Progress{Case: int(done[i]), Done: done[i] - math.Floor(done[i])})
			return false
		})
		all = append(all, said{now.Sub(m.began), m.Progress().Left})
	}
	whole := now.Sub(m.began)
	for _, s := range all {
		if s.at < whole/20 {
			continue
		}
		if left := whole - s.at; (s.left - left).Abs() > max(left/4, time.Second) {
			t.Fatalf("after %v of %v: %v left, and %v is said", s.at, whole, left, s.left)
		}
	}
}

// TestTimeLeftOfOneThatIsLong: nobody knows what parts cost, and of 16, two at a time, one takes almost all of the time, as one of several tests may: what
// is left is what that one needs, however many of the others are done.
func TestTimeLeftOfOneThatIsLong(t *testing.T) {
	const parts, long, short, lasts = 16, 5, 0.5, 75.0
	m := testMeter()
	second := func(s float64) time.Time { return m.began.Add(time.Duration(s * float64(time.Second))) }
	now := m.began
	m.now = func() time.Time { return now }
	list := make([]part, parts)
	for i := range list {
		list[i].cases = 1
	}
	m.begin(list, time.Time{})
	began := long * short
	for i := range parts {
		switch {
		case i < long: // one after the other, beside whatever is there
			now = second(short * float64(i))
			m.progress(i, properties.Progress{Done: 0.1})
			now = second(short * float64(i+1))
			m.end(i, partEnd{done: 1, whole: true})
		case i == long:
			m.progress(i, properties.Progress{Done: 0.001})
		default:
			now = second(began + short*float64(i-long-1))
			m.progress(i, properties.Progress{Done: 0.1})
			now = second(began + short*float64(i-long))
			m.end(i, partEnd{done: 1, whole: true})
		}
	}
	for _, share := range []float64{0.25, 0.5, 0.75, 0.9} {
		now = second(began + share*lasts)
		m.progress(long, properties.Progress{Done: share})
		if left := m.Progress().Left.Seconds(); math.Abs(left-(1-share)*lasts) > (1-share)*lasts/4 {
			t.Errorf("at %.0f %% of it: %.0f s left, and %.0f s is said", 100*share, (1-share)*lasts, left)
		}
	}
}

// TestTimeLeftOfAFarm: parts of which nothing is heard before they are almost done have not begun just then.
func TestTimeLeftOfAFarm(t *testing.T) {
	m := testMeter()
	now := m.began
	m.now = func() time.Time { return now }
	m.begin(make([]part, 40), time.Time{})
	for i := range m.parts {
		m.parts[i].cases = 20
	}
	for i := range 20 {
		now = now.Add(time.Second)
		m.progress(i, properties.Progress{Case: 20})
		m.end(i, partEnd{done: 20, whole: true})
	}
	if left := m.Progress().Left; left.Round(time.Second) != 20*time.Second {
		t.Errorf("half of it took 20 s, and %v is said to be left", left)
	}
}

// TestTimeLeftAfterASlowStart: a first case that takes longer than the others, while caches are cold, is not taken for all of them where it is known what a
// part costs.
func TestTimeLeftAfterASlowStart(t *testing.T) {
	m := testMeter()
	now := m.began
	m.now = func() time.Time { return now }
	m.begin([]part{{cases: 200, cost: 20}, {cases: 200, cost: 2}}, time.Time{})
	m.progress(0, properties.Progress{})
	now = now.Add(20 * time.Second)
	m.end(0, partEnd{done: 200, whole: true})
	m.progress(1, properties.Progress{})
	now = now.Add(1500 * time.Millisecond)
	m.progress(1, properties.Progress{Case: 1})
	if left := m.Progress().Left; left > 15*time.Second {
		t.Errorf("%v is said to be left of what takes two seconds, as the first of 200 cases took 1.5 s", left)
	}
}
