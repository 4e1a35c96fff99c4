package batch

import (
	"fmt"
	"strings"
	"time"
)

// afterClause is one name in a transaction's after clause, to be resolved once
// all transactions are known.
type afterClause struct {
	tx   int
	name token
}

// batchSection parses the batch. All accounts and intents are known.
func (p *parser) batchSection() {
	p.advance()
	if p.token.kind == nameToken {
		p.batch.Name = p.advance().text
	}
	if !p.expect("{") {
		return
	}
	for !p.token.is("}") && !p.tooMany() {
		if p.token.kind == endOfFile {
			p.missing(p.token, `"intent"`, `"}"`)
			break
		}
		if !p.item() {
			p.skipTo(1, "intent")
			if p.depth < 1 {
				break // its closing brace was passed
			}
		}
	}
	p.resolveAfters()
}

func (p *parser) item() bool {
	if !p.token.is("intent") {
		p.missing(p.token, `"intent"`, `"}"`)
		p.advance()
		return false
	}
	tx := len(p.batch.Transactions)
	p.batch.Transactions = append(p.batch.Transactions, Transaction{})
	t := &p.batch.Transactions[tx]
	if name := p.peek(); name.kind == nameToken {
		t.ID = name.text
		p.declare("transaction", name)
	}
	parse := p.call
	if p.definitionFollows() {
		parse = p.inline
	}
	return parse(t) && p.after(tx) && p.work(t) && p.itemEnds()
}

// definitionFollows tells an intent definition from a call, without a reserved
// word: by a parameter's colon, or its modifier, or by the body.
func (p *parser) definitionFollows() bool {
	ahead := p.lexer
	ahead.next() // the name
	if !ahead.next().is("(") {
		return false
	}
	first, second := ahead.next(), ahead.next()
	if first.is(")") {
		return second.is("{")
	}
	return first.kind == nameToken && second.is(":") || second.kind == nameToken && (first.is("secret") || first.is("external"))
}

// itemEnds accepts the optional semicolon, and reports what cannot follow a
// transaction.
func (p *parser) itemEnds() bool {
	if p.accept(";") || p.token.is("intent") || p.token.is("}") {
		return true
	}
	expected := []string{`"after"`, `"work"`, `";"`, `"intent"`, `"}"`}
	t := &p.batch.Transactions[len(p.batch.Transactions)-1]
	if t.Work > 0 {
		expected = expected[2:]
	} else if len(p.afters) > 0 && p.afters[len(p.afters)-1].tx == len(p.batch.Transactions)-1 {
		expected[0] = `","`
	}
	return p.missing(p.token, expected...)
}

// inline parses an intent definition in place of a call.
func (p *parser) inline(t *Transaction) bool {
	errors := len(p.errors)
	in, ok := p.intent(true)
	if !ok || len(p.errors) > errors {
		return ok
	}
	args := make([]Arg, len(in.Params))
	for i, param := range in.Params {
		args[i] = AccountArg(p.accountID[param.Name])
	}
	p.setCall(t, &Call{Intent: in, Args: args, Inline: true})
	return true
}

// call parses a call. Its transaction gets a Call if all is well.
func (p *parser) call(t *Transaction) bool {
	p.advance()
	name, ok := p.name("a transaction name")
	if !ok || !p.expect("(") {
		return false
	}
	in := p.lookup(name)
	var args []Arg
	if in != nil && len(in.Params) > 0 {
		args = make([]Arg, 0, len(in.Params))
	}
	errors, n := len(p.errors), 0
	for ; !p.token.is(")"); n++ {
		if n > 0 && !p.expect(",", `")"`) {
			return false
		}
		var param *Param
		if in != nil && n < len(in.Params) {
			param = &in.Params[n]
		}
		arg, ok := p.arg(in, param)
		if !ok {
			return false
		}
		args = append(args, arg)
	}
	closing := p.advance()
	if in == nil || p.unsure || len(p.errors) > errors {
		return true
	}
	if n != len(in.Params) {
		p.wrong(closing, fmt.Sprintf("intent %s takes %d arguments%s, found %d", quote(in.Name), len(in.Params), signature(in), n))
		return true
	}
	p.setCall(t, &Call{Intent: in, Args: args})
	return true
}

func (p *parser) setCall(t *Transaction, c *Call) {
	t.Call = c
	t.Reads, t.Writes = DeriveSets(c)
}

// lookup finds the intent that a transaction's name calls, or reports that there
// is none and returns nil.
func (p *parser) lookup(name token) *Intent {
	if in := callee(name.text, func(s string) *Intent { return p.intents[s] }, p.transfer); in != nil {
		return in
	}
	if !p.unsure {
		base := strings.TrimRight(name.text, "0123456789")
		p.wrong(name, "unknown intent "+quote(name.text)+
			"; a transaction is called as its intent, with or without digits behind"+suggest(base, p.intentNames))
	}
	return nil
}

// callee is the intent that a transaction of that name calls: the declared one of
// exactly that name, else the prelude's, else the same without the digits at its
// end. It is nil if there is none.
func callee(name string, declared func(string) *Intent, prelude *Intent) *Intent {
	for _, s := range []string{name, strings.TrimRight(name, "0123456789")} {
		if in := declared(s); in != nil {
			return in
		}
		if s == prelude.Name {
			return prelude
		}
	}
	return nil
}

// arg parses an argument for a parameter, which is nil if it is not known.
func (p *parser) arg(in *Intent, param *Param) (Arg, bool) {
	first := p.token
	switch {
	case first.kind == nameToken:
		p.advance()
		if param == nil {
			return Arg{}, true
		}
		if param.Type == AmountParam && !p.unsure {
			p.wrong(first, "parameter "+quote(param.Name)+" of intent "+quote(in.Name)+" is an Amount: expected an integer, found "+first.describe())
			return Arg{}, true
		}
		id, ok := p.accountID[first.text]
		if !ok {
			p.unknownAccount(first)
		}
		return AccountArg(id), true
	case first.kind == numberToken || first.is("-"):
		n, ok := p.int("an integer")
		if ok && param != nil && param.Type == AccountParam && !p.unsure {
			p.wrong(first, "parameter "+quote(param.Name)+" of intent "+quote(in.Name)+" is an Account: expected an account name, found "+first.describe())
			return Arg{}, true
		}
		return AmountArg(n), ok
	case param != nil && param.Type == AmountParam:
		return Arg{}, p.missing(first, "an integer", `")"`)
	case param != nil:
		return Arg{}, p.missing(first, "an account name", `")"`)
	default:
		return Arg{}, p.missing(first, "an account name", "an integer", `")"`)
	}
}

func (p *parser) after(tx int) bool {
	if !p.accept("after") {
		return true
	}
	t := &p.batch.Transactions[tx]
	for {
		name, ok := p.name("a transaction name")
		if !ok {
			return false
		}
		t.After = append(t.After, name.text)
		p.afters = append(p.afters, afterClause{tx, name})
		if !p.accept(",") {
			return true
		}
	}
}

func (p *parser) work(t *Transaction) bool {
	if !p.accept("work") {
		return true
	}
	const example = "a duration like 10ms or 1.5s"
	if p.token.kind != numberToken {
		return p.missing(p.token, example)
	}
	d, err := time.ParseDuration(p.token.text)
	if err != nil {
		return p.missing(p.token, example)
	}
	p.advance()
	t.Work = d
	return true
}

// resolveAfters checks the after clauses against the transactions.
func (p *parser) resolveAfters() {
	if p.broken { // the transaction may have been where the text is broken
		return
	}
	seen := map[afterName]bool{}
	for _, a := range p.afters {
		t := &p.batch.Transactions[a.tx]
		key := afterName{a.tx, a.name.text}
		_, known := p.declared[declaration{"transaction", a.name.text}]
		switch {
		case a.name.text == t.ID:
			p.wrong(a.name, "transaction "+quote(t.ID)+" runs after itself")
		case !known:
			p.wrong(a.name, "unknown transaction "+quote(a.name.text)+" in an after clause"+suggest(a.name.text, p.transactionNames))
		case seen[key]:
			p.wrong(a.name, "transaction "+quote(a.name.text)+" is named twice in one after clause")
		}
		seen[key] = true
		if p.tooMany() {
			return
		}
	}
}

type afterName struct {
	tx   int
	name string
}

func (p *parser) transactionNames(yield func(string) bool) {
	for i := range p.batch.Transactions {
		if !yield(p.batch.Transactions[i].ID) {
			return
		}
	}
}

// signature shows an intent's parameters: " (from, to, amount)".
func signature(in *Intent) string {
	if len(in.Params) == 0 {
		return ""
	}
	names := make([]string, len(in.Params))
	for i, q := range in.Params {
		names[i] = q.Name
	}
	return " (" + strings.Join(names, ", ") + ")"
}
