package batchtest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/block"
)

func parsed(t *testing.T, lines ...string) Block {
	t.Helper()
	b, err := block.Parse("workers 2\n" + strings.Join(lines, "\n") + "\n")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestExplained: each simple departure from serial execution is named.
func TestExplained(t *testing.T) {
	c, err := newConfig([]Option{Failures(Isolate)})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		lines []string
		state State
		rule  string
		says  string
	}{
		{[]string{"a = 1", "t1: add a 1", "t2: add a 1"}, State{"a": 3}, "", ""},
		{[]string{"a = 1", "t1: add a 1", "t2: add a 1"}, State{"a": 2}, "stale read", "t2 had not seen t1's write of a"},
		{[]string{"t1: write a 7", "t2: write b 8"}, State{"b": 8}, "lost write", "t1's write of a were lost"},
		{[]string{"t1: write a 7", "t2: write a 8; write b 8"}, State{"a": 7}, "left out", "t2 had not been executed"},
		{[]string{"t1: add a 1", "t2: write b 1"}, State{"a": 2, "b": 1}, "twice", "t1 had been executed twice"},
		{[]string{"t1: write a 7; fail", "t2: write b 8"}, State{"a": 7, "b": 8}, "aborted write", "what a failed transaction had written were kept"},
		{[]string{"t1: write a 7; write b 1", "t2: add a 1; add b 1; write c 1"}, State{"a": 1, "b": 1, "c": 1}, "stale view", "t2 had read the state before t1"},
		{[]string{"t1: write a 7", "t2: write a 8"}, State{"a": 7}, "lost write", "t2's write of a were lost"},
		{[]string{"t1: write a 7; write b 7", "t2: write a 8; write b 8"}, State{"a": 7, "b": 7}, "left out", "t2 had not been executed"},
		{[]string{"t1: write a 7; write b 7; write c 7", "t2: write a 8; write b 8; write d 8"}, State{"a": 7, "b": 7, "c": 7, "d": 8}, "wrong order", "t1 came after t2"},
		{[]string{"t1: write a 7"}, State{"a": 99}, "wrong state", "a is 99, and should be 7"},
	} {
		b := parsed(t, x.lines...)
		o := Outcome{report: Report{State: x.state}}
		v := c.diagnose(&b, &o, checkState(c, &b, &o))
		if v.Rule != x.rule || !strings.Contains(v.Reason, x.says) || (x.rule == "") != (v.Status == checkers.Pass) {
			t.Errorf("%v to %v: %v %s: %s", x.lines, x.state, v.Status, v.Rule, v.Reason)
		}
	}
}

// TestReports: what an executor says of itself is held to what can be, and to what came of the block.
func TestReports(t *testing.T) {
	c, err := newConfig([]Option{Failures(Isolate), Once()})
	if err != nil {
		t.Fatal(err)
	}
	b := parsed(t, "a = 1", "t1: add a 1", "t2: add a 1", "t3: fail")
	read := func(v Value, writer int) Access { return Access{Key: "a", Value: v, Writer: writer} }
	write := func(v Value) Access { return Access{Key: "a", Value: v, Write: true} }
	right := Report{State: State{"a": 3}, Errors: []error{nil, nil, errors.New("fails")}, Accesses: [][]Access{{read(1, Initially), write(2)}, {read(2, 0), write(3)}, nil}}
	for name, x := range map[string]struct {
		change        func(*Outcome)
		checker, rule string
	}{
		"right":             {func(*Outcome) {}, "", ""},
		"another order":     {func(o *Outcome) { o.report.Order, o.report.Accesses = []int{2, 1, 0}, nil }, "", ""},
		"no order":          {func(o *Outcome) { o.report.Order = []int{0, 0, 1} }, "report", ruleReport},
		"too few errors":    {func(o *Outcome) { o.report.Errors = o.report.Errors[:1] }, "report", ruleReport},
		"too few accesses":  {func(o *Outcome) { o.report.Accesses = o.report.Accesses[:1] }, "report", ruleReport},
		"an error too few":  {func(o *Outcome) { o.report.Errors = make([]error, 3) }, "failures", ruleFailure},
		"an error too many": {func(o *Outcome) { o.report.Errors = []error{nil, errors.New("no"), errors.New("fails")} }, "failures", ruleFailure},
		"the block fails":   {func(o *Outcome) { o.err = "no" }, "ending", ruleError},
		"no return":         {func(o *Outcome) { *o = Outcome{} }, "ending", ruleGoexit},
		"a panic":           {func(o *Outcome) { o.died = "index out of range" }, "ending", rulePanic},
		"executed twice":    {func(o *Outcome) { o.calls = []int{1, 2, 1} }, "once", ruleOnce},
		"never executed":    {func(o *Outcome) { o.calls = []int{0, 1, 1} }, "once", ruleOnce},
		"a lost update": {func(o *Outcome) {
			o.report.Accesses = [][]Access{{read(1, Initially), write(2)}, {read(1, Initially), write(3)}, nil}
		}, "serializability", "G-single"},
		"a read of nobody":    {func(o *Outcome) { o.report.Accesses = [][]Access{{read(1, 7), write(2)}, {read(2, 0), write(3)}, nil} }, "serializability", ruleReport},
		"a read of no writer": {func(o *Outcome) { o.report.Accesses = [][]Access{{read(1, 2), write(2)}, {read(2, 0), write(3)}, nil} }, "serializability", ruleReport},
	} {
		o := Outcome{ended: true, report: right, calls: []int{1, 1, 1}}
		x.change(&o)
		checker, rule := "", ""
		for _, k := range c.checkers() {
			if v := k.judge(c, &b, &o); v.Status != checkers.Pass {
				checker, rule = k.name, v.Rule
				break
			}
		}
		if checker != x.checker || rule != x.rule {
			t.Errorf("%s: %s, %s; want %s, %s", name, checker, rule, x.checker, x.rule)
		}
	}
}

// TestZeroIsGone: to an executor that does not tell the two apart, a key with 0 is one that is not there; one that the block does not have is wrong all the same.
func TestZeroIsGone(t *testing.T) {
	c, err := newConfig([]Option{ZeroIsGone()})
	if err != nil {
		t.Fatal(err)
	}
	b := parsed(t, "a = 1", "t1: move a b 1; delete c")
	for _, x := range []struct {
		state State
		want  checkers.Status
	}{
		{State{"a": 0, "b": 1}, checkers.Pass}, {State{"b": 1}, checkers.Pass}, {State{"b": 1, "c": 0}, checkers.Pass},
		{State{"b": 1, "x": 0}, checkers.Fail}, {State{"b": 1, "c": 1}, checkers.Fail}, {State{}, checkers.Fail},
	} {
		if v := checkState(c, &b, &Outcome{report: Report{State: x.state}}); v.Status != x.want {
			t.Errorf("%v: %v: %s", x.state, v.Status, v.Reason)
		}
	}
}

func TestOptionsRefused(t *testing.T) {
	for want, options := range map[string][]Option{
		"MaxTxs(0)":          {MaxTxs(0)},
		"Workers(3, 2)":      {Workers(3, 2)},
		"Stores(27)":         {Stores(27)},
		"Patience(1ns)":      {Patience(time.Nanosecond)},
		"Failures(policy 9)": {Failures(9)},
		"Panics needs":       {Panics()},
		"either Declared":    {Declared(true), Estimates()},
		"Simple goes with":   {Simple(), Ranges()},
		"index 1 is nil":     {MaxTxs(3), nil},
	} {
		if _, err := newConfig(options); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	for _, e := range []Executor{{}, {Run: serially, Report: reports}} {
		if e.check() == nil {
			t.Errorf("%+v is taken", e)
		}
	}
}

// serially is the simplest executor that is right.
func serially(_ context.Context, s State, txs []Tx) (State, error) {
	for _, tx := range txs {
		_ = tx.Apply(func(k Key) (Value, bool) { v, ok := s[k]; return v, ok }, func(k Key, v Value) { s[k] = v }, func(k Key) { delete(s, k) })
	}
	return s, nil
}

func reports(ctx context.Context, s State, txs []Tx) (Report, error) {
	s, err := serially(ctx, s, txs)
	return Report{State: s}, err
}
