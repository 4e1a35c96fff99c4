package batchtest

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/block"
	"synchrony/properties/evidence"
)

// The rules that a run can break, by the checker that holds them.
const (
	rulePanic   = "panic"
	ruleGoexit  = "goexit"      // it ended its goroutine, and returned nothing
	ruleError   = "error"       // the block failed, and should not have, or the other way round
	ruleReport  = "report"      // what the executor says cannot be
	ruleOnce    = "once"        // a transaction was not executed exactly once
	ruleFailure = "failure"     // a transaction failed, and should not have, or the other way round
	ruleState   = "wrong state" // and no simple reason is known
)

// checker is a checker of blocks.
type checker struct {
	name  string
	judge func(c *config, b *Block, o *Outcome) checkers.Verdict
}

// checkers are all of them, what makes others pointless first.
func (c *config) checkers() []checker {
	list := []checker{{"ending", checkEnding}, {"report", checkReport}, {"serializability", checkGraph}, {"state", checkState}, {"failures", checkFailures}}
	if c.once {
		list = append(list, checker{"once", checkOnce})
	}
	return list
}

// checkEnding holds a block to its ending: with an error exactly if a transaction failed and that ends the block.
func checkEnding(c *config, b *Block, o *Outcome) checkers.Verdict {
	want := c.serial(b, o)
	switch first := want.FirstFailure(); {
	case !o.ended:
		return checkers.Failed(ruleGoexit, noReturn+": have it return an error instead")
	case o.died != "":
		return checkers.Failed(rulePanic, "the executor panicked: "+evidence.Line(o.died), evidence.Stack(o.stack)...)
	case o.err != "" && !want.Broken:
		return checkers.Failed(ruleError, "the executor returned an error, though the block is to succeed: "+evidence.Line(o.err))
	case o.err == "" && want.Broken:
		return checkers.Failed(ruleError, fmt.Sprintf("the executor returned no error, though %s fails, which ends the block: %v", b.Name(first), want.Errors[first]))
	}
	return checkers.Passed()
}

// serial is the serial execution, in the order that the executor says if it says one.
func (c *config) serial(b *Block, o *Outcome) *block.Serial {
	if isPermutation(o.report.Order, b.Len()) {
		return block.Execute(b, c.policy, block.Departure{Order: o.report.Order})
	}
	return block.Execute(b, c.policy, block.Departure{})
}

func isPermutation(order []int, n int) bool {
	seen := make([]bool, n)
	for _, i := range order {
		if i < 0 || i >= n || seen[i] {
			return false
		}
		seen[i] = true
	}
	return len(order) == n
}

// checkReport holds what the executor says to what can be said.
func checkReport(_ *config, b *Block, o *Outcome) checkers.Verdict {
	r := &o.report
	switch n := b.Len(); {
	case o.mistold != "":
		return checkers.Failed(ruleReport, o.mistold)
	case r.Order != nil && !isPermutation(r.Order, n):
		return checkers.Failed(ruleReport, fmt.Sprintf("the order %v is not one of %d transactions, from 0 on, each once", r.Order, n))
	case r.Errors != nil && len(r.Errors) != n:
		return checkers.Failed(ruleReport, fmt.Sprintf("there are errors of %d transactions, of %d", len(r.Errors), n))
	case r.Accesses != nil && len(r.Accesses) != n:
		return checkers.Failed(ruleReport, fmt.Sprintf("there are accesses of %d transactions, of %d", len(r.Accesses), n))
	}
	return checkers.Passed()
}

// checkFailures holds the errors of transactions, where the executor tells them, to those of the serial execution.
func checkFailures(c *config, b *Block, o *Outcome) checkers.Verdict {
	if o.report.Errors == nil {
		return checkers.Passed()
	}
	want := c.serial(b, o)
	for i, err := range o.report.Errors {
		switch name := b.Name(i); {
		case want.Broken && want.Errors[i] == nil: // whether it came to that transaction is up to the executor
		case err != nil && want.Errors[i] == nil:
			return checkers.Failed(ruleFailure, fmt.Sprintf("%s is said to have failed, and does not fail serially: %s", name, evidence.Line(err.Error())))
		case err == nil && want.Errors[i] != nil:
			return checkers.Failed(ruleFailure, fmt.Sprintf("%s is said to have succeeded, and fails serially: %v", name, want.Errors[i]))
		}
	}
	return checkers.Passed()
}

// checkOnce holds an executor that does not speculate to execute each transaction once, up to the one that ends the block.
func checkOnce(c *config, b *Block, o *Outcome) checkers.Verdict {
	want := c.serial(b, o)
	for i, n := range o.calls {
		if n > 1 || n == 0 && !want.Broken {
			return checkers.Failed(ruleOnce, fmt.Sprintf("%s was executed %s, and is to be executed once", b.Name(i), times(n)))
		}
	}
	return checkers.Passed()
}

func times(n int) string {
	if n == 0 {
		return "never"
	}
	return fmt.Sprintf("%d times", n)
}

// checkState holds the final state to the serial one.
func checkState(c *config, b *Block, o *Outcome) checkers.Verdict {
	want := c.serial(b, o)
	differing, facts := c.compare(b, want, o.report.State)
	if len(differing) == 0 {
		return checkers.Passed()
	}
	reason := "the final state is not the serial one: " + differing[0]
	if n := len(differing); n > 1 {
		reason += fmt.Sprintf(", and %d more", n-1)
	}
	return checkers.Failed(ruleState, reason, facts...)
}

// diagnose looks for the smallest departure from serial execution that leads to a wrong state.
func (c *config) diagnose(b *Block, o *Outcome, v checkers.Verdict) checkers.Verdict {
	if v.Rule != ruleState {
		return v
	}
	if rule, why := explain(c, b, o, c.serial(b, o)); why != "" {
		v.Rule, v.Reason = rule, v.Reason+"; it is as if "+why
	}
	return v
}

// compare says in which keys a state differs from the serial one, and who wrote what they should have.
func (c *config) compare(b *Block, want *block.Serial, got State) (differing, facts []string) {
	keys := want.Keys
	for k := range got.Sorted() {
		keys = append(keys[:len(keys):len(keys)], k)
	}
	for _, k := range block.Set(slices.Clone(keys)) {
		w, is := want.State[k]
		g, there := got[k]
		if w == g && (is == there || c.zeroIsGone && slices.Contains(want.Keys, k)) {
			continue
		}
		differing = append(differing, fmt.Sprintf("%s %s, and should %s", k, has("is", g, there), has("be", w, is)))
		fact := fmt.Sprintf("%s: serially, ", k)
		if writer := want.LastWriter(k); want.Broken && want.Policy == RollBack {
			fact += "the block is rolled back"
		} else if writer < 0 {
			fact += "no transaction writes it"
		} else {
			fact += fmt.Sprintf("%s writes it last", b.Name(writer))
		}
		facts = append(facts, fact)
	}
	return differing, facts
}

// has is "is 5" or "is gone", with the verb that is given.
func has(verb string, n Value, there bool) string {
	if !there {
		return verb + " gone"
	}
	return fmt.Sprintf("%s %d", verb, n)
}
