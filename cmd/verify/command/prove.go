package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"synchrony/checkers"
	"synchrony/checkers/smt"
	"synchrony/properties"
	"synchrony/reports/results"
)

// proveOptions is the command line of verify prove.
type proveOptions struct {
	timeout   time.Duration
	memory    int // MB
	without   []string
	chunkSize int // 0: what the program says
	corpus    string
	json      bool
	child     bool // this process is the one with the limits
	first     int  // the statement that it begins with
}

// obligations is what there is to prove about a file.
type obligations struct {
	heading    []string // lines
	statements []statement
}

// statement is one of them.
type statement struct {
	text string
	pair string // of chunks, as "1-2"; those that end alike are told together
	ask  func(context.Context, *smt.Prover) proved
}

// proved is what became of proving a statement, and what refutes it, unless that cannot be
// saved, for the reason unsaved.
type proved struct {
	smt.Result
	refutation *properties.Counterexample
	unsaved    error
}

// claim is the same, as the process that proves tells it.
type claim struct {
	Status  checkers.Status
	Method  smt.Method
	Elapsed time.Duration
	Lines   []string // reason and evidence, unless it is proved
	Saved   string   // the counterexample's file
	Unsaved string   // why there is none
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
  of a program  chunks between which there is no chain of dependencies, of data
                or of output, commute, for all values of variables: with the same
                errors, too

Each line says what was proved, for which inputs, by which method, and in what
time. What refutes is saved as a counterexample for verify replay. The prover runs
in a process of its own, which is ended when a statement takes more than --timeout
or --memory; the other statements are proved all the same.

Exit codes: 0 all proved; 1 something was refuted; 2 bad input; 3 something is
unknown: a limit was met, a construct is not supported, or Z3 is not built in; or
there was nothing to prove.`,
		Example: `  verify prove transfers.ae
  verify prove transfers.ae --without transfer1,transfer2   is that edge needed?
  verify prove sum.zxasm --chunk-size 5 --timeout 1m
  verify prove sum.zxasm --without 0,2                      do those chunks commute?
  verify prove transfers.ae --json                          for programs`,
		Args: exactlyOne("file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case o.timeout <= 0:
				return wrongUse(cmd, "--timeout is %v, and must be more than 0", o.timeout)
			case o.memory <= 0:
				return wrongUse(cmd, "--memory is %d, and must be more than 0", o.memory)
			case o.chunkSize < 0 || o.chunkSize == 0 && cmd.Flags().Changed("chunk-size"):
				return wrongUse(cmd, "--chunk-size is %d, and must be at least 1", o.chunkSize)
			}
			return a.prove(cmd, &o, args[0])
		},
	}
	f := cmd.Flags()
	f.DurationVar(&o.timeout, "timeout", smt.DefaultTime, "how long a statement may take; past it, it is unknown")
	f.IntVar(&o.memory, "memory", 2048, "how many `MB` proving may take; past it, a statement is unknown")
	f.StringArrayVar(&o.without, "without", nil, "prove as if there were no dependency `FROM,TO`, to see what it is for; repeatable")
	f.IntVar(&o.chunkSize, "chunk-size", 0, "the size of a program's chunks in `instructions`, in place of what it says itself")
	f.StringVar(&o.corpus, "corpus", defaultCorpus, "`folder` to save what refutes in")
	f.BoolVar(&o.json, "json", false, "print the result as JSON")
	f.BoolVar(&o.child, "limited", false, "")
	f.IntVar(&o.first, "first", 0, "")
	for _, name := range []string{"limited", "first"} {
		_ = f.MarkHidden(name) // there is such a flag
	}
	return cmd
}

func (a *app) prove(cmd *cobra.Command, o *proveOptions, path string) error {
	content, err := o.read(a.stdin, path)
	if err != nil {
		return err
	}
	todo, err := o.obligations(cmd, path, content)
	if err != nil {
		return err
	}
	if o.child {
		return a.proveLimited(cmd.Context(), o, todo)
	}
	text := a.stdout
	if o.json {
		text = io.Discard
	}
	show, report := newClaims(text, todo), newProofReport(path, todo)
	err = a.proveInChildren(cmd.Context(), o, path, content, todo, func(c claim) error {
		report.add(todo.statements[len(report.Statements)], c)
		return show.add(c)
	})
	if err == nil {
		err = show.finish()
	}
	if err == nil && o.json {
		report.Status = show.status()
		err = results.WriteJSON(a.stdout, report)
	}
	if err != nil {
		return err
	}
	return exit(statusCode(show.status()))
}

// read reads the file; the child of a process that has read it is given the same content.
func (o *proveOptions) read(stdin io.Reader, path string) ([]byte, error) {
	if o.child {
		return io.ReadAll(stdin)
	}
	content, err := properties.ReadFile(path)
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return nil, fmt.Errorf("cannot read %s: %w", path, pathErr.Err)
	}
	return content, err
}

func (o *proveOptions) obligations(cmd *cobra.Command, path string, content []byte) (*obligations, error) {
	switch {
	case isProgram(path, content):
		return programObligations(o, path, content)
	case isBatch(path, content):
		if o.chunkSize > 0 {
			return nil, wrongUse(cmd, "--chunk-size is for a program; %s is a batch", path)
		}
		return batchObligations(o, path, content)
	}
	return nil, fmt.Errorf("%s: a file to prove must be a batch, whose name ends in .ae, or a program, whose name ends in .zxasm, not in %q",
		path, filepath.Ext(path))
}

// proveInChildren has processes that can be ended prove the statements. One that ends before its
// time leaves the statement that it was at unknown, and another begins with the next: whatever
// happens to a solver, it proves nothing.
func (a *app) proveInChildren(ctx context.Context, o *proveOptions, path string, content []byte, todo *obligations, add func(claim) error) error {
	for done := 0; done < len(todo.statements); {
		child := confinement{args: o.arguments(path, done), input: bytes.NewReader(content), patience: o.timeout + grace, memory: o.memory}
		began := time.Now()
		err := child.run(ctx, func(answer json.RawMessage) error {
			var c claim
			if err := json.Unmarshal(answer, &c); err != nil {
				return err
			}
			done++
			began = time.Now()
			return add(c)
		})
		if err == nil && done == len(todo.statements) {
			return nil
		}
		var died *diedError
		why := ""
		switch {
		case errors.Is(err, errOutOfTime):
			why = fmt.Sprintf("out of time: Z3 was ended after %v; more --timeout would help", o.timeout+grace)
		case errors.Is(err, errOutOfMemory):
			why = fmt.Sprintf("out of memory: more than %d MB; more --memory would help", o.memory)
		case errors.As(err, &died):
			why = err.Error()
		case err == nil:
			return fmt.Errorf("the process that proves has ended after %d of %d statements", done, len(todo.statements))
		default:
			return err
		}
		done++
		if err := add(claim{Status: checkers.Unknown, Elapsed: time.Since(began), Lines: []string{why}}); err != nil {
			return err
		}
	}
	return nil
}

func (o *proveOptions) arguments(path string, first int) []string {
	args := []string{"prove", "--limited", "--no-config", "--first", fmt.Sprint(first), "--timeout", o.timeout.String(),
		"--memory", fmt.Sprint(o.memory), "--corpus", o.corpus}
	for _, edge := range o.without {
		args = append(args, "--without", edge)
	}
	if o.chunkSize > 0 {
		args = append(args, "--chunk-size", fmt.Sprint(o.chunkSize))
	}
	return append(args, "--", path)
}

// proveLimited is the process with the limits.
func (a *app) proveLimited(ctx context.Context, o *proveOptions, todo *obligations) error {
	return a.confined(o.memory, func(answer func(any) error) error {
		prover := smt.New(smt.Limits{Time: o.timeout})
		for _, s := range todo.statements[min(o.first, len(todo.statements)):] {
			p := s.ask(ctx, prover)
			c, err := p.claim(o.corpus)
			if err != nil {
				return err
			}
			if err := answer(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// claim saves what refutes the statement, and puts the rest into words.
func (p *proved) claim(corpus string) (claim, error) {
	c := claim{Status: p.Status, Method: p.Method, Elapsed: p.Elapsed}
	if p.Status != checkers.Pass && p.Reason != "" {
		c.Lines = append(c.Lines, p.Reason)
	}
	c.Lines = append(c.Lines, p.Evidence...)
	if p.unsaved != nil {
		c.Unsaved = p.unsaved.Error()
	}
	if p.refutation == nil {
		return c, nil
	}
	file, err := p.refutation.Save(corpus)
	if err != nil {
		return claim{}, fmt.Errorf("the counterexample cannot be saved in %s: %w; name another folder with --corpus", corpus, err)
	}
	c.Saved = file
	return c, nil
}
