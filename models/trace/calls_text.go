package trace

import (
	"fmt"
	"strconv"
	"strings"
)

var actionWords = [...]string{
	ReadKey: "read", WriteKey: "write", DeleteKey: "delete", HasKey: "has", CompareSet: "cas", AddTo: "add",
	AppendTo: "append", Transfer: "transfer", TakeAll: "snapshot", ClearAll: "clear",
	AwaitAll: "await", JoinAll: "join",
}

// String is the kind's word: "cas".
func (k ActionKind) String() string { return word(actionWords[:], int(k)) }

// String is the action's text form: "cas x 1 -> 2 ok".
func (a Action) String() string {
	key := quoteName(a.Key)
	switch a.Kind {
	case ReadKey, WriteKey, AppendTo:
		return fmt.Sprintf("%v %s %v", a.Kind, key, a.Value)
	case HasKey:
		return fmt.Sprintf("has %s %t", key, a.OK)
	case CompareSet:
		return fmt.Sprintf("cas %s %v -> %v %s", key, a.Old, a.Value, okWord(a.OK))
	case AddTo:
		return fmt.Sprintf("add %s %d -> %v", key, a.Delta, a.Value)
	case Transfer:
		return fmt.Sprintf("transfer %s -> %s %d %s", key, quoteName(a.To), a.Delta, okWord(a.OK))
	case TakeAll:
		return strings.TrimSpace("snapshot " + join(a.State, entryText))
	case DeleteKey:
		return "delete " + key
	case AwaitAll:
		return fmt.Sprintf("await %s %d %s", key, a.Delta, okWord(a.OK))
	case JoinAll:
		return fmt.Sprintf("join %s %s", key, okWord(a.OK))
	default:
		return a.Kind.String()
	}
}

func okWord(ok bool) string {
	if ok {
		return "ok"
	}
	return "failed"
}

func entryText(e Entry) string { return quoteName(e.Key) + " " + e.Value.String() }

// String is the call's text form: "call p1 2ns 5ns read x 5, write y 6".
func (c *Call) String() string {
	s := fmt.Sprintf("call p%d %v", c.Process, c.Invoked)
	if !c.Pending() {
		s += " " + c.Returned.String()
	}
	for i, a := range c.Actions {
		if i > 0 {
			s += ","
		}
		s += " " + a.String()
	}
	return s
}

// FormatCalls writes h, a call a line. A call without a second time never returned.
//
//	initial x 0
//	call p0 1ns 4ns write x 5
//	call p1 2ns 3ns read x 5, read y nil
//	call p2 2ns cas x 5 -> 7 failed
func FormatCalls(h *Calls) string {
	var sb strings.Builder
	if len(h.Initial) > 0 {
		fmt.Fprintf(&sb, "initial %s\n", join(h.Initial, entryText))
	}
	for i := range h.Calls {
		fmt.Fprintln(&sb, &h.Calls[i])
	}
	return sb.String()
}

// ParseCalls reads what [FormatCalls] writes. # begins a comment. The error is a
// [*SyntaxError], or a [*MalformedError] from [Calls.Validate].
func ParseCalls(file, src string) (*Calls, error) {
	h := &Calls{}
	number := 0
	for source := range strings.SplitSeq(src, "\n") {
		number++
		ws, err := words(source)
		if err == nil && len(ws) > 0 {
			a := newArgs(separateCommas(ws))
			switch verb := a.next("a line"); verb {
			case "initial":
				h.Initial = append(h.Initial, entries(a)...)
			case "call":
				h.Calls = append(h.Calls, call(a))
			default:
				a.fail("unknown line %q: want initial or call", verb)
			}
			err = a.end()
		}
		if err != nil {
			return nil, &SyntaxError{File: file, Line: number, Text: strings.TrimSpace(source), Msg: err.Error()}
		}
	}
	return h, h.Validate()
}

// separateCommas makes words of the commas at the ends of words.
func separateCommas(ws []string) []string {
	out := make([]string, 0, len(ws))
	for _, w := range ws {
		if bare, ok := strings.CutSuffix(w, ","); ok && bare != "" {
			out = append(out, bare, ",")
		} else {
			out = append(out, w)
		}
	}
	return out
}

func call(a *args) Call {
	c := Call{Process: a.numbered("p", "a process"), Invoked: a.duration("a time"), Returned: Forever}
	if w := a.peek(); w != "" && (w[0] == '-' || w[0] >= '0' && w[0] <= '9') {
		c.Returned = a.duration("a time")
	}
	for {
		c.Actions = append(c.Actions, action(a))
		if !a.at(",") {
			return c
		}
		a.next(",")
	}
}

func action(a *args) Action {
	kind, err := unword("action", actionWords[:], a.next("an action"))
	a.check(err)
	x := Action{Kind: ActionKind(kind)}
	if x.Kind != TakeAll && x.Kind != ClearAll {
		x.Key = a.name("a key")
	}
	switch x.Kind {
	case ReadKey, WriteKey, AppendTo:
		x.Value = value(a)
	case HasKey:
		x.OK = a.either("true", "false")
	case CompareSet:
		x.Old = value(a)
		a.literal("->")
		x.Value = value(a)
		x.OK = a.either("ok", "failed")
	case AddTo:
		x.Delta = a.int64("a number")
		a.literal("->")
		x.Value = value(a)
	case Transfer:
		a.literal("->")
		x.To = a.name("a key")
		x.Delta = a.int64("an amount")
		x.OK = a.either("ok", "failed")
	case TakeAll:
		x.State = entries(a)
	case AwaitAll:
		x.Delta = a.int64("a number of parties")
		x.OK = a.either("ok", "failed")
	case JoinAll:
		x.OK = a.either("ok", "failed")
	}
	return x
}

func entries(a *args) []Entry {
	var list []Entry
	for a.more() && !a.at(",") {
		list = append(list, Entry{a.name("a key"), value(a)})
	}
	return list
}

func value(a *args) Value {
	w := a.next("a value")
	if a.failed() || w == "nil" {
		return Value{}
	}
	if n, err := strconv.ParseInt(w, 10, 64); err == nil {
		return NumberOf(n)
	}
	s, err := strconv.Unquote(w)
	if err != nil {
		a.fail("%s is not a value: want a whole number, a text in double quotes, or nil", w)
	}
	return TextOf(s)
}
