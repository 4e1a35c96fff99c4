package smt

import (
	"fmt"
	"strings"

	"synchrony/checkers"
	"synchrony/models/batch"
)

// The rules that an intent may break.
const (
	NotConserving = "not conserved"
	Overflowing   = "can overflow"
)

// IntentProof is the answer to a question about one intent with one way of passing
// the same account for several parameters, for all balances and all amounts.
type IntentProof struct {
	Result
	Kind
	Counterexample *IntentCounterexample
}

// IntentCounterexample is a batch of the one transaction, with inputs on which it
// fails, and its failure when it was run.
type IntentCounterexample struct {
	Batch   *batch.Batch
	Failure *batch.Failure
}

// Domain is what is taken for granted about balances.
type Domain uint8

// The domains.
const (
	// AnyBalances are all int64s.
	AnyBalances Domain = iota
	// MoneySupply is balances of at least 0, for the accounts of one transaction,
	// that together are at most the largest int64.
	MoneySupply
)

// Conservation decides, for each kind of transaction in the batch, whether it
// conserves the sum of balances for all inputs for which it does not fail for
// another reason. A refutation is an input on which it mints or burns.
func (p *Prover) Conservation(b *batch.Batch) []IntentProof {
	return p.eachKind(b, func(tx int32, proof *IntentProof) (Method, checkers.Verdict) {
		s := newSymbols(b)
		r := s.runAll([]int32{tx})
		last := len(r.required) - 1 // conservation is required last, if it needs to be
		if last < 0 || r.required[last].kind != batch.NotConserved {
			return ByExpressions, checkers.Passed()
		}
		conditions := append(s.domain(), s.not(r.required[last].holds))
		for _, q := range r.required[:last] {
			conditions = append(conditions, q.holds)
		}
		return p.refuteIntent(s, tx, proof, conditions, func(f *batch.Failure) (string, bool) {
			return NotConserving, f.Kind == batch.NotConserved
		})
	})
}

// Overflow decides, for each kind of transaction in the batch, whether no input
// makes it overflow. Since an overflow aborts the batch, Fail is no fault of the
// batch: it says with which inputs that happens. Guards that come first are taken
// into account.
func (p *Prover) Overflow(b *batch.Batch, d Domain) []IntentProof {
	return p.eachKind(b, func(tx int32, proof *IntentProof) (Method, checkers.Verdict) {
		s := newSymbols(b)
		r := s.runAll([]int32{tx})
		var overflows, before []*term
		for _, q := range r.required {
			if q.overflow {
				overflows = append(overflows, s.and(append([]*term{s.not(q.holds)}, before...)...))
			}
			before = append(before, q.holds)
		}
		if len(overflows) == 0 {
			return ByExpressions, checkers.Passed()
		}
		conditions := append(s.domain(), s.or(overflows...))
		if d == MoneySupply {
			conditions = append(conditions, s.moneySupply()...)
		}
		return p.refuteIntent(s, tx, proof, conditions, func(f *batch.Failure) (string, bool) {
			return Overflowing, f.Kind == batch.ArithmeticFailed && f.Detail == batch.Overflow.String()
		})
	})
}

func (s *symbols) moneySupply() []*term {
	var conditions []*term
	sum := s.zero
	for _, x := range s.balances {
		if x != nil {
			conditions = append(conditions, s.le(s.zero, x))
			sum = s.add(sum, x)
		}
	}
	return append(conditions, s.le(sum, s.big(maxInt)))
}

// Kind is the transactions of a batch that call the same intent, with the same of its
// parameters for the same account: what is proved of one is proved of all. A transaction in
// Go form is a kind of its own.
type Kind struct {
	Transactions []int
	Call         string // the first one's, with its accounts by name and its amounts' parameters
}

// Kinds are the kinds of a batch's transactions, in the order of their first ones.
func (p *Prover) Kinds(b *batch.Batch) []Kind {
	var kinds []Kind
	known := map[pairing]int{}
	c := p.catalogue()
	for i := range b.Transactions {
		if call := b.Transactions[i].Call; call != nil {
			pattern := c.pairing(call, nil)
			if k, ok := known[pattern]; ok {
				kinds[k].Transactions = append(kinds[k].Transactions, i)
				continue
			}
			known[pattern] = len(kinds)
		}
		kinds = append(kinds, Kind{[]int{i}, describe(b, i)})
	}
	return kinds
}

// eachKind asks about each kind of transaction once.
func (p *Prover) eachKind(b *batch.Batch, ask func(int32, *IntentProof) (Method, checkers.Verdict)) []IntentProof {
	if err := b.Validate(); err != nil {
		p.start()
		return []IntentProof{{Result: p.result("", checkers.Undecided("%v", err))}}
	}
	var proofs []IntentProof
	for _, kind := range p.Kinds(b) {
		p.start()
		first, proof := kind.Transactions[0], IntentProof{Kind: kind}
		if b.Transactions[first].Call == nil {
			proof.Result = p.result("", checkers.Undecided("%s is in Go form, which cannot be proved about", b.Transactions[first].ID))
		} else {
			method, v := ask(int32(first), &proof)
			proof.Result = p.result(method, v)
		}
		proofs = append(proofs, proof)
	}
	return proofs
}

// describe is a call with its accounts by name, and its amounts' parameters.
func describe(b *batch.Batch, tx int) string {
	c := b.Transactions[tx].Call
	if c == nil {
		return b.Transactions[tx].ID
	}
	words := make([]string, len(c.Args))
	for i, p := range c.Intent.Params {
		words[i] = p.Name
		if p.Type == batch.AccountParam {
			words[i] = b.Accounts[c.Args[i].Account].Name
		}
	}
	return fmt.Sprintf("%s(%s)", c.Intent.Name, strings.Join(words, ", "))
}

// refuteIntent looks for inputs that satisfy the conditions, and runs them.
func (p *Prover) refuteIntent(s *symbols, tx int32, proof *IntentProof, conditions []*term,
	confirms func(*batch.Failure) (rule string, ok bool),
) (Method, checkers.Verdict) {
	result, m, reason := p.ask(s.terms, conditions...)
	switch result {
	case unsatisfiable:
		return BySolver, checkers.Passed()
	case undecided:
		return "", checkers.Undecided("%s", reason)
	}
	b := s.withInputs(m)
	b.Transactions = b.Transactions[tx : tx+1]
	b.Transactions[0].After = nil
	f := batch.RunSerially(b).Failure
	if f == nil {
		return "", checkers.Undecided("Z3 gave inputs that did not fail when they were run")
	}
	rule, ok := confirms(f)
	if !ok {
		return "", checkers.Undecided("Z3 gave inputs that failed otherwise when they were run: %v", f)
	}
	proof.Counterexample = &IntentCounterexample{Batch: b, Failure: f}
	return ByReplay, checkers.Failed(rule, f.Error(), inputs(b)...)
}
