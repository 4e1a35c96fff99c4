package trace

import (
	"fmt"

	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/text"
)

// Log is the events of an execution, indexed by transaction and by account, and
// known to be well-formed: numbers are in range, times do not decrease (and
// increase strictly if the run was controlled), an event has what its kind has and no more, a transaction's first event is
// its only START, it has at most one COMMIT and one ROLLBACK, and a version
// names a transaction with a WRITE of that account. What happens after a
// transaction's COMMIT or ROLLBACK is not the log's to judge.
type Log struct {
	Events []Event
	Spans  []Span // by transaction

	byTx, byAccount index
}

// Span is where a transaction's events are, as indices in Log.Events, or None.
type Span struct{ Start, Commit, Rollback int32 }

// None is the index of an event that did not happen.
const None int32 = -1

// Ran reports whether the transaction started.
func (s Span) Ran() bool { return s.Start != None }

// NewLog indexes the events of o, observed from a run of b, in time and space
// linear in both. The error is a [*MalformedError].
func NewLog(o *Observation, b *batch.Batch) (*Log, error) {
	l := &Log{Events: o.Events, Spans: make([]Span, len(b.Transactions))}
	for i := range l.Spans {
		l.Spans[i] = Span{None, None, None}
	}
	bad := func(i int, format string, args ...any) error {
		return &text.MalformedError{
			Where:  fmt.Sprintf("event %d (%s)", i, NamesOf(b).Event(l.Events[i])),
			Reason: fmt.Sprintf(format, args...),
		}
	}
	for i := range l.Events {
		if reason := l.add(i, b, len(o.Steps) > 0); reason != "" {
			return nil, bad(i, "%s", reason)
		}
	}
	l.byTx = newIndex(l.Events, len(b.Transactions), func(e *Event) int32 { return e.Tx })
	l.byAccount = newIndex(l.Events, len(b.Accounts), func(e *Event) int32 { return int32(e.Account) })
	if i := l.unwritten(b); i >= 0 {
		e := l.Events[i]
		return nil, bad(i, "%s never writes %s", NamesOf(b).Tx(e.Version), NamesOf(b).Account(e.Account))
	}
	return l, nil
}

// add files event i, or says what is wrong with it.
func (l *Log) add(i int, b *batch.Batch, strict bool) string {
	e := &l.Events[i]
	switch {
	case e.Tx < 0 || int(e.Tx) >= len(b.Transactions):
		return fmt.Sprintf("there are %d transactions", len(b.Transactions))
	case e.Kind > Rollback:
		return "there is no such event"
	case e.Worker < 0:
		return "the worker is negative"
	case i > 0 && e.Time < l.Events[i-1].Time:
		return fmt.Sprintf("it follows one of %v", l.Events[i-1].Time)
	case i > 0 && strict && e.Time == l.Events[i-1].Time:
		return "times of a controlled run increase strictly, and the event before has the same"
	}
	if extra := e.extra(); extra != "" {
		return extra
	}
	span := &l.Spans[e.Tx]
	if e.Kind != Start && !span.Ran() {
		return "the transaction has not started"
	}
	slot := &span.Start
	switch e.Kind {
	case Read, Write:
		if e.Account < 0 || int(e.Account) >= len(b.Accounts) {
			return fmt.Sprintf("there are %d accounts", len(b.Accounts))
		}
		if e.Version < history.InitialVersion || int(e.Version) >= len(b.Transactions) {
			return "the version names no transaction"
		}
		return ""
	case Commit:
		slot = &span.Commit
	case Rollback:
		slot = &span.Rollback
	}
	if *slot != None {
		return fmt.Sprintf("a second %v of the transaction", e.Kind)
	}
	*slot = int32(i)
	return ""
}

// extra says what the event has that its kind has not.
func (e *Event) extra() string {
	switch access := e.Kind == Read || e.Kind == Write; {
	case !access && (e.Account != 0 || e.Old != 0 || e.Version != 0):
		return "it has an account, a balance or a version, and only a read and a write have those"
	case e.Kind != Write && e.New != 0:
		return "it has a balance that it wrote, and only a write has that"
	}
	return ""
}

// unwritten returns the first access to a version that its transaction never
// writes, or -1.
func (l *Log) unwritten(b *batch.Batch) int {
	first := -1
	writer := make([]int32, len(b.Transactions)) // the last account + 1 found written by each
	for a := range b.Accounts {
		accesses := l.byAccount.of(a)
		for _, i := range accesses {
			if e := &l.Events[i]; e.Kind == Write {
				writer[e.Tx] = int32(a) + 1
			}
		}
		for _, i := range accesses {
			v := l.Events[i].Version
			if v != history.InitialVersion && writer[v] != int32(a)+1 && (first < 0 || int(i) < first) {
				first = int(i)
			}
		}
	}
	return first
}

// Accesses returns the indices of a transaction's READ and WRITE events, in
// order.
func (l *Log) Accesses(tx int) []int32 { return l.byTx.of(tx) }

// AccountAccesses returns the indices of an account's READ and WRITE events, in
// order.
func (l *Log) AccountAccesses(a batch.AccountID) []int32 { return l.byAccount.of(int(a)) }

// End is when the transaction was over: at its COMMIT, else at its ROLLBACK,
// else never, which is the end of the log.
func (l *Log) End(tx int) int {
	switch s := l.Spans[tx]; {
	case s.Commit != None:
		return int(s.Commit)
	case s.Rollback != None:
		return int(s.Rollback)
	default:
		return len(l.Events)
	}
}

// index holds the accesses of each of n owners, in order, in one array.
type index struct{ start, items []int32 }

func (x *index) of(i int) []int32 { return x.items[x.start[i]:x.start[i+1]] }

func newIndex(events []Event, n int, owner func(*Event) int32) index {
	x := index{start: make([]int32, n+2)}
	total := 0
	for i := range events {
		if e := &events[i]; e.Kind == Read || e.Kind == Write {
			x.start[owner(e)+2]++
			total++
		}
	}
	for i := 2; i < len(x.start); i++ {
		x.start[i] += x.start[i-1]
	}
	x.items = make([]int32, total)
	for i := range events {
		if e := &events[i]; e.Kind == Read || e.Kind == Write {
			next := &x.start[owner(e)+1]
			x.items[*next] = int32(i)
			*next++
		}
	}
	x.start = x.start[:n+1]
	return x
}

// Validate checks what every checker takes for granted about o, observed from a
// run of b: a known outcome, balances for all accounts, and a failure if the
// batch aborted. The error is a [*MalformedError].
func Validate(o *Observation, b *batch.Batch) error {
	bad := func(where, format string, args ...any) error {
		return &text.MalformedError{Where: where, Reason: fmt.Sprintf(format, args...)}
	}
	switch {
	case o.Outcome < history.Committed || o.Outcome > history.Cancelled:
		return bad("outcome", "%v is none", o.Outcome)
	case len(o.Initial) != len(b.Accounts):
		return bad("initial balances", "%d of them for %d accounts", len(o.Initial), len(b.Accounts))
	case len(o.Final) != len(b.Accounts):
		return bad("final balances", "%d of them for %d accounts", len(o.Final), len(b.Accounts))
	case o.Failure != nil && o.Outcome != history.Aborted, o.Unattested != nil && o.Outcome != history.Aborted,
		o.Outcome == history.Aborted && o.Failure == nil && o.Unattested == nil && o.Counterexample == nil:
		return bad("failure", "a batch has one, or another reason, exactly if it aborted, and this one is %v", o.Outcome)
	case o.Failure != nil && (o.Failure.Tx < 0 || o.Failure.Tx >= len(b.Transactions)):
		return bad("failure", "it names transaction %d of %d", o.Failure.Tx, len(b.Transactions))
	}
	for i, s := range o.Snapshots {
		if len(s.Balances) != len(b.Accounts) {
			return bad(fmt.Sprintf("snapshot %d", i), "%d balances for %d accounts", len(s.Balances), len(b.Accounts))
		}
	}
	return nil
}
