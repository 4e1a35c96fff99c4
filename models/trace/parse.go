package trace

import (
	"errors"
	"strconv"
	"strings"

	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/schedule"
	"synchrony/models/text"
)

// Parse reads the text form of an observation of a run of b; see [Format]. Lines
// may come in any order, but those of one kind are kept in theirs; # begins a
// comment. The error is a [*text.Error] that names file and line.
func Parse(file, src string, b *batch.Batch) (Observation, error) {
	p := newParser(b)
	if err := text.ReadLines(file, src, p.line); err != nil {
		return Observation{}, err
	}
	if p.o.Outcome == 0 {
		return Observation{}, &text.Error{
			File: file, Line: strings.Count(src, "\n") + 1,
			Message: "a trace needs a line: outcome committed (or aborted, refused, timeout, cancelled)",
		}
	}
	return p.o, nil
}

type parser struct {
	o        Observation
	txs      map[string]int32
	accounts map[string]batch.AccountID
	b        *batch.Batch
}

func newParser(b *batch.Batch) *parser {
	p := &parser{b: b, txs: map[string]int32{}, accounts: map[string]batch.AccountID{}}
	for i := range b.Transactions {
		p.txs[b.Transactions[i].ID] = int32(i)
	}
	for i := range b.Accounts {
		p.accounts[b.Accounts[i].Name] = batch.AccountID(i)
	}
	return p
}

// line parses a line of at least one word.
func (p *parser) line(a *text.Line) error {
	o := &p.o
	switch key := a.Next("a key"); key {
	case "outcome":
		outcome, err := history.ParseOutcome(a.Next("an outcome"))
		a.Check(err)
		o.Outcome = outcome
	case "initial":
		o.Initial = p.balances(a)
	case "final":
		o.Final = p.balances(a)
	case "edge":
		o.Edges = append(o.Edges, p.dependency(a))
	case "conflict":
		o.Conflicts = append(o.Conflicts, p.dependency(a))
	case "group":
		o.Groups = append(o.Groups, p.group(a))
	case "late":
		o.Late = append(o.Late, p.event(a))
	case "snapshot":
		o.Snapshots = append(o.Snapshots, Snapshot{
			Time: a.Duration("a time"), Observer: a.Numbered("o", "an observer"), Balances: p.balances(a),
		})
	case "step":
		o.Steps = append(o.Steps, p.step(a))
	default:
		if !p.ending(key, a) && !p.number(key, a) && !p.certificate(key, a) {
			a.Unread(key)
			o.Events = append(o.Events, p.event(a))
		}
	}
	return a.End()
}

// ending parses the lines that say how the run ended; false if key is none of them.
func (p *parser) ending(key string, a *text.Line) bool {
	o := &p.o
	switch key {
	case "failure":
		o.Failure = p.failure(a)
		return true
	case "error":
		o.Error = a.Quoted("the error")
		return true
	case "cycle":
		for a.More() {
			o.Cycle = append(o.Cycle, a.Name("a transaction"))
		}
		return true
	case "id", "condition", "value", "detail", "cause", "stack":
	default:
		return false
	}
	if o.Failure == nil {
		a.Fail("%s without a failure line before it", key)
		return true
	}
	text := a.Quoted(key)
	switch key {
	case "id":
		o.Failure.ID = text
	case "condition":
		o.Failure.Condition = text
	case "value":
		o.Failure.Values = append(o.Failure.Values, batch.Value{Name: text, Value: a.Int64("a value")})
	case "detail":
		o.Failure.Detail = text
	case "cause":
		o.Failure.Err = errors.New(text)
	case "stack":
		o.Failure.Stack = text
	}
	return true
}

// number parses the lines of counts and durations; false if key is none of them.
func (p *parser) number(key string, a *text.Line) bool {
	o := &p.o
	switch key {
	case "workers":
		o.Workers = int(a.Int64("a count"))
	case "executed":
		o.Executed = int(a.Int64("a count"))
	case "parallel":
		o.Parallel = int(a.Int64("a count"))
	case "completed":
		o.Completed = int(a.Int64("a count"))
	case "pending":
		o.Pending = int(a.Int64("a count"))
	case "serial":
		o.Serial = true
	case "speedup":
		x, err := strconv.ParseFloat(a.Next("a speedup"), 64)
		a.Check(err)
		o.Speedup = &x
	case "elapsed":
		o.Elapsed = a.Duration("a time")
	case "limit":
		o.Limit = a.Duration("a time")
	default:
		return false
	}
	return true
}

func (p *parser) failure(a *text.Line) *batch.Failure {
	f := &batch.Failure{Tx: int(p.tx(a))}
	if f.Tx >= 0 && f.Tx < len(p.b.Transactions) {
		f.ID = p.b.Transactions[f.Tx].ID
	}
	if a.More() {
		if k, ok := text.Unresolved(a.Peek()); ok {
			a.Next("a kind of failure")
			f.Kind = batch.FailureKind(k)
			return f
		}
	}
	if kind := a.Quoted("a kind of failure"); !a.Failed() {
		var err error
		f.Kind, err = batch.ParseFailureKind(kind)
		a.Check(err)
	}
	return f
}

func (p *parser) event(a *text.Line) Event {
	e := Event{Time: a.Duration("a time or a key"), Worker: a.Numbered("w", "a worker")}
	kind, err := text.Unword("event", eventWords[:], a.Next("an event"))
	a.Check(err)
	e.Kind = EventKind(kind)
	e.Tx = p.tx(a)
	switch e.Kind {
	case Read:
		e.Account = p.account(a)
		e.Old = a.Int64("a balance")
		a.Literal("from")
		e.Version = p.version(a)
	case Write:
		e.Account = p.account(a)
		e.Old = a.Int64("a balance")
		a.Literal("->")
		e.New = a.Int64("a balance")
		a.Literal("over")
		e.Version = p.version(a)
	}
	return e
}

func (p *parser) dependency(a *text.Line) Dependency {
	d := Dependency{From: p.tx(a)}
	a.Literal("->")
	d.To = p.tx(a)
	if kinds := a.Next("the reasons (RAW, WAR, WAW, after, none)"); !a.Failed() {
		var err error
		d.Kinds, err = parseReasons(kinds)
		a.Check(err)
	}
	for a.More() {
		d.Accounts = append(d.Accounts, p.account(a))
	}
	return d
}

func (p *parser) group(a *text.Line) []int32 {
	var g []int32
	for a.More() {
		g = append(g, p.tx(a))
	}
	return g
}

// balances parses "alice 100 bob 50", which must name every account, or
// "? 100 50".
func (p *parser) balances(a *text.Line) []int64 {
	if a.At("?") {
		a.Next("?")
		bare := []int64{}
		for a.More() {
			bare = append(bare, a.Int64("a balance"))
		}
		return bare
	}
	balances := make([]int64, len(p.b.Accounts))
	named := make([]bool, len(balances))
	for a.More() {
		id := p.account(a)
		v := a.Int64("a balance")
		if !a.Failed() && (id < 0 || int(id) >= len(balances) || named[id]) {
			a.Fail("a second balance for %s", NamesOf(p.b).Account(id))
		}
		if !a.Failed() {
			balances[id], named[id] = v, true
		}
	}
	for id, ok := range named {
		if !ok {
			a.Fail("no balance for %s", NamesOf(p.b).Account(batch.AccountID(id)))
		}
	}
	return balances
}

func (p *parser) step(a *text.Line) schedule.Step {
	s := schedule.Step{Task: a.Numbered("t", "a task")}
	op, err := schedule.ParseOp(a.Next("an operation"))
	a.Check(err)
	s.Op = op
	s.Object = p.object(a)
	return s
}

// object parses "mutex/0", and "cell/alice" or "counter/t1" for the classes
// whose objects have names.
func (p *parser) object(a *text.Line) schedule.Object {
	w := a.Next("an object")
	if a.Failed() {
		return schedule.Object{}
	}
	class, name, ok := strings.Cut(w, "/")
	if !ok {
		a.Fail("%q is no object: want class/name, such as mutex/0 or cell/alice", w)
		return schedule.Object{}
	}
	c, err := schedule.ParseClass(class)
	a.Check(err)
	o, named := schedule.Object{Class: c}, text.NewLine([]string{name})
	switch o.Class {
	case schedule.ClassCell, schedule.ClassStore:
		o.Index = int32(p.account(named))
	case schedule.ClassCounter:
		o.Index = p.tx(named)
	default:
		o.Index = named.Numbered("", "a number")
	}
	a.Check(named.End())
	return o
}

func (p *parser) tx(a *text.Line) int32 {
	return resolve(a, "a transaction", "the batch has no transaction", p.txs)
}

func (p *parser) account(a *text.Line) batch.AccountID {
	return resolve(a, "an account", "the batch has no account", p.accounts)
}

func (p *parser) version(a *text.Line) int32 {
	if a.At(text.InitName) {
		a.Next("a version")
		return history.InitialVersion
	}
	return p.tx(a)
}

// resolve takes a name, or ?17 for a number that has none.
func resolve[ID ~int32](a *text.Line, what, missing string, names map[string]ID) ID {
	if a.More() {
		if i, ok := text.Unresolved(a.Peek()); ok {
			a.Next(what)
			return ID(i)
		}
	}
	s := a.Name(what)
	if a.Failed() {
		return 0
	}
	id, ok := names[s]
	if !ok {
		a.Fail("%s %q", missing, s)
	}
	return id
}
