package history

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Transactions is what clients of a store saw of transactions that read and write registers, or read lists and append
// to them, without versions: which write a read saw follows from the values. Keys and values are numbered densely,
// and kept in a few arrays, for there may be millions.
type Transactions struct {
	Lists  bool     // keys hold lists, which writes append to; else they are registers
	Keys   []string // names of keys: see [TextKey]
	Values []Value  // by number; number 0 is no value, as a register has that nobody wrote

	List     []Transaction // in the order of their invocations
	Ops      []Op
	Elements []int32 // the elements of the lists that were read: numbers of values; lists of one key may share them
}

// Transaction is a transaction of [Transactions].
type Transaction struct {
	Process int32
	Line    int32   // of its invocation, for reports
	Outcome Outcome // Committed, Aborted, or 0: unknown
	First   int32   // its operations are Ops[First:End]
	End     int32
	Invoked time.Duration
	// Returned is Forever if it is not known when it took effect, if at all.
	Returned time.Duration
}

// Op is an operation of a transaction.
type Op struct {
	Key   int32
	Write bool
	// Value is what was written, appended or read, by number; of a read of a list it is where
	// in Elements the list begins, whose length is Count.
	Value int32
	Count int32
}

// Of returns the operations of transaction tx.
func (t *Transactions) Of(tx int32) []Op { return t.Ops[t.List[tx].First:t.List[tx].End] }

// ListOf returns the elements that a read of a list saw.
func (t *Transactions) ListOf(op *Op) []int32 { return t.Elements[op.Value : op.Value+op.Count] }

// Name is what reports call a transaction: T and the line of its invocation.
func (t *Transactions) Name(tx int32) string { return "T" + strconv.Itoa(int(t.List[tx].Line)) }

// KeyName is the name of a key as a word.
func (t *Transactions) KeyName(key int32) string { return KeyText(t.Keys[key]) }

// ValueName is a value as a person reads it.
func (t *Transactions) ValueName(value int32) string { return t.Values[value].String() }

// maxElements is how many elements of a list are shown.
const maxElements = 12

// OpText is an operation as a person reads it: "append x 5", "write x 5", "read x [1 2]" or "read x nil".
func (t *Transactions) OpText(op *Op) string {
	key := t.KeyName(op.Key)
	switch {
	case op.Write && t.Lists:
		return "append " + key + " " + t.ValueName(op.Value)
	case op.Write:
		return "write " + key + " " + t.ValueName(op.Value)
	case !t.Lists:
		return "read " + key + " " + t.ValueName(op.Value)
	}
	return "read " + key + " " + t.ListText(t.ListOf(op))
}

// ListText is a list as a person reads it; of a long one, its end.
func (t *Transactions) ListText(list []int32) string {
	var sb strings.Builder
	sb.WriteByte('[')
	if hidden := len(list) - maxElements; hidden > 0 {
		sb.WriteString("… ")
		list = list[hidden:]
	}
	for i, e := range list {
		if i > 0 {
			sb.WriteByte(' ')
		}
		sb.WriteString(t.ValueName(e))
	}
	sb.WriteByte(']')
	return sb.String()
}

// maxOps is how many operations of a transaction are shown.
const maxOps = 12

// Text is what a transaction did: "read x [], append y 1"; of one that did not commit, what it asked for.
func (t *Transactions) Text(tx int32) string {
	ops := t.Of(tx)
	words := make([]string, 0, len(ops))
	for i := range ops {
		if i == maxOps {
			words = append(words, fmt.Sprintf("… (%d more)", len(ops)-i))
			break
		}
		if op := &ops[i]; op.Write || t.List[tx].Outcome == Committed {
			words = append(words, t.OpText(op))
		} else {
			words = append(words, "read "+t.KeyName(op.Key))
		}
	}
	return strings.Join(words, ", ")
}

// Show is a transaction on one line: "T3 (process 1, committed): read x [], append y 1".
func (t *Transactions) Show(tx int32) string {
	x := &t.List[tx]
	return fmt.Sprintf("%s (process %d, %s): %s", t.Name(tx), x.Process, outcomeOrUnknown(x.Outcome), t.Text(tx))
}
