package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"synchrony/checkers"
	"synchrony/checkers/smt"
	"synchrony/executor/synchrony"
	"synchrony/executor/vm"
	"synchrony/models/batch"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
	"synchrony/properties/refutations"
)

// proveOptions is the command line of verify prove.
type proveOptions struct {
	timeout time.Duration
	without []string
	corpus  string
}

// claim is one statement, and what became of proving it.
type claim struct {
	smt.Result
	statement string
	notes     []string
	// refutation is nil if there is none, or it cannot be saved, for the reason unsaved.
	refutation *properties.Counterexample
	unsaved    error
}

// proveCommand proves what can be proved about one file.
func (a *app) proveCommand() *cobra.Command {
	var o proveOptions
	cmd := &cobra.Command{
		Use:   "prove FILE",
		Short: "Prove a batch or program right for all inputs, or refute it",
		Long: `Prove, for all inputs, what can be proved about the atomic batch (*.ae) or the
program (*.zxasm, or one in binary form) in a file:

  of a batch    every order that its plan allows is as good as the serial one,
                for all balances and amounts; each kind of transaction conserves
                the sum of balances; and none overflows, if its accounts hold 0 or
                more each, and together no more than an int64 can say
  of a program  chunks without a dependency commute, for all values of variables

Each line says what was proved, for which inputs, by which method, and in what
time. What refutes a batch is saved as a counterexample for verify replay.
The timeout is soft: Z3 looks at its clock now and then.

Exit codes: 0 all proved; 1 something was refuted; 2 bad input; 3 something is
unknown: the time was over, a construct is not supported, or Z3 is not built in.`,
		Example: `  verify prove transfers.ae
  verify prove transfers.ae --without transfer1,transfer2   is that edge needed?
  verify prove sum.zxasm --timeout 1m`,
		Args: exactlyOne("file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.timeout <= 0 {
				return wrongUse(cmd, "--timeout is %v, and must be more than 0", o.timeout)
			}
			return a.prove(cmd, &o, args[0])
		},
	}
	f := cmd.Flags()
	f.DurationVar(&o.timeout, "timeout", smt.DefaultTime, "of each statement")
	f.StringArrayVar(&o.without, "without", nil, "prove the plan without the edge `FROM,TO`, to see whether it is needed; repeatable")
	f.StringVar(&o.corpus, "corpus", defaultCorpus, "`folder` to save what refutes in")
	return cmd
}

func (a *app) prove(cmd *cobra.Command, o *proveOptions, path string) error {
	content, err := os.ReadFile(path)
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return fmt.Errorf("cannot read %s: %w", path, pathErr.Err)
	}
	if err != nil {
		return err
	}
	prover := smt.New(smt.Limits{Time: o.timeout})
	var claims []claim
	switch {
	case isProgram(path, content):
		if len(o.without) > 0 {
			return wrongUse(cmd, "--without is for a batch; %s is a program", path)
		}
		claims, err = a.proveProgram(prover, path, content)
	case isBatch(path, content):
		claims, err = a.proveBatch(cmd.Context(), prover, o, path, content)
	default:
		return fmt.Errorf("%s: a file to prove must be a batch, whose name ends in .ae, or a program, whose name ends in .zxasm, not in %q",
			path, filepath.Ext(path))
	}
	if err != nil {
		return err
	}
	return a.showClaims(o, claims)
}

// verdictWords are what a line begins with.
var verdictWords = map[checkers.Status]string{checkers.Pass: "proved", checkers.Fail: "refuted", checkers.Unknown: "unknown"}

// showClaims prints the claims and saves what refutes them.
func (a *app) showClaims(o *proveOptions, claims []claim) error {
	worst, count := exitPassed, map[checkers.Status]int{}
	for _, c := range claims {
		count[c.Status]++
		method := string(c.Method)
		if method == "" {
			method = "no method"
		}
		fmt.Fprintf(a.stdout, "%-8s %s [%s, %v]\n", verdictWords[c.Status], c.statement, method, c.Elapsed.Round(10*time.Microsecond))
		if c.Status != checkers.Pass && c.Reason != "" {
			fmt.Fprintf(a.stdout, "         %s\n", c.Reason)
		}
		for _, line := range slices.Concat(c.Evidence, c.notes) {
			fmt.Fprintf(a.stdout, "         %s\n", line)
		}
		switch c.Status {
		case checkers.Fail:
			worst = exitViolated
			if err := a.saveRefutation(o, &c); err != nil {
				return err
			}
		case checkers.Unknown:
			if worst == exitPassed {
				worst = exitInconclusive
			}
		}
	}
	fmt.Fprintf(a.stdout, "%d proved, %d refuted, %d unknown\n", count[checkers.Pass], count[checkers.Fail], count[checkers.Unknown])
	return exit(worst)
}

// saveRefutation saves what refutes a claim, and says how to reproduce it.
func (a *app) saveRefutation(o *proveOptions, c *claim) error {
	if c.unsaved != nil {
		fmt.Fprintf(a.stdout, "         not saved: %v\n", c.unsaved)
	}
	if c.refutation == nil {
		return nil
	}
	file, err := c.refutation.Save(o.corpus)
	if err != nil {
		return fmt.Errorf("the counterexample cannot be saved in %s: %w; name another folder with --corpus", o.corpus, err)
	}
	fmt.Fprintf(a.stdout, "         reproduce it: verify replay %s\n", file)
	return nil
}

// proveBatch proves a batch's plan, and each kind of its transactions.
func (a *app) proveBatch(ctx context.Context, prover *smt.Prover, o *proveOptions, path string, content []byte) ([]claim, error) {
	b, err := batch.Parse(path, content)
	if err != nil {
		return nil, err
	}
	plan, err := leaveOut(b, synchrony.Plan(b), o.without)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	p := prover.PlanEquivalence(b, plan)
	c := claim{Result: p.Result, statement: fmt.Sprintf("plan ≡ serial, for all balances and amounts: %d transactions, %d edges", len(b.Transactions), len(plan))}
	if e := p.Counterexample; e != nil {
		c.refutation, c.unsaved = refutations.Plan(ctx, e, plan)
	}
	claims := []claim{c}
	type refute = func(context.Context, *smt.IntentCounterexample) (*properties.Counterexample, error)
	add := func(statement string, proofs []smt.IntentProof, refuted refute) {
		for _, p := range proofs {
			c := claim{Result: p.Result, statement: fmt.Sprintf(statement, p.Call)}
			if e := p.Counterexample; e != nil {
				c.refutation, c.unsaved = refuted(ctx, e)
			}
			claims = append(claims, c)
		}
	}
	add("%s conserves the sum of balances, for all balances and amounts", prover.Conservation(b), refutations.Conservation)
	add("%s does not overflow, for balances from 0 that add up to an int64 and all amounts", prover.Overflow(b, smt.MoneySupply), refutations.Overflow)
	return claims, nil
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

// maxPairs is how many pairs of chunks are looked at.
const maxPairs = 2000

// proveProgram proves that chunks between which there is no chain of dependencies commute.
func (a *app) proveProgram(prover *smt.Prover, path string, content []byte) ([]claim, error) {
	w, err := program.Load(path, content)
	if err != nil {
		return nil, placed(path, content, err)
	}
	analysis, err := vm.Analyze(w.Program, vm.ParallelConfig{Setup: w.Setup})
	if err != nil {
		return nil, named(path, err)
	}
	var claims []claim
	reached, pairs := reachable(analysis), 0
	for j := range analysis.Chunks {
		for i := range j {
			if reached[j][i] {
				continue
			}
			if pairs++; pairs > maxPairs {
				continue
			}
			first, second := analysis.Chunks[i], analysis.Chunks[j]
			p := prover.Commute(w.Program, smt.Chunk{From: first.From, To: first.To}, smt.Chunk{From: second.From, To: second.To})
			c := claim{Result: p.Result, statement: fmt.Sprintf("chunks %d (main+%d…%d) and %d (main+%d…%d) commute, for all values of variables",
				i, first.From, first.To-1, j, second.From, second.To-1)}
			if e := p.Counterexample; e != nil {
				for _, in := range e.Inputs {
					c.notes = append(c.notes, fmt.Sprintf("with %s = %v", in.Name, in.Value))
				}
			}
			claims = append(claims, c)
		}
	}
	fmt.Fprintf(a.stdout, "%d chunks, %d dependencies, %d pairs without\n", len(analysis.Chunks), len(analysis.Edges), pairs)
	if pairs > maxPairs {
		claims = append(claims, claim{
			Result:    smt.Result{Verdict: checkers.Undecided("more than %d pairs; raise .set chunk-size", maxPairs)},
			statement: fmt.Sprintf("the other %d pairs", pairs-maxPairs),
		})
	}
	return claims, nil
}

// reachable says for each chunk from which earlier ones a chain of dependencies leads to it.
func reachable(a *vm.Analysis) [][]bool {
	reached := make([][]bool, len(a.Chunks))
	for j := range reached {
		reached[j] = make([]bool, j)
	}
	for _, e := range a.Edges { // ordered by To, so that From's are complete
		reached[e.To][e.From] = true
		for i, is := range reached[e.From] {
			reached[e.To][i] = reached[e.To][i] || is
		}
	}
	return reached
}
