package trace

import (
	"errors"
	"strconv"
	"strings"

	"synchrony/models/batch"
)

// Parse reads the text form of an observation of a run of b; see [Format]. Lines
// may come in any order, but those of one kind are kept in theirs; # begins a
// comment. The error is a [*SyntaxError] that names file and line.
func Parse(file, src string, b *batch.Batch) (Observation, error) {
	p := newParser(b)
	line := 0
	for source := range strings.SplitSeq(src, "\n") {
		line++
		ws, err := words(source)
		if err == nil && len(ws) > 0 {
			err = p.line(newArgs(ws))
		}
		if err != nil {
			return Observation{}, &SyntaxError{File: file, Line: line, Text: strings.TrimSpace(source), Msg: err.Error()}
		}
	}
	if p.o.Outcome == 0 {
		return Observation{}, &SyntaxError{File: file, Line: line, Msg: "a trace needs a line: outcome committed (or aborted, refused, timeout, cancelled)"}
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
func (p *parser) line(a *args) error {
	o := &p.o
	switch key := a.next("a key"); key {
	case "outcome":
		outcome, err := ParseOutcome(a.next("an outcome"))
		a.check(err)
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
			Time: a.duration("a time"), Observer: a.numbered("o", "an observer"), Balances: p.balances(a),
		})
	case "step":
		o.Steps = append(o.Steps, p.step(a))
	default:
		if !p.ending(key, a) && !p.number(key, a) && !p.proof(key, a) {
			a.unread(key)
			o.Events = append(o.Events, p.event(a))
		}
	}
	return a.end()
}

// ending parses the lines that say how the run ended; false if key is none of them.
func (p *parser) ending(key string, a *args) bool {
	o := &p.o
	switch key {
	case "failure":
		o.Failure = p.failure(a)
		return true
	case "error":
		o.Error = a.quoted("the error")
		return true
	case "cycle":
		for a.more() {
			o.Cycle = append(o.Cycle, a.name("a transaction"))
		}
		return true
	case "id", "condition", "value", "detail", "cause", "stack":
	default:
		return false
	}
	if o.Failure == nil {
		a.fail("%s without a failure line before it", key)
		return true
	}
	text := a.quoted(key)
	switch key {
	case "id":
		o.Failure.ID = text
	case "condition":
		o.Failure.Condition = text
	case "value":
		o.Failure.Values = append(o.Failure.Values, batch.Value{Name: text, Value: a.int64("a value")})
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
func (p *parser) number(key string, a *args) bool {
	o := &p.o
	switch key {
	case "workers":
		o.Workers = int(a.int64("a count"))
	case "executed":
		o.Executed = int(a.int64("a count"))
	case "parallel":
		o.Parallel = int(a.int64("a count"))
	case "completed":
		o.Completed = int(a.int64("a count"))
	case "pending":
		o.Pending = int(a.int64("a count"))
	case "serial":
		o.Serial = true
	case "speedup":
		x, err := strconv.ParseFloat(a.next("a speedup"), 64)
		a.check(err)
		o.Speedup = &x
	case "elapsed":
		o.Elapsed = a.duration("a time")
	case "limit":
		o.Limit = a.duration("a time")
	default:
		return false
	}
	return true
}

func (p *parser) failure(a *args) *batch.Failure {
	f := &batch.Failure{Tx: int(p.tx(a))}
	if f.Tx >= 0 && f.Tx < len(p.b.Transactions) {
		f.ID = p.b.Transactions[f.Tx].ID
	}
	if a.more() {
		if k, ok := unresolved(a.peek()); ok {
			a.next("a kind of failure")
			f.Kind = batch.FailureKind(k)
			return f
		}
	}
	if kind := a.quoted("a kind of failure"); !a.failed() {
		var err error
		f.Kind, err = batch.ParseFailureKind(kind)
		a.check(err)
	}
	return f
}

func (p *parser) event(a *args) Event {
	e := Event{Time: a.duration("a time or a key"), Worker: a.numbered("w", "a worker")}
	kind, err := unword("event", eventWords[:], a.next("an event"))
	a.check(err)
	e.Kind = EventKind(kind)
	e.Tx = p.tx(a)
	switch e.Kind {
	case Read:
		e.Account = p.account(a)
		e.Old = a.int64("a balance")
		a.literal("from")
		e.Version = p.version(a)
	case Write:
		e.Account = p.account(a)
		e.Old = a.int64("a balance")
		a.literal("->")
		e.New = a.int64("a balance")
		a.literal("over")
		e.Version = p.version(a)
	}
	return e
}

func (p *parser) dependency(a *args) Dependency {
	d := Dependency{From: p.tx(a)}
	a.literal("->")
	d.To = p.tx(a)
	if kinds := a.next("the reasons (RAW, WAR, WAW, after, none)"); !a.failed() {
		var err error
		d.Kinds, err = parseReasons(kinds)
		a.check(err)
	}
	for a.more() {
		d.Accounts = append(d.Accounts, p.account(a))
	}
	return d
}

func (p *parser) group(a *args) []int32 {
	var g []int32
	for a.more() {
		g = append(g, p.tx(a))
	}
	return g
}

// balances parses "alice 100 bob 50", which must name every account, or
// "? 100 50".
func (p *parser) balances(a *args) []int64 {
	if a.at("?") {
		a.next("?")
		bare := []int64{}
		for a.more() {
			bare = append(bare, a.int64("a balance"))
		}
		return bare
	}
	balances := make([]int64, len(p.b.Accounts))
	named := make([]bool, len(balances))
	for a.more() {
		id := p.account(a)
		v := a.int64("a balance")
		if !a.failed() && (id < 0 || int(id) >= len(balances) || named[id]) {
			a.fail("a second balance for %s", NamesOf(p.b).Account(id))
		}
		if !a.failed() {
			balances[id], named[id] = v, true
		}
	}
	for id, ok := range named {
		if !ok {
			a.fail("no balance for %s", NamesOf(p.b).Account(batch.AccountID(id)))
		}
	}
	return balances
}

func (p *parser) step(a *args) Step {
	s := Step{Task: a.numbered("t", "a task")}
	op, err := ParseOp(a.next("an operation"))
	a.check(err)
	s.Op = op
	s.Object = p.object(a)
	return s
}

// object parses "mutex/0", and "cell/alice" or "counter/t1" for the classes
// whose objects have names.
func (p *parser) object(a *args) Object {
	w := a.next("an object")
	if a.failed() {
		return Object{}
	}
	class, name, ok := strings.Cut(w, "/")
	if !ok {
		a.fail("%q is no object: want class/name, such as mutex/0 or cell/alice", w)
		return Object{}
	}
	c, err := ParseClass(class)
	a.check(err)
	o, named := Object{Class: c}, newArgs([]string{name})
	switch o.Class {
	case ClassCell, ClassStore:
		o.Index = int32(p.account(named))
	case ClassCounter:
		o.Index = p.tx(named)
	default:
		o.Index = named.numbered("", "a number")
	}
	a.check(named.end())
	return o
}

func (p *parser) tx(a *args) int32 {
	return resolve(a, "a transaction", "the batch has no transaction", p.txs)
}

func (p *parser) account(a *args) batch.AccountID {
	return resolve(a, "an account", "the batch has no account", p.accounts)
}

func (p *parser) version(a *args) int32 {
	if a.at(initName) {
		a.next("a version")
		return InitialVersion
	}
	return p.tx(a)
}

// resolve takes a name, or ?17 for a number that has none.
func resolve[ID ~int32](a *args, what, missing string, names map[string]ID) ID {
	if a.more() {
		if i, ok := unresolved(a.peek()); ok {
			a.next(what)
			return ID(i)
		}
	}
	s := a.name(what)
	if a.failed() {
		return 0
	}
	id, ok := names[s]
	if !ok {
		a.fail("%s %q", missing, s)
	}
	return id
}
