package trace

import (
	"fmt"
	"strconv"
	"strings"

	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/schedule"
	"synchrony/models/text"
)

// Names writes a trace's numbers as the names of a batch. A number that the
// batch does not have is written as ?17, so that malformed traces print too.
type Names struct{ b *batch.Batch }

// NamesOf returns the names of b.
func NamesOf(b *batch.Batch) Names { return Names{b} }

// Tx is the name of transaction tx.
func (n Names) Tx(tx int32) string {
	if tx < 0 || int(tx) >= len(n.b.Transactions) {
		return "?" + strconv.Itoa(int(tx))
	}
	return text.QuoteName(n.b.Transactions[tx].ID)
}

// Txs is the names of transactions, separated by spaces.
func (n Names) Txs(txs []int32) string { return text.Join(txs, n.Tx) }

// Version is the name of the transaction that wrote a version, or "init".
func (n Names) Version(v int32) string {
	if v == history.InitialVersion {
		return text.InitName
	}
	return n.Tx(v)
}

// Account is the name of account a.
func (n Names) Account(a batch.AccountID) string {
	if a < 0 || int(a) >= len(n.b.Accounts) {
		return "?" + strconv.Itoa(int(a))
	}
	return text.QuoteName(n.b.Accounts[a].Name)
}

// Accounts is the names of accounts, separated by spaces.
func (n Names) Accounts(as []batch.AccountID) string { return text.Join(as, n.Account) }

// Balances is "alice 100 bob 50": every account with its balance. Balances of
// another number of accounts are written as "? 100 50".
func (n Names) Balances(balances []int64) string {
	var sb strings.Builder
	if len(balances) != len(n.b.Accounts) {
		sb.WriteString("?")
		for _, v := range balances {
			sb.WriteByte(' ')
			sb.WriteString(strconv.FormatInt(v, 10))
		}
		return sb.String()
	}
	for a, v := range balances {
		if a > 0 {
			sb.WriteByte(' ')
		}
		sb.WriteString(n.Account(batch.AccountID(a)))
		sb.WriteByte(' ')
		sb.WriteString(strconv.FormatInt(v, 10))
	}
	return sb.String()
}

// Event is the text form of an event: "14ns w0 write t1 alice 100 -> 90 over init".
func (n Names) Event(e Event) string {
	head := fmt.Sprintf("%v w%d %v %s", e.Time, e.Worker, e.Kind, n.Tx(e.Tx))
	switch e.Kind {
	case Read:
		return fmt.Sprintf("%s %s %d from %s", head, n.Account(e.Account), e.Old, n.Version(e.Version))
	case Write:
		return fmt.Sprintf("%s %s %d -> %d over %s", head, n.Account(e.Account), e.Old, e.New, n.Version(e.Version))
	default:
		return head
	}
}

// Dependency is the text form of a dependency: "t1 -> t2 RAW,WAW alice".
func (n Names) Dependency(d Dependency) string {
	s := fmt.Sprintf("%s -> %s %v", n.Tx(d.From), n.Tx(d.To), d.Kinds)
	if len(d.Accounts) > 0 {
		s += " " + n.Accounts(d.Accounts)
	}
	return s
}

// Object is the text form of an object, with the account or transaction that it
// belongs to: "cell/alice".
func (n Names) Object(o schedule.Object) string {
	switch o.Class {
	case schedule.ClassCell, schedule.ClassStore:
		return fmt.Sprintf("%v/%s", o.Class, n.Account(batch.AccountID(o.Index)))
	case schedule.ClassCounter:
		return fmt.Sprintf("%v/%s", o.Class, n.Tx(o.Index))
	default:
		return o.String()
	}
}

// Shared is what an object is to a reader of the batch: the account alone, if it is an account's value.
func (n Names) Shared(o schedule.Object) string {
	if o.Class == schedule.ClassCell {
		return n.Account(batch.AccountID(o.Index))
	}
	if text := n.Object(o); text != o.String() {
		return text
	}
	return o.Name()
}

// Step is the text form of a step: "t2 write cell/alice".
func (n Names) Step(s schedule.Step) string {
	return fmt.Sprintf("t%d %v %s", s.Task, s.Op, n.Object(s.Object))
}
