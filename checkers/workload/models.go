package workload

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"synchrony/checkers"
	"synchrony/models/history"
)

// Options say what a workload's promise depends on.
type Options struct {
	Total    int64 // of all accounts of a bank, if Given
	Given    bool
	Negative bool // balances may be negative
}

// Model is a workload.
type Model struct {
	name, about string
	operations  []string
	judge       func(Options) judge
}

// judge takes the operations of a history, each once its outcome is known, in any order in which those of one process keep theirs, and keeps
// of them what the promise needs.
type judge interface {
	take(x *history.Operation, f *findings)
	// verdict is that on what was taken. It is asked once.
	verdict(f *findings) checkers.Verdict
}

// Name is the model's name, as in "--model set".
func (m Model) Name() string { return m.name }

// About says what is promised.
func (m Model) About() string { return m.about }

// Models returns all workloads.
func Models() []Model {
	return []Model{
		{"set", "elements are added, and the last read has all that were acknowledged", []string{"add", "read"}, newSet},
		{"set-full", "elements are added, and reads have them from then on", []string{"add", "read"}, whole(checkSetFull)},
		{"total-queue", "what was enqueued is dequeued in the end", []string{"enqueue", "dequeue", "drain"}, newTotalQueue},
		{"unique-ids", "no identifier is generated twice", []string{"generate"}, newUniqueIDs},
		{"bounded-counter", "a counter's reads lie between what was certainly and what may have been added", []string{"add", "read"}, newCounter},
		{"bank-total", "reads of all accounts have one total, and no balance is negative", []string{"transfer", "read"}, newBank},
		{"long-fork", "reads of several keys, written once, see the writes in one order", []string{"read", "write", "txn"}, newLongFork},
		{"monotonic", "what is read never goes back, in real time", []string{"inc", "add", "write", "read"}, newMonotonic},
		{"kafka", "logs of keys, as Kafka's: what is sent is polled, once, in order and without a gap", []string{"send", "poll", "txn", "assign", "subscribe", "crash", "debug-topic-partitions"}, newLogs},
		{"g-set", "sets that grow: no client's reads lose an element, and the last have all that was added", []string{"add", "read"}, whole(checkGSet)},
		{"causal-reverse", "a read that sees a write sees all that were done before it", []string{"write", "insert", "read"}, whole(checkCausalReverse)},
	}
}

// Lookup returns the workload of a name.
func Lookup(name string) (Model, bool) {
	for _, m := range Models() {
		if m.name == name {
			return m, true
		}
	}
	return Model{}, false
}

// Result is what a check found out.
type Result struct {
	checkers.Verdict
	Blamed []int // the lines of operations to blame, in order: those that the evidence names
}

// Check decides whether operations keep what the workload promises: see [Stream.Take] for their order. The error, for an operation that it does
// not have, begins with the line.
func (m Model) Check(list []history.Operation, o Options) (Result, error) {
	s := m.Stream(o)
	for i := range list {
		if err := s.Take(&list[i]); err != nil {
			return Result{}, err
		}
	}
	return s.Result(), nil
}

// Stream judges a history while it is read. What it keeps of an operation is what the promise needs: of most models a few numbers and
// names, of set-full, g-set and causal-reverse all of it, since each read is compared with all that was written.
type Stream struct {
	model    Model
	judge    judge
	findings findings
}

// Stream returns one that has taken nothing yet.
func (m Model) Stream(o Options) *Stream { return &Stream{model: m, judge: m.judge(o)} }

// Take takes an operation whose outcome is known, or will never be; those of one process in the order of their invocations, and others in
// any order. It must not change any more. The error, for an operation that the model does not have, begins with the line.
func (s *Stream) Take(x *history.Operation) error {
	if m := s.model; !slices.Contains(m.operations, x.Name) {
		return fmt.Errorf("%d: the model %s has no %s: it has %s", x.Line, m.name, x.Name, strings.Join(m.operations, ", "))
	}
	s.judge.take(x, &s.findings)
	return nil
}

// Result decides whether what was taken keeps what the workload promises. Nothing is taken after it.
func (s *Stream) Result() Result {
	v := s.judge.verdict(&s.findings)
	return Result{v, s.findings.blamed()}
}

// whole is the judge of a model that needs all operations, in the order of their invocations.
func whole(check func([]history.Operation, *findings) checkers.Verdict) func(Options) judge {
	return func(Options) judge { return &wholeJudge{check: check} }
}

type wholeJudge struct {
	list  []history.Operation
	check func([]history.Operation, *findings) checkers.Verdict
}

func (w *wholeJudge) take(x *history.Operation, _ *findings) { w.list = append(w.list, *x) }

func (w *wholeJudge) verdict(f *findings) checkers.Verdict {
	slices.SortStableFunc(w.list, func(x, y history.Operation) int { return cmp.Compare(x.Invoked, y.Invoked) })
	return w.check(w.list, f)
}

// did reports whether an operation of a name certainly took effect, and may reports whether it perhaps did.
func did(x *history.Operation, names ...string) bool {
	return x.Outcome == history.Committed && slices.Contains(names, x.Name)
}

func may(x *history.Operation, names ...string) bool {
	return x.Outcome != history.Aborted && slices.Contains(names, x.Name)
}
