package sched_test

import (
	"slices"
	"testing"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
)

// TestMinimiseByText: minimising comes to the same if its strategies are read from text, as another process does.
func TestMinimiseByText(t *testing.T) {
	var r sched.Runner
	rec, _ := polling(&r, oneByOne{[]int{100, 3 * (pollSteps + 3), polls*pollSteps + 2}})
	devs := rec.Clone().Schedule.Deviations
	want := sched.Minimise(devs, func(s sched.Strategy) (*sched.Record, bool) { return polling(&r, s) })
	texts := map[string]bool{}
	got := sched.Minimise(devs, func(s sched.Strategy) (*sched.Record, bool) {
		text := sched.Text(s)
		back, err := sched.ParseStrategy(text)
		if err != nil {
			t.Fatal(err)
		}
		if again := sched.Text(back); again != text {
			t.Errorf("%q is written as %q", text, again)
		}
		texts[text] = true
		return polling(&r, back)
	})
	if !slices.Equal(got, want) || len(got) != 1 || len(texts) < 10 {
		t.Errorf("%v by %d texts, want %v", got, len(texts), want)
	}
}

// FuzzStrategy: what is no strategy's text is refused, and any other is written as it was read.
func FuzzStrategy(f *testing.F) {
	for _, text := range []string{"turns", "turns -2.0>1 0.3>2 1.7=0 5+1", "turns 1+1 0.3>2", "turns 0.3>2x", "turns 1+0", "3+1 9+2", "default", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := sched.ParseStrategy(text)
		if err != nil {
			return
		}
		once := sched.Text(s)
		back, err := sched.ParseStrategy(once)
		if err != nil || sched.Text(back) != once {
			t.Errorf("%q is read as %q, and then: %v", text, once, err)
		}
	})
}

// TestTextOfOthers: only what minimising tries has a text.
func TestTextOfOthers(t *testing.T) {
	if text := sched.Text(sched.POS(1)); text != "" {
		t.Errorf("POS is %q", text)
	}
	if text := sched.Text(sched.Deviate([]schedule.Deviation{{Step: 3, Skip: 1}})); text != "3+1" {
		t.Errorf("a deviation is %q", text)
	}
}
