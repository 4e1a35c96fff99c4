package command

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/smt"
	"synchrony/executor/synchrony"
	"synchrony/models/batch"
	"synchrony/models/text"
	"synchrony/models/trace"
	"synchrony/properties"
	"synchrony/properties/catalogue/proof"
)

// batchObligations is the batch's plan, and each kind of its transactions, twice.
func batchObligations(o *proveOptions, path string, content []byte) (*obligations, error) {
	b, err := batch.Parse(path, content)
	if err != nil {
		return nil, err
	}
	plan, err := leaveOut(b, synchrony.Plan(b), o.without)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	kinds := smt.New(smt.Limits{}).Kinds(b)
	todo := &obligations{statements: []statement{planStatement(b, plan)}}
	for _, k := range kinds {
		todo.statements = append(todo.statements, intentStatement(b, k, "%s conserves the sum of balances, for all balances and amounts",
			(*smt.Prover).Conservation, proof.Conservation))
	}
	overflow := func(p *smt.Prover, b *batch.Batch) []smt.IntentProof { return p.Overflow(b, smt.MoneySupply) }
	for _, k := range kinds {
		todo.statements = append(todo.statements, intentStatement(b, k, "%s does not overflow, for balances from 0 that add up to an int64 and all amounts",
			overflow, proof.Overflow))
	}
	return todo, nil
}

func planStatement(b *batch.Batch, plan []trace.Dependency) statement {
	return statement{
		text: fmt.Sprintf("plan ≡ serial, for all balances and amounts: %s, %s", text.Plural(len(b.Transactions), "transaction"), text.Plural(len(plan), "edge")),
		ask: func(ctx context.Context, prover *smt.Prover) (p proved) {
			answer := prover.PlanEquivalence(b, plan)
			p.Result = answer.Result
			if e := answer.Counterexample; e != nil {
				p.refutation, p.unsaved = proof.Plan(ctx, e, plan)
			}
			return p
		},
	}
}

// intentStatement asks about one transaction of a kind, on its own.
func intentStatement(b *batch.Batch, kind smt.Kind, text string, ask func(*smt.Prover, *batch.Batch) []smt.IntentProof,
	refuted func(context.Context, *smt.IntentCounterexample) (*properties.Counterexample, error),
) statement {
	alone := *b
	alone.Transactions = slices.Clone(b.Transactions[kind.Transactions[0]:][:1])
	alone.Transactions[0].After = nil
	alone.Attestations = nil // no proof asks who has signed an amount: it holds for all amounts
	return statement{
		text: fmt.Sprintf(text, kind.Call),
		ask: func(ctx context.Context, prover *smt.Prover) (p proved) {
			answer := ask(prover, &alone)[0]
			p.Result = answer.Result
			if e := answer.Counterexample; e != nil {
				p.refutation, p.unsaved = refuted(ctx, e)
			}
			return p
		},
	}
}

// leaveOut takes edges out of a plan.
func leaveOut(b *batch.Batch, plan []trace.Dependency, edges []string) ([]trace.Dependency, error) {
	for _, e := range edges {
		from, to, _ := strings.Cut(e, ",")
		i := slices.IndexFunc(plan, func(d trace.Dependency) bool {
			return b.Transactions[d.From].ID == from && b.Transactions[d.To].ID == to
		})
		if i < 0 {
			return nil, fmt.Errorf("--without %s: the plan has no edge from %q to %q", e, from, to)
		}
		plan = slices.Delete(plan, i, i+1)
	}
	return plan, nil
}

// planProver is what verify exec proves plans with: the syntactic methods decide the
// executor's own plans, and anything else may cost a second.
func planProver(b *batch.Batch, edges []trace.Dependency) (synchrony.PlanVerdict, string) {
	p := smt.New(smt.Limits{Time: time.Second}).PlanEquivalence(b, edges)
	switch p.Status {
	case checkers.Pass:
		return synchrony.PlanProved, string(p.Method)
	case checkers.Fail:
		return synchrony.PlanRefuted, p.Reason
	default:
		return synchrony.PlanUnknown, p.Reason
	}
}
