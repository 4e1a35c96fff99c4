package history

import (
	"fmt"
	"strings"

	"synchrony/models/text"
)

var actionWords = [...]string{
	ReadKey: "read", WriteKey: "write", DeleteKey: "delete", HasKey: "has", CompareSet: "cas", AddTo: "add",
	AppendTo: "append", Transfer: "transfer", TakeAll: "snapshot", ClearAll: "clear",
	AwaitAll: "await", JoinAll: "join",
	PutIn: "put-in", AddMember: "add-member", TakeFirst: "take-first", TakeLast: "take-last", TakeAny: "take-any", TakeLeast: "take-least",
	Lock: "lock", Unlock: "unlock", LockOwned: "lock-owned", UnlockOwned: "unlock-owned", LockAgain: "lock-again", UnlockAgain: "unlock-again",
	LockFenced: "lock-fenced", TakePermits: "take-permits", GivePermits: "give-permits",
}

// String is the kind's word: "cas".
func (k ActionKind) String() string { return text.Word(actionWords[:], int(k)) }

// String is the action's text form: "cas x 1 -> 2 ok".
func (a Action) String() string {
	name := KeyText(a.Key)
	switch a.Kind {
	case ReadKey, WriteKey, AppendTo, PutIn, AddMember, TakeFirst, TakeLast, TakeAny, TakeLeast, LockFenced:
		return fmt.Sprintf("%v %s %v", a.Kind, name, a.Value)
	case HasKey:
		return fmt.Sprintf("has %s %t", name, a.OK)
	case CompareSet:
		return fmt.Sprintf("cas %s %v -> %v %s", name, a.Old, a.Value, okWord(a.OK))
	case AddTo:
		return fmt.Sprintf("add %s %d -> %v", name, a.Delta, a.Value)
	case Transfer:
		return fmt.Sprintf("transfer %s -> %s %d %s", name, KeyText(a.To), a.Delta, okWord(a.OK))
	case TakeAll:
		return strings.TrimSpace("snapshot " + text.Join(a.State, entryText))
	case TakePermits, GivePermits:
		return fmt.Sprintf("%v %s %d", a.Kind, name, a.Delta)
	case DeleteKey, Lock, Unlock, LockOwned, UnlockOwned, LockAgain, UnlockAgain:
		return a.Kind.String() + " " + name
	case AwaitAll:
		return fmt.Sprintf("await %s %d %s", name, a.Delta, okWord(a.OK))
	case JoinAll:
		return fmt.Sprintf("join %s %s", name, okWord(a.OK))
	default:
		return a.Kind.String()
	}
}

// Asked is what the action asks for, without what came of it: "cas x 1 -> 2", "read x".
func (a Action) Asked() string {
	name := KeyText(a.Key)
	switch a.Kind {
	case ReadKey, HasKey, TakeFirst, TakeLast, TakeAny, TakeLeast, LockFenced, JoinAll:
		return a.Kind.String() + " " + name
	case CompareSet:
		return fmt.Sprintf("cas %s %v -> %v", name, a.Old, a.Value)
	case AddTo:
		return fmt.Sprintf("add %s %d", name, a.Delta)
	case Transfer:
		return fmt.Sprintf("transfer %s -> %s %d", name, KeyText(a.To), a.Delta)
	case AwaitAll:
		return fmt.Sprintf("await %s %d", name, a.Delta)
	case TakeAll:
		return a.Kind.String()
	default:
		return a.String()
	}
}

func okWord(ok bool) string {
	if ok {
		return "ok"
	}
	return "failed"
}

func entryText(e Entry) string { return KeyText(e.Key) + " " + e.Value.String() }

// Text is what the call did: "read x 5, write y 6"; of one that never returned, what it asked for.
func (c *Call) Text() string {
	if c.Pending() {
		return c.Asked()
	}
	return text.Join(c.Actions, Action.String)
}

// Asked is what the call asks for, without what came of it.
func (c *Call) Asked() string { return text.Join(c.Actions, Action.Asked) }

// Wording is what those who recorded a history call its actions. The zero value has the words of the text form.
type Wording struct {
	Names    map[ActionKind]string // by kind, if it has another name than in the text form
	Nameless string                // the key of operations that name none, which is left out where actions have names of their own
}

// Text is [Call.Text] in these words: "acquire 2".
func (w Wording) Text(c *Call) string {
	if c.Pending() {
		return w.Asked(c)
	}
	return text.Join(c.Actions, func(a Action) string { return w.say(a, a.String()) })
}

// Asked is [Call.Asked] in these words.
func (w Wording) Asked(c *Call) string {
	return text.Join(c.Actions, func(a Action) string { return w.say(a, a.Asked()) })
}

// say is the text of an action, which begins with its kind and its key, in other words.
func (w Wording) say(a Action, form string) string {
	name, ok := w.Names[a.Kind]
	if !ok {
		return form
	}
	rest := strings.TrimPrefix(form, a.Kind.String())
	if list := a.Value.Elements(); len(list) == 1 && a.Kind != ReadKey { // of a collection
		if before, ok := strings.CutSuffix(rest, a.Value.String()); ok {
			rest = before + list[0]
		}
	}
	if a.Key == w.Nameless {
		rest = strings.TrimPrefix(rest, " "+KeyText(a.Key))
	}
	return name + rest
}

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
		fmt.Fprintf(&sb, "initial %s\n", text.Join(h.Initial, entryText))
	}
	for i := range h.Calls {
		fmt.Fprintln(&sb, &h.Calls[i])
	}
	return sb.String()
}

// ParseCalls reads what [FormatCalls] writes. # begins a comment. The error is a
// [*text.Error], or a [*text.MalformedError] from [Calls.Validate].
func ParseCalls(file, src string) (*Calls, error) {
	h := &Calls{}
	err := text.ReadLines(file, src, func(a *text.Line) error {
		a.SeparateCommas()
		switch verb := a.Next("a line"); verb {
		case "initial":
			h.Initial = append(h.Initial, entries(a)...)
		case "call":
			h.Calls = append(h.Calls, call(a))
		default:
			a.Fail("unknown line %q: want initial or call", verb)
		}
		return a.End()
	})
	if err != nil {
		return nil, err
	}
	return h, h.Validate()
}

func call(a *text.Line) Call {
	c := Call{Process: a.Numbered("p", "a process"), Invoked: a.Duration("a time"), Returned: Forever}
	if w := a.Peek(); w != "" && (w[0] == '-' || w[0] >= '0' && w[0] <= '9') {
		c.Returned = a.Duration("a time")
	}
	for {
		c.Actions = append(c.Actions, action(a))
		if !a.At(",") {
			return c
		}
		a.Next(",")
	}
}

func action(a *text.Line) Action {
	kind, err := text.Unword("action", actionWords[:], a.Next("an action"))
	a.Check(err)
	x := Action{Kind: ActionKind(kind)}
	if x.Kind != TakeAll && x.Kind != ClearAll {
		x.Key = key(a)
	}
	switch x.Kind {
	case ReadKey, WriteKey, AppendTo, PutIn, AddMember, TakeFirst, TakeLast, TakeAny, TakeLeast, LockFenced:
		x.Value = value(a)
	case TakePermits, GivePermits:
		x.Delta = a.Int64("a number of permits")
	case HasKey:
		x.OK = a.Either("true", "false")
	case CompareSet:
		x.Old = value(a)
		a.Literal("->")
		x.Value = value(a)
		x.OK = a.Either("ok", "failed")
	case AddTo:
		x.Delta = a.Int64("a number")
		a.Literal("->")
		x.Value = value(a)
	case Transfer:
		a.Literal("->")
		x.To = key(a)
		x.Delta = a.Int64("an amount")
		x.OK = a.Either("ok", "failed")
	case TakeAll:
		x.State = entries(a)
	case AwaitAll:
		x.Delta = a.Int64("a number of parties")
		x.OK = a.Either("ok", "failed")
	case JoinAll:
		x.OK = a.Either("ok", "failed")
	}
	return x
}

func entries(a *text.Line) []Entry {
	var list []Entry
	for a.More() && !a.At(",") {
		list = append(list, Entry{key(a), value(a)})
	}
	return list
}

func value(a *text.Line) Value {
	w := a.Next("a value")
	if a.Failed() {
		return Value{}
	}
	v, ok := parseValue(w)
	if !ok {
		a.Fail("%s is not a value: want a whole number, a text in double quotes, a keyword, a list in brackets, or nil", w)
	}
	return v
}

// key takes the name of a key.
func key(a *text.Line) string {
	w := a.Next("a key")
	name, ok := parseKey(w)
	if !ok && !a.Failed() {
		a.Fail("%s is no name of a key: the quoted text does not end", w)
	}
	return name
}
