package programs

import (
	"testing"

	"synchrony/generators"
)

// The classes that 1,000 programs of the default profile must have, and the least share of each in
// tenths of a percent; 0 for what is rare here and what other profiles are for.
var leastProgramShares = map[string]int{
	"chunk size: 1": 46, "chunk size: 10-29": 84, "chunk size: 2-9": 332, "chunk size: 30+": 86,
	"chunks: RAW only": 207, "chunks: WAR only": 123, "chunks: WAW only": 160,
	"chunks: error before the last": 48, "chunks: jump across a cut": 217, "chunks: prints in several": 64,
	"chunks: several": 410,
	"code: branch":    292, "code: builtin": 343, "code: call": 170, "code: call by value": 86,
	"code: collection": 254, "code: conditional write": 183, "code: constant of main and of a function": 90,
	"code: float": 99, "code: loop": 171, "code: print": 260, "code: recursion": 19,
	"code: return in the middle of main": 53, "code: string": 236, "code: unreachable": 44,
	"code: value held over a statement's end": 232,
	"fault: every attempt at a chunk":         58, "fault: fail": 82, "fault: hang": 53, "fault: panic": 52,
	"mode: auto": 81, "mode: parallel": 439, "mode: sequential": 29,
	"outcome: broken barrier": 3, "outcome: division by zero": 27, "outcome: index out of range": 5,
	"outcome: integer overflow": 7, "outcome: join timeout": 0, "outcome: memory limit": 0,
	"outcome: stack limit": 0, "outcome: step limit": 7, "outcome: succeeds": 464, "outcome: time limit": 0,
	"outcome: type error": 19, "outcome: undefined name": 9, "outcome: value error": 2,
	"outcome: worker limit": 0,
	"parallel: barrier":     61, "parallel: error in a worker": 8, "parallel: fork": 222, "parallel: fork in a fork": 27,
	"parallel: fork of 4+": 125, "parallel: fork of one": 61, "parallel: map": 119,
	"setup: limits": 28, "setup: no fallback": 34, "setup: no retries": 55, "setup: queue of one": 36,
	"shared: atomic": 128, "shared: plain": 171, "shared: race-free": 42, "shared: racy": 19,
	"size: 1-8 instructions": 52, "size: 101+ instructions": 20, "size: 31-100 instructions": 271,
	"size: 9-30 instructions": 194, "size: empty": 10,
	"time: join timeout": 11, "time: run timeout": 22, "time: work": 66,
	"workers: 2-4": 363, "workers: 5+": 126, "workers: one": 59,
}

func TestEveryProgramClassOccurs(t *testing.T) {
	const n = 1000
	var shares generators.Shares
	for _, w := range programs(n, AnyProgram()) {
		shares.Add(Classify(w))
	}
	for label, least := range leastProgramShares {
		if got := shares.Count(label); got < least {
			t.Errorf("%s: %d of %d cases, want at least %d", label, got, n, least)
		}
	}
	for label, count := range shares.All() {
		if _, known := leastProgramShares[label]; !known {
			t.Errorf("%s occurs and has no least share", label)
		}
		t.Logf("%5.1f %%  %s", 100*float64(count)/n, label)
	}
}

func TestProgramProfilesAreWhatTheySay(t *testing.T) {
	for _, c := range []struct {
		name    string
		options Options
		label   string
		percent int // at least; at most, if negative
	}{
		{"straight line", StraightLine(), "code: branch", -0},
		{"straight line", StraightLine(), "code: value held over a statement's end", 20},
		{"branching", Branching(), "code: branch", 80},
		{"branching", Branching(), "code: conditional write", 60},
		{"looping", Looping(), "code: loop", 80},
		{"functions", Functions(), "code: call", 60},
		{"functions", Functions(), "code: recursion", 10},
		{"functions", Functions(), "code: call by value", 30},
		{"collections", Collections(), "code: collection", 80},
		{"printing", Printing(), "chunks: prints in several", 40},
		{"erring", Erring(), "outcome: succeeds", -40},
		{"erring", Erring(), "chunks: error before the last", 40},
		{"shared state", SharedState(), "shared: racy", 10},
		{"shared state", SharedState(), "shared: race-free", 10},
		{"forking", Forking(), "parallel: fork", 75},
		{"forking", Forking(), "parallel: fork in a fork", 10},
		{"barriers", Barriers(), "parallel: barrier", 50},
		{"barriers", Barriers(), "outcome: broken barrier", 3},
		{"mapping", Mapping(), "parallel: map", 75},
		{"chains", DeepChains(), "chunks: RAW only", 20},
		{"wide", Wide(), "chunks: several", 70},
		{"faulty", Faulty(), "fault: every attempt at a chunk", 40},
		{"timed", Timed(), "time: work", 75},
		{"timed", Timed(), "outcome: join timeout", 2},
		{"timed", Timed(), "outcome: time limit", 2},
	} {
		const n = 200
		var shares generators.Shares
		for _, w := range programs(n, c.options) {
			shares.Add(Classify(w))
		}
		got := 100 * shares.Count(c.label) / n
		if c.percent > 0 && got < c.percent || c.percent <= 0 && got > -c.percent {
			t.Errorf("%s: %s in %d %% of cases, want %d %% (at most, if negative)", c.name, c.label, got, c.percent)
		}
	}
}
