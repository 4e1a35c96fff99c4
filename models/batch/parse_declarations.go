package batch

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// declarations parses everything but the batch, whose place it notes.
func (p *parser) declarations() {
	for p.token.kind != endOfFile && !p.tooMany() {
		ok := false
		switch {
		case p.token.is("accounts"):
			ok = p.accountsSection()
		case p.token.is("oracles"):
			ok = p.entries("an attestation source's name", p.source)
		case p.token.is("attestations"):
			ok = p.entries("a transaction name", p.attestation)
		case p.token.is("intent"):
			ok = p.intentSection()
		case p.token.is("atomic_batch"):
			ok = p.passBatch()
		default:
			p.missing(p.token, `"accounts"`, `"oracles"`, `"intent"`, `"attestations"`, `"atomic_batch"`)
			p.advance()
		}
		if !ok {
			p.skipToSection()
		}
	}
}

// skipToSection skips to what looks like the next section. After a mistake braces
// may not match, so only for intents, which batches hold too, does depth count.
func (p *parser) skipToSection() {
	for p.token.kind != endOfFile && !p.token.is("accounts") && !p.token.is("atomic_batch") {
		if p.depth <= 0 && (p.token.is("intent") || p.token.is("oracles") || p.token.is("attestations")) {
			break
		}
		p.advance()
	}
	p.depth = 0
}

// passBatch notes where the batch is, and passes over it.
func (p *parser) passBatch() bool {
	if p.body.kind != endOfFile {
		p.wrong(p.token, "a file holds one atomic_batch; "+p.firstAt(p.body.offset))
	} else {
		p.body = p.token
	}
	p.advance()
	for p.token.kind != endOfFile && !p.token.is("{") {
		if p.token.is("}") {
			return false // parsing the batch will tell
		}
		p.advance()
	}
	p.advance()
	p.skipTo(1)
	p.advance()
	return true
}

func (p *parser) accountsSection() bool {
	p.advance()
	if !p.expect("{") {
		return false
	}
	for !p.token.is("}") {
		if p.token.kind == endOfFile {
			return p.missing(p.token, "an account name", `"}"`)
		}
		if p.tooMany() {
			return false
		}
		if !p.account() {
			p.skipTo(p.depth, ";")
			p.accept(";")
		}
	}
	p.advance()
	return true
}

func (p *parser) account() bool {
	name, ok := p.name(oneOf([]string{"an account name", `"}"`}))
	if !ok || !p.expect(":") {
		return false
	}
	balance, ok := p.int("a balance")
	if !ok || !p.expect(";") {
		return false
	}
	if p.declare("account", name) {
		p.accountID[name.text] = AccountID(len(p.batch.Accounts))
		p.batch.Accounts = append(p.batch.Accounts, Account{Name: name.text, Balance: balance})
	}
	return true
}

// int consumes an integer with or without a minus sign. One that is out of range
// is reported, and is then 0.
func (p *parser) int(what string) (int64, bool) {
	first := p.token
	text := ""
	if p.accept("-") {
		text = "-"
	}
	if p.token.kind != numberToken {
		return 0, p.missing(p.token, what)
	}
	number := p.advance()
	return p.parseInt(first, number, text+number.text)
}

func (p *parser) parseInt(first, number token, text string) (int64, bool) {
	if strings.Trim(number.text, "0123456789") != "" {
		return 0, p.missing(number, "an integer")
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil { // its syntax is right, so it is the range
		p.wrong(first, "integer "+quote(text)+" is out of range; the range is -9223372036854775808 to 9223372036854775807")
		return 0, true
	}
	return n, true
}

func (p *parser) intentSection() bool {
	p.declareIntent()
	in, ok := p.intent(false)
	if in != nil && p.intents[in.Name] == nil {
		p.intents[in.Name] = in
		p.batch.Intents = append(p.batch.Intents, in)
	}
	return ok
}

// declareIntent looks ahead at the name, so that a second declaration is reported
// there, also if its body is wrong.
func (p *parser) declareIntent() {
	if name := p.peek(); name.kind == nameToken {
		p.declare("intent", name)
	}
}

// intent parses a whole intent. Inline, as an item of a batch, its parameters are
// accounts. The intent is nil only if it has no name.
func (p *parser) intent(inline bool) (*Intent, bool) {
	if !p.expect("intent") {
		return nil, false
	}
	name, ok := p.name("an intent name")
	if !ok {
		return nil, false
	}
	in := &Intent{Name: name.text}
	if !p.params(in, inline) || !p.expect("{") {
		return in, false
	}
	return in, p.blocks(in)
}

// blocks parses the blocks of an intent, each optional, in their order, and the
// closing brace.
func (p *parser) blocks(in *Intent) bool {
	expected := []string{`"guard"`, `"solve"`, `"verify"`, `"}"`}
	if p.token.is("guard") {
		if !p.conds(in, &in.Guard) {
			return false
		}
		expected = expected[1:]
	}
	if p.token.is("solve") {
		if !p.hints(in) {
			return false
		}
		expected = []string{`"verify"`, `"}"`}
	}
	if p.token.is("verify") {
		if !p.conds(in, &in.Verify) {
			return false
		}
		expected = []string{`"}"`}
	}
	if slices.ContainsFunc([]string{"guard", "solve", "verify"}, p.token.is) {
		p.missing(p.token, expected...)
		return p.addHint("an intent has one guard, one solve and one verify block at most, in this order")
	}
	return p.expect("}", expected[:len(expected)-1]...)
}

func (p *parser) params(in *Intent, inline bool) bool {
	if !p.expect("(") {
		return false
	}
	if p.accept(")") {
		return true
	}
	for {
		if !p.param(in, inline) {
			return false
		}
		if p.accept(")") {
			return true
		}
		if !p.expect(",", `")"`) {
			return false
		}
	}
}

func (p *parser) param(in *Intent, inline bool) bool {
	var param Param
	param.Secret = p.modifier("secret")
	param.External = p.modifier("external")
	name, ok := p.name("a parameter name")
	if !ok || !p.expect(":") {
		return false
	}
	typ, ok := p.name(`"Account" or "Amount"`)
	if !ok {
		return false
	}
	switch typ.text {
	case "Account":
	case "Amount":
		param.Type = AmountParam
	default:
		return p.missing(typ, `"Account"`, `"Amount"`)
	}
	param.Name = name.text
	switch _, known := p.accountID[name.text]; {
	case strings.HasPrefix(name.text, oldPrefix):
		p.wrong(name, "parameter "+quote(name.text)+" begins with old_, which means the balance before the transaction; rename it")
	case slices.ContainsFunc(in.Params, func(q Param) bool { return q.Name == name.text }):
		p.wrong(name, "parameter "+quote(name.text)+" is declared twice in intent "+quote(in.Name))
	case inline && param.Type == AmountParam:
		p.wrong(typ, "an intent defined inside a batch takes accounts only: nothing gives its parameter "+
			quote(name.text)+" a value; declare it outside and call it")
	case inline && !known:
		p.unknownAccount(name)
	}
	in.Params = append(in.Params, param)
	return true
}

// modifier consumes the word if it is one, and not a parameter of that name.
func (p *parser) modifier(word string) bool {
	if !p.token.is(word) || p.peek().is(":") {
		return false
	}
	p.advance()
	return true
}

func (p *parser) unknownAccount(name token) bool {
	if p.unsure {
		return false
	}
	names := func(yield func(string) bool) {
		for _, a := range p.batch.Accounts {
			if !yield(a.Name) {
				return
			}
		}
	}
	message := "unknown account " + quote(name.text)
	if len(p.batch.Accounts) == 0 {
		return p.wrong(name, message+"; no accounts are declared: accounts { "+name.text+": 100; }")
	}
	return p.wrong(name, message+suggest(name.text, names))
}

func (p *parser) hints(in *Intent) bool {
	p.advance()
	if !p.expect("{") {
		return false
	}
	for !p.accept("}") {
		name, ok := p.name(`a hint's name or "}"`)
		if !ok || !p.expect(":") {
			return false
		}
		value, ok := p.name("a hint's value")
		if !ok || !p.expect(";") {
			return false
		}
		in.Solve = append(in.Solve, Hint{Name: name.text, Value: value.text})
	}
	return true
}

// intentNames yields the names that a call may use, the prelude's last.
func (p *parser) intentNames(yield func(string) bool) {
	for _, name := range slices.Sorted(maps.Keys(p.intents)) {
		if !yield(name) {
			return
		}
	}
	yield(TransferName)
}
