package sample

import (
	"fmt"
	"strings"

	"synchrony/models/history"
)

// notation is what differs between EDN and JSON.
type notation struct {
	event   string // of its number, type, process, operations and time
	between string // operations, and items of a list
	nothing string
	reads   string // its name
	appends string
	writes  string
}

// EDN is a drawn history as Jepsen records it, an event a line.
func EDN(h *history.Transactions) string {
	return notation{"{:index %[1]d, :type :%[2]s, :process %[3]d, :f :txn, :value [%[4]s], :time %[5]d}\n", " ", "nil", ":r", ":append", ":w"}.write(h)
}

// JSON is the same as lines of JSON.
func JSON(h *history.Transactions) string {
	return notation{`{"index": %[1]d, "type": "%[2]s", "process": %[3]d, "f": "txn", "value": [%[4]s], "time": %[5]d}` + "\n", ", ", "null", `"r"`, `"append"`, `"w"`}.write(h)
}

func (n notation) write(h *history.Transactions) string {
	events := make([]string, 2*len(h.List)) // by time, from 1 on
	for tx := range int32(len(h.List)) {
		x := &h.List[tx]
		events[x.Invoked-1] = n.eventOf(h, tx, "invoke", int(x.Invoked))
		events[x.Returned-1] = n.eventOf(h, tx, "ok", int(x.Returned))
	}
	return strings.Join(events, "")
}

func (n notation) eventOf(h *history.Transactions, tx int32, kind string, at int) string {
	ops := make([]string, 0, 4)
	for _, op := range h.Of(tx) {
		name, value := n.reads, n.nothing
		switch {
		case op.Write && h.Lists:
			name, value = n.appends, h.ValueName(op.Value)
		case op.Write:
			name, value = n.writes, h.ValueName(op.Value)
		case kind == "invoke":
		case h.Lists:
			value = "[" + n.list(h, &op) + "]"
		case op.Value != 0:
			value = h.ValueName(op.Value)
		}
		ops = append(ops, "["+name+n.between+h.KeyName(op.Key)+n.between+value+"]")
	}
	return fmt.Sprintf(n.event, at-1, kind, h.List[tx].Process, strings.Join(ops, n.between), at*1000)
}

func (n notation) list(h *history.Transactions, op *history.Op) string {
	var words []string
	for _, value := range h.ListOf(op) {
		words = append(words, h.ValueName(value))
	}
	return strings.Join(words, n.between)
}
