package smt

import (
	"fmt"
	"strconv"

	"synchrony/models/batch"
)

// pairing says what two calls have in common but for the amounts: the intents, by
// number, and which of their accounts are the same. The second intent of a single
// call is -1.
type pairing struct {
	first, second int32
	aliases       string
}

// commutation is whether two calls commute in every state, with every amount:
// whether both orders succeed and fail together, and give the same balances.
type commutation struct {
	answer answer // unsatisfiable: no state tells the orders apart
	syntax bool   // the orders are the same expressions
}

// catalogue numbers the intents of a batch. Intents that say the same have the same
// number, whatever their names.
type catalogue struct {
	prover  *Prover
	numbers map[*batch.Intent]int32
}

func (p *Prover) catalogue() *catalogue {
	return &catalogue{p, map[*batch.Intent]int32{}}
}

func (c *catalogue) number(in *batch.Intent) int32 {
	n, ok := c.numbers[in]
	if !ok {
		text := string(appendIntent(nil, in))
		if n, ok = c.prover.intents[text]; !ok {
			n = int32(len(c.prover.intents))
			c.prover.intents[text] = n
		}
		c.numbers[in] = n
	}
	return n
}

// pairing of calls; b may be nil.
func (c *catalogue) pairing(a, b *batch.Call) pairing {
	var accounts []batch.AccountID
	var aliases []byte
	add := func(call *batch.Call) {
		for i, p := range call.Intent.Params {
			if p.Type != batch.AccountParam {
				continue
			}
			k := 0
			for k < len(accounts) && accounts[k] != call.Args[i].Account {
				k++
			}
			if k == len(accounts) {
				accounts = append(accounts, call.Args[i].Account)
			}
			aliases = append(strconv.AppendInt(aliases, int64(k), 36), '.')
		}
	}
	add(a)
	if b == nil {
		return pairing{c.number(a.Intent), -1, string(aliases)}
	}
	add(b)
	return pairing{c.number(a.Intent), c.number(b.Intent), string(aliases)}
}

// commute decides whether transactions i and j commute in every state, by the
// table if it has their like.
func (c *catalogue) commute(b *batch.Batch, i, j int32) commutation {
	p := c.prover
	key := c.pairing(b.Transactions[i].Call, b.Transactions[j].Call)
	known, ok := p.table[key]
	if !ok {
		known = p.proveCommutation(b, i, j)
		if known.answer != undecided { // more time may decide it another time
			p.table[key] = known
		}
	}
	return known
}

func (p *Prover) proveCommutation(b *batch.Batch, i, j int32) commutation {
	s := newSymbols(b)
	questions := differences(s.runAll([]int32{i, j}), s.runAll([]int32{j, i}))
	result := commutation{answer: unsatisfiable, syntax: len(questions) == 0}
	for _, q := range questions {
		switch a, _, _ := p.ask(s.terms, q...); a {
		case satisfiable:
			return commutation{answer: satisfiable}
		case undecided:
			result.answer = undecided
		}
	}
	return result
}

// feasible decides whether transaction i can succeed in any state: satisfiable, if so.
func (c *catalogue) feasible(b *batch.Batch, i int32) answer {
	p := c.prover
	key := c.pairing(b.Transactions[i].Call, nil)
	known, ok := p.feasible[key]
	if !ok {
		s := newSymbols(b)
		conditions := s.runAll([]int32{i}).conditions()
		known, _, _ = p.ask(s.terms, append(s.domain(), conditions...)...)
		if known != undecided {
			p.feasible[key] = known
		}
	}
	return known
}

// appendIntent appends all of an intent that decides what it does, with parameters
// by number.
func appendIntent(text []byte, in *batch.Intent) []byte {
	for _, p := range in.Params {
		text = fmt.Appendf(text, "%d ", p.Type)
	}
	for _, conditions := range [][]batch.Cond{in.Guard, in.Verify} {
		text = append(text, '{')
		for i := range conditions {
			c := &conditions[i]
			text = fmt.Appendf(text, "(%d", c.Op)
			text = append(appendExpr(appendExpr(text, c.Left), c.Right), ')')
		}
		text = append(text, '}')
	}
	return text
}

func appendExpr(text []byte, e *batch.Expr) []byte {
	text = fmt.Appendf(text, "(%d", e.Kind)
	switch e.Kind {
	case batch.IntLit:
		text = fmt.Appendf(text, " %d", e.Int)
	case batch.Amount, batch.Old, batch.New:
		text = fmt.Appendf(text, " %d", e.Param)
	case batch.Neg:
		text = appendExpr(text, e.Left)
	default:
		text = appendExpr(appendExpr(text, e.Left), e.Right)
	}
	return append(text, ')')
}
