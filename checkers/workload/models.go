package workload

import (
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

// judge is told of the operations of a history, each once its outcome is known, in any order, and keeps of them what the promise needs.
type judge interface {
	add(x *history.Operation)
	// verdict is that on what was added. It is asked once.
	verdict(f *findings) checkers.Verdict
}

// Name is the model's name, as in "--model set".
func (m Model) Name() string { return m.name }

// About says what is promised.
func (m Model) About() string { return m.about }

// HasTotal reports whether [Options] may give the model a total.
func (m Model) HasTotal() bool { return m.name == "bank-total" }

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
		{"kafka", "logs of keys, as Kafka's: what is sent is polled, once, in order and without a gap", []string{"send", "poll", "txn", "assign", "subscribe", "crash", "debug-topic-partitions"}, newLogJudge},
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

// Check decides whether operations, in any order, keep what the workload promises. The error, for an operation that it does not have, begins
// with the line.
func (m Model) Check(list []history.Operation, o Options) (Result, error) {
	s := m.Stream(o)
	for i := range list {
		if err := s.Add(&list[i]); err != nil {
			return Result{}, err
		}
	}
	return s.Result(), nil
}

// Stream judges a history while it is read. What it keeps of an operation is what the promise needs: of most models a few numbers and
// names, of set-full, g-set and causal-reverse all of it, since each read is compared with all that was written.
type Stream struct {
	model Model
	judge judge
}

// Stream returns one that was told of nothing yet.
func (m Model) Stream(o Options) *Stream { return &Stream{m, m.judge(o)} }

// Add adds an operation whose outcome is known, or will never be. They come in any order, which makes no difference. The error, for an operation
// that the model does not have, begins with the line.
func (s *Stream) Add(x *history.Operation) error {
	if m := s.model; !slices.Contains(m.operations, x.Name) {
		return fmt.Errorf("%d: the model %s has no %s: it has %s", x.Line, m.name, x.Name, strings.Join(m.operations, ", "))
	}
	s.judge.add(x)
	return nil
}

// Result decides whether what was added keeps what the workload promises. Nothing is added after it.
func (s *Stream) Result() Result {
	f := &findings{}
	v := s.judge.verdict(f)
	if v.Status != checkers.Fail {
		return Result{Verdict: v} // what was found meanwhile counts for nothing
	}
	slices.Sort(f.blamed)
	return Result{v, slices.Compact(f.blamed)}
}

// whole is the judge of a model that needs all operations, in order.
func whole(check func([]history.Operation, *findings) checkers.Verdict) func(Options) judge {
	return func(Options) judge { return &wholeJudge{check: check} }
}

type wholeJudge struct {
	list  []history.Operation
	check func([]history.Operation, *findings) checkers.Verdict
}

func (w *wholeJudge) add(x *history.Operation) { w.list = append(w.list, *x) }

func (w *wholeJudge) verdict(f *findings) checkers.Verdict {
	slices.SortStableFunc(w.list, func(x, y history.Operation) int { return spanOf(&x).compare(spanOf(&y)) })
	return w.check(w.list, f)
}

// did reports whether an operation of a name certainly took effect, and may reports whether it perhaps did.
func did(x *history.Operation, names ...string) bool {
	return x.Outcome == history.Committed && slices.Contains(names, x.Name)
}

func may(x *history.Operation, names ...string) bool {
	return x.Outcome != history.Aborted && slices.Contains(names, x.Name)
}
