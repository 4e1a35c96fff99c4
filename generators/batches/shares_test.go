package batches

import (
	"testing"

	"synchrony/generators"
)

// The classes that 1,000 cases of the default profile must have, and the least
// share of each in tenths of a percent.
var leastShares = map[string]int{
	"size: empty": 10, "size: one": 25, "size: 2-5": 250, "size: 6-16": 300, "size: 17-49": 5, "size: 50+": 4,
	"workers: one": 80, "workers: fewer than transactions": 400, "workers: as many as transactions or more": 100,
	"contention: none": 50, "contention: low": 50, "contention: high": 200, "contention: every pair": 50,
	"shape: all on one": 80, "shape: star": 20, "shape: chain of 3+": 300, "shape: chain of 8+": 50,
	"pair: RAW only": 200, "pair: WAR only": 200, "pair: WAW only": 50, "pair: shared read": 100,
	"transaction: reads only": 300, "transaction: writes unread": 200, "transaction: many parties": 150,
	"transaction: to itself": 5, "transaction: intent definition": 50,
	"amount: zero": 5, "amount: negative": 5, "amount: largest": 10,
	"balances: zero": 30, "balances: negative": 30, "balances: extreme": 50, "balances: unused account": 50,
	"outcome: commits": 600, "outcome: guard fails": 40, "outcome: postcondition fails": 5,
	"outcome: arithmetic fails": 10, "outcome: mints or burns": 30, "outcome: cycle": 30, "outcome: panics": 20,
	"failing: first": 20, "failing: in the middle": 20, "failing: last": 20, "failing: several": 15, "failing: every": 8,
	"failing: mint offset by burn": 10, "failing: out of order": 0, "cycle: three or more": 2,
	"after: any": 150, "after: backward": 50,
	"time: work": 120, "time: batch timeout": 40, "time: transaction timeout": 25, "time: timeout of 1 ns": 8,
	"time: no timeout": 3, "time: cancelled": 25,
	"time: limit one short": 3, "time: limit just enough": 3, "time: limit one more": 3,
	"mode: auto": 30, "mode: serial": 30, "mode: blocking": 40, "mode: parallel": 650, "setup: observed": 150,
}

func TestEveryClassOccurs(t *testing.T) {
	const n = 1000
	var shares generators.Shares
	for _, w := range cases(n, Anything()) {
		shares.Add(Classify(w))
	}
	for label, least := range leastShares {
		if got := shares.Count(label); got < least {
			t.Errorf("%s: %d of %d cases, want at least %d", label, got, n, least)
		}
	}
	for label, count := range shares.All() {
		if _, known := leastShares[label]; !known {
			t.Errorf("%s occurs and has no least share", label)
		}
		t.Logf("%5.1f %%  %s", 100*float64(count)/n, label)
	}
}

func TestProfilesAreWhatTheySay(t *testing.T) {
	detours := Failing()
	detours.Detours = 100
	for _, c := range []struct {
		name    string
		options Options
		label   string
		percent int
	}{
		{"failing", Failing(), "outcome: commits", -30},
		{"timing", Timing(), "time: work", 80},
		{"timing", Timing(), "time: batch timeout", 35},
		{"timing", Timing(), "time: limit one short", 4},
		{"timing", Timing(), "time: limit just enough", 4},
		{"timing", Timing(), "time: limit one more", 4},
		{"cyclic", Cyclic(), "outcome: cycle", 40},
		{"cyclic", Cyclic(), "cycle: three or more", 15},
		{"detours", detours, "failing: out of order", 10},
		{"misconfigured", Misconfigured(), "workers: none", 40},
		{"contended", Contended(), "contention: none", -25},
		{"contended", Contended(), "shape: all on one", 20},
	} {
		const n = 400
		var shares generators.Shares
		for _, w := range cases(n, c.options) {
			shares.Add(Classify(w))
		}
		got := 100 * shares.Count(c.label) / n
		if (c.percent > 0 && got < c.percent) || (c.percent < 0 && got > -c.percent) {
			t.Errorf("%s: %s in %d %% of cases, want %d %% (at most, if negative)", c.name, c.label, got, c.percent)
		}
	}
}
