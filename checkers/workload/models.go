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
	check       func([]history.Operation, Options, *findings) checkers.Verdict
}

// Name is the model's name, as in "--model set".
func (m Model) Name() string { return m.name }

// About says what is promised.
func (m Model) About() string { return m.about }

// Models returns all workloads.
func Models() []Model {
	return []Model{
		{"set", "elements are added, and the last read has all that were acknowledged", []string{"add", "read"}, checkSet},
		{"set-full", "elements are added, and reads have them from then on", []string{"add", "read"}, checkSetFull},
		{"total-queue", "what was enqueued is dequeued in the end", []string{"enqueue", "dequeue", "drain"}, checkTotalQueue},
		{"unique-ids", "no identifier is generated twice", []string{"generate"}, checkUniqueIDs},
		{"bounded-counter", "a counter's reads lie between what was certainly and what may have been added", []string{"add", "read"}, checkCounter},
		{"bank-total", "reads of all accounts have one total, and no balance is negative", []string{"transfer", "read"}, checkBank},
		{"long-fork", "reads of several keys, written once, see the writes in one order", []string{"read", "write", "txn"}, checkLongFork},
		{"monotonic", "what is read never goes back, in real time", []string{"inc", "add", "write", "read"}, checkMonotonic},
		{"kafka", "logs of keys, as Kafka's: what is sent is polled, once, in order and without a gap", []string{"send", "poll", "txn", "assign", "subscribe", "crash", "debug-topic-partitions"}, checkLog},
		{"g-set", "sets that grow: no client's reads lose an element, and the last have all that was added", []string{"add", "read"}, checkGSet},
		{"causal-reverse", "a read that sees a write sees all that were done before it", []string{"write", "insert", "read"}, checkCausalReverse},
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

// Check decides whether operations, in the order of their invocations, keep what the workload promises. The error, for an operation
// that it does not have, begins with the line.
func (m Model) Check(list []history.Operation, o Options) (Result, error) {
	for i := range list {
		if x := &list[i]; !slices.Contains(m.operations, x.Name) {
			return Result{}, fmt.Errorf("%d: the model %s has no %s: it has %s", x.Line, m.name, x.Name, strings.Join(m.operations, ", "))
		}
	}
	f := &findings{}
	v := m.check(list, o, f)
	slices.Sort(f.blamed)
	return Result{v, slices.Compact(f.blamed)}, nil
}

// did reports whether an operation of a name certainly took effect, and may reports whether it perhaps did.
func did(x *history.Operation, names ...string) bool {
	return x.Outcome == history.Committed && slices.Contains(names, x.Name)
}

func may(x *history.Operation, names ...string) bool {
	return x.Outcome != history.Aborted && slices.Contains(names, x.Name)
}

// maxShown is how many examples a verdict has.
const maxShown = 8

// findings are what is wrong, by kind, with a line of evidence for the first of each.
type findings struct {
	rules    []string
	counts   map[string]int
	evidence []string
	blamed   []int // the lines that the evidence names
}

// line is that of an operation to blame.
type line int

func at(x *history.Operation) line { return line(x.Line) }

// add adds a finding. The lines among args are those of operations to blame.
func (f *findings) add(rule, format string, args ...any) {
	if f.counts == nil {
		f.counts = map[string]int{}
	}
	if f.counts[rule]++; f.counts[rule] == 1 {
		f.rules = append(f.rules, rule)
	}
	if f.counts[rule] <= maxShown {
		f.evidence = append(f.evidence, rule+": "+fmt.Sprintf(format, args...))
		for _, a := range args {
			if x, ok := a.(line); ok {
				f.blamed = append(f.blamed, int(x))
			}
		}
	}
}

// judged is the verdict on so many operations of a kind: if there are none, nothing was judged.
func (f *findings) judged(n int, what string) checkers.Verdict {
	if n == 0 && len(f.rules) == 0 {
		return checkers.Undecided("no %s was completed, so there is nothing to judge", what)
	}
	return f.verdict()
}

// verdict is a pass if nothing was found.
func (f *findings) verdict() checkers.Verdict {
	if len(f.rules) == 0 {
		return checkers.Passed()
	}
	words := make([]string, len(f.rules))
	for i, rule := range f.rules {
		words[i] = fmt.Sprintf("%d %s", f.counts[rule], rule)
	}
	return checkers.Failed(f.rules[0], strings.Join(words, ", ")+"; the first: "+f.evidence[0], f.evidence...)
}
