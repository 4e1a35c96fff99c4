package campaign

import (
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
