package trace

import (
	"fmt"
	"strconv"
	"strings"

	"synchrony/models/batch"
	"synchrony/models/text"
)

// Format writes o, observed from a run of b, a fact a line. Accounts and
// transactions are written by name; facts that are absent or zero are left out.
// [Parse] gives the same observation back if b's names are unique.
//
//	outcome committed
//	initial alice 100 bob 50
//	final alice 90 bob 60
//	edge t1 -> t2 RAW,WAR,WAW alice
//	conflict t1 -> t2 RAW,WAR,WAW alice
//	group t1
//	group t2
//	12ns w0 start t1
//	13ns w0 read t1 alice 100 from init
//	14ns w0 write t1 alice 100 -> 90 over init
//	15ns w0 commit t1
//	snapshot 16ns o0 alice 100 bob 50
//	late 99ns w1 write t2 alice 90 -> 80 over t1
//	step t2 write cell/alice
func Format(o Observation, b *batch.Batch) string {
	f := formatter{names: NamesOf(b)}
	f.ending(o, b)
	f.certificate(o)
	f.balances("initial", o.Initial)
	f.balances("final", o.Final)
	for _, d := range o.Edges {
		f.line("edge", f.names.Dependency(d))
	}
	for _, d := range o.Conflicts {
		f.line("conflict", f.names.Dependency(d))
	}
	for _, g := range o.Groups {
		f.line("group", f.names.Txs(g))
	}
	f.numbers(o)
	for _, e := range o.Events {
		f.line(f.names.Event(e))
	}
	for _, e := range o.Late {
		f.line("late", f.names.Event(e))
	}
	for _, s := range o.Snapshots {
		f.line("snapshot", s.Time.String(), "o"+strconv.Itoa(int(s.Observer)), f.names.Balances(s.Balances))
	}
	for _, s := range o.Steps {
		f.line("step", f.names.Step(s))
	}
	return f.String()
}

type formatter struct {
	strings.Builder
	names Names
}

// line writes words separated by spaces, leaving out empty ones.
func (f *formatter) line(words ...string) {
	for i, w := range words {
		if w == "" {
			continue
		}
		if i > 0 {
			f.WriteByte(' ')
		}
		f.WriteString(w)
	}
	f.WriteByte('\n')
}

func (f *formatter) quoted(key, s string) {
	if s != "" {
		f.line(key, strconv.Quote(s))
	}
}

func (f *formatter) ending(o Observation, b *batch.Batch) {
	f.line("outcome", o.Outcome.String())
	if fail := o.Failure; fail != nil {
		f.line("failure", f.names.Tx(int32(fail.Tx)), formatFailureKind(fail.Kind))
		if fail.Tx < 0 || fail.Tx >= len(b.Transactions) || b.Transactions[fail.Tx].ID != fail.ID {
			f.line("id", strconv.Quote(fail.ID))
		}
		f.quoted("condition", fail.Condition)
		for _, v := range fail.Values {
			f.line("value", strconv.Quote(v.Name), strconv.FormatInt(v.Value, 10))
		}
		f.quoted("detail", fail.Detail)
		if fail.Err != nil {
			f.line("cause", strconv.Quote(fail.Err.Error()))
		}
		f.quoted("stack", fail.Stack)
	}
	f.quoted("error", o.Error)
	if len(o.Cycle) > 0 {
		f.line("cycle", text.Join(o.Cycle, text.QuoteName))
	}
}

func (f *formatter) balances(key string, balances []int64) {
	if balances != nil {
		f.line(key, f.names.Balances(balances))
	}
}

func (f *formatter) numbers(o Observation) {
	for _, n := range []struct {
		key   string
		value int
	}{
		{"workers", o.Workers},
		{"executed", o.Executed},
		{"parallel", o.Parallel},
		{"completed", o.Completed},
		{"pending", o.Pending},
	} {
		if n.value != 0 {
			f.line(n.key, strconv.Itoa(n.value))
		}
	}
	if o.Serial {
		f.line("serial")
	}
	if o.Speedup != nil {
		f.line("speedup", strconv.FormatFloat(*o.Speedup, 'g', -1, 64))
	}
	if o.Elapsed != 0 {
		f.line("elapsed", fmt.Sprint(o.Elapsed))
	}
	if o.Limit != 0 {
		f.line("limit", fmt.Sprint(o.Limit))
	}
}
