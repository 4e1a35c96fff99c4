package history

import (
	"fmt"
	"strings"

	"synchrony/models/text"
)

const (
	listsLine     = "lists"
	registersLine = "registers"
)

// FormatTransactions writes t, a transaction a line after one that says what its keys hold. A transaction without a second time may have taken
// effect at any time. What is read of a list is one word: a value, or values with commas between them in brackets.
//
//	lists
//	committed p0 1ns 4ns append x 5, read x [5]
//	unknown p1 2ns append x 6
func FormatTransactions(t *Transactions) string {
	var sb strings.Builder
	if t.Lists {
		fmt.Fprintln(&sb, listsLine)
	} else {
		fmt.Fprintln(&sb, registersLine)
	}
	for tx := range int32(len(t.List)) {
		x := &t.List[tx]
		fmt.Fprintf(&sb, "%s p%d %v", outcomeOrUnknown(x.Outcome), x.Process, x.Invoked)
		if x.Returned != Forever {
			fmt.Fprintf(&sb, " %v", x.Returned)
		}
		for i, op := range t.Of(tx) {
			if i > 0 {
				sb.WriteByte(',')
			}
			fmt.Fprintf(&sb, " %s %s %s", t.verb(&op), t.KeyName(op.Key), t.what(&op))
		}
		sb.WriteByte('\n')
	}
	return sb.String()
}

// verb is an operation's word.
func (t *Transactions) verb(op *Op) string {
	switch {
	case op.Write && t.Lists:
		return "append"
	case op.Write:
		return "write"
	default:
		return "read"
	}
}

// what is the word for what an operation wrote or read.
func (t *Transactions) what(op *Op) string {
	if op.Write || !t.Lists {
		return t.ValueName(op.Value)
	}
	words := make([]string, op.Count)
	for i, v := range t.ListOf(op) {
		words[i] = t.ValueName(v)
	}
	return "[" + strings.Join(words, ",") + "]"
}

// ParseTransactions reads what [FormatTransactions] writes. # begins a comment. A transaction's line is the place that it has among them, from 1
// on. The error is a [*text.Error], or a [*text.MalformedError] for transactions that are not in the order of their invocations.
func ParseTransactions(file, src string) (*Transactions, error) {
	r := &transactionsReader{t: &Transactions{Values: []Value{{}}}, keys: map[string]int32{}, values: map[Value]int32{{}: 0}}
	err := text.ReadLines(file, src, r.line)
	if err != nil {
		return nil, err
	}
	if !r.begun {
		return nil, &text.Error{File: file, Message: fmt.Sprintf("the first line is missing, which is %s or %s", listsLine, registersLine)}
	}
	for i := 1; i < len(r.t.List); i++ {
		if r.t.List[i].Invoked < r.t.List[i-1].Invoked {
			return nil, &text.MalformedError{Where: r.t.Name(int32(i)), Reason: "it was invoked before the one above it"}
		}
	}
	return r.t, nil
}

// transactionsReader numbers keys and values as it meets them.
type transactionsReader struct {
	t      *Transactions
	begun  bool
	keys   map[string]int32
	values map[Value]int32
}

func (r *transactionsReader) line(a *text.Line) error {
	if !r.begun {
		r.t.Lists, r.begun = a.Either(listsLine, registersLine), true
		return a.End()
	}
	a.SeparateCommas()
	word := a.Next("an outcome")
	x := Transaction{Line: int32(len(r.t.List) + 1), First: int32(len(r.t.Ops)), Returned: Forever}
	if word != unknownWord {
		var err error
		x.Outcome, err = ParseOutcome(word)
		a.Check(err)
	}
	x.Process, x.Invoked = a.Numbered("p", "a process"), a.Duration("a time")
	if w := a.Peek(); w != "" && w[0] >= '0' && w[0] <= '9' {
		x.Returned = a.Duration("a time")
	}
	if x.Outcome > Aborted || x.Invoked < 0 || x.Returned < x.Invoked || x.Outcome == Committed && x.Returned == Forever {
		a.Fail("a transaction is committed, aborted or unknown, and returns after it is invoked; one that committed did return")
	}
	for a.More() {
		r.t.Ops = append(r.t.Ops, r.op(a))
		if a.More() {
			a.Literal(",")
		}
	}
	x.End = int32(len(r.t.Ops))
	r.t.List = append(r.t.List, x)
	return a.End()
}

func (r *transactionsReader) op(a *text.Line) Op {
	write := "write"
	if r.t.Lists {
		write = "append"
	}
	op := Op{Write: a.Either(write, "read"), Key: r.key(key(a))}
	v := value(a)
	if op.Write || !r.t.Lists {
		op.Value = r.value(v)
		return op
	}
	if v.Kind != List && !a.Failed() {
		a.Fail("%v is no list, of which keys are", v)
	}
	op.Value = int32(len(r.t.Elements))
	for _, e := range v.Elements() {
		element, ok := parseValue(e)
		if !ok {
			a.Fail("%s is no value", e)
		}
		r.t.Elements = append(r.t.Elements, r.value(element))
	}
	op.Count = int32(len(r.t.Elements)) - op.Value
	return op
}

func (r *transactionsReader) key(name string) int32 {
	n, ok := r.keys[name]
	if !ok {
		n = int32(len(r.t.Keys))
		r.keys[name], r.t.Keys = n, append(r.t.Keys, name)
	}
	return n
}

func (r *transactionsReader) value(v Value) int32 {
	n, ok := r.values[v]
	if !ok {
		n = int32(len(r.t.Values))
		r.values[v], r.t.Values = n, append(r.t.Values, v)
	}
	return n
}
