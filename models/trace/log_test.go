package trace

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/text"
)

func parseEvents(t *testing.T, src string) *Observation {
	t.Helper()
	o, err := Parse("test", "outcome committed\n"+src, twoAccounts())
	if err != nil {
		t.Fatal(err)
	}
	return &o
}

func TestLog(t *testing.T) {
	o := parseEvents(t, `
1ns w0 start t1
2ns w1 start t2
3ns w0 write t1 alice 100 -> 90 over init
4ns w1 read t2 bob 50 from init
5ns w0 commit t1
6ns w1 read t2 alice 90 from t1
7ns w1 rollback t2
`)
	l, err := NewLog(o, twoAccounts())
	if err != nil {
		t.Fatal(err)
	}
	if l.Spans[0] != (Span{0, 4, None}) || l.Spans[1] != (Span{1, None, 6}) || l.Spans[2].Ran() {
		t.Errorf("spans %v", l.Spans)
	}
	if !slices.Equal(l.Accesses(1), []int32{3, 5}) || !slices.Equal(l.AccountAccesses(0), []int32{2, 5}) {
		t.Errorf("accesses of t2 %v, of alice %v", l.Accesses(1), l.AccountAccesses(0))
	}
	if l.End(0) != 4 || l.End(1) != 6 || l.End(2) != 7 {
		t.Errorf("ends %d %d %d", l.End(0), l.End(1), l.End(2))
	}
}

func TestMalformedLogs(t *testing.T) {
	for _, tc := range []struct{ name, events, want string }{
		{"transaction out of range", "1ns w0 start ?9", "there are 5 transactions"},
		{"no start", "1ns w0 read t1 alice 1 from init", "has not started"},
		{"two starts", "1ns w0 start t1\n2ns w0 start t1", "a second start"},
		{"two commits", "1ns w0 start t1\n2ns w0 commit t1\n3ns w0 commit t1", "a second commit"},
		{"time runs back", "2ns w0 start t1\n1ns w0 commit t1", "it follows one of 2ns"},
		{"equal times under control", "1ns w0 start t1\n1ns w0 commit t1\nstep t0 begin none/0", "increase strictly"},
		{"unknown kind", "1ns w0 ?7 t1", "no such event"},
		{"unknown account", "1ns w0 start t1\n2ns w0 read t1 ?9 1 from init", "there are 3 accounts"},
		{"version out of range", "1ns w0 start t1\n2ns w0 read t1 alice 1 from ?9", "names no transaction"},
		{"version never written", "1ns w0 start t1\n2ns w0 read t1 alice 1 from t2", "t2 never writes alice"},
		{"negative worker", "1ns w-1 start t1", "worker is negative"},
	} {
		_, err := NewLog(parseEvents(t, tc.events), twoAccounts())
		var malformed *text.MalformedError
		if !errors.As(err, &malformed) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.want)
		}
	}
}

func TestValidate(t *testing.T) {
	b := twoAccounts()
	good := func() Observation {
		return Observation{Outcome: history.Committed, Initial: make([]int64, 3), Final: make([]int64, 3)}
	}
	o := good()
	if err := Validate(&o, b); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*Observation){
		"outcome":  func(o *Observation) { o.Outcome = 0 },
		"initial":  func(o *Observation) { o.Initial = nil },
		"final":    func(o *Observation) { o.Final = o.Final[:2] },
		"failure":  func(o *Observation) { o.Outcome = history.Aborted },
		"snapshot": func(o *Observation) { o.Snapshots = []Snapshot{{}} },
		"failed transaction": func(o *Observation) {
			o.Outcome, o.Failure = history.Aborted, &batch.Failure{Tx: 5}
		},
	} {
		o := good()
		spoil(&o)
		if Validate(&o, b) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
