package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"synchrony/executor/synchrony"
	"synchrony/models/program"
	"synchrony/properties"
)

// execOptions is the command line of verify exec.
type execOptions struct {
	workers            int
	timeout            time.Duration
	transactionTimeout time.Duration
	mode               string
	chunkSize          int
	trace              string
	assemble           string
	events             bool
	chunks             bool
	compare            bool
	disassemble        bool
	json               bool

	given func(flag string) bool
}

// executable is a kind of file that can be executed.
type executable struct {
	noun    string
	fits    func(path string, content []byte) bool
	only    []string // flags that make no sense for another kind
	execute func(a *app, cmd *cobra.Command, o *execOptions, path string, content []byte) (*executed, error)
}

// executables are the kinds of files.
func executables() []executable {
	return []executable{
		{"program", isProgram, []string{"chunk-size", "chunks", "compare", "disassemble", "assemble"}, (*app).execProgram},
		{"batch", isBatch, []string{"transaction-timeout"}, (*app).execBatch},
	}
}

// executed is an execution that has ended, in all forms in which it can be shown.
type executed struct {
	succeeded bool
	text      func(w io.Writer, colour bool) error
	json      func(io.Writer) error
	trace     func(io.Writer) error
}

// execCommand executes one batch or program.
func (a *app) execCommand() *cobra.Command {
	var o execOptions
	cmd := &cobra.Command{
		Use:   "exec FILE",
		Short: "Execute one batch or program, and show what it did",
		Long: `Execute the atomic batch (*.ae) or the program (*.zxasm, or one in binary form,
whatever its name) in a file, and show what it did.

A batch works on the accounts that it declares. A program may say how it is to
be executed (.set), which flags override, and what comes of it (.expect), which
is checked.

Exit codes of a batch: 0 committed; 1 not committed: a transaction failed, there
is a cycle of dependencies, or a timeout has passed; 2 bad input. Of a program:
0 it ended as its text expects, or, if that expects nothing, without an error;
1 it did not, or a timeout has passed; 2 bad input.`,
		Example: `  verify exec transfers.ae
  verify exec transfers.ae --workers 2 --mode parallel --events
  verify exec transfers.ae --trace events.json   then open it in ui.perfetto.dev
  verify exec sum.zxasm --mode parallel --workers 2 --compare
  verify exec sum.zxasm --chunks --chunk-size 20
  verify exec sum.zxasm --assemble sum.zxbc && verify exec sum.zxbc --disassemble`,
		Args: exactlyOne("file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.given = cmd.Flags().Changed
			return a.exec(cmd, &o, args[0])
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.workers, "workers", 0, fmt.Sprintf("size of the worker pool (default: of a batch, %s or else %d; of a program, the number of CPUs)",
		synchrony.WorkersEnv, synchrony.DefaultPool))
	f.DurationVar(&o.timeout, "timeout", 0, fmt.Sprintf("of the execution (default %v; of a batch, 10 times the estimated serial time if that is longer)",
		program.DefaultTimeout))
	f.DurationVar(&o.transactionTimeout, "transaction-timeout", 0, "of each transaction (default: none)")
	f.StringVar(&o.mode, "mode", "auto", "auto or parallel; or of a batch, serial or blocking (a goroutine for each ready transaction); of a program, sequential")
	f.IntVar(&o.chunkSize, "chunk-size", program.DefaultChunkSize, "instructions that a chunk of a program should have")
	f.StringVar(&o.trace, "trace", "", "write the events as Chrome trace-event JSON to this `file`; - is standard output, instead of the result")
	f.BoolVar(&o.events, "events", false, "show the events, too")
	f.BoolVar(&o.chunks, "chunks", false, "show the chunks of a program, too, with what they depend on and why they are cut there")
	f.BoolVar(&o.compare, "compare", false, "execute a program sequentially, too, repeatedly and in turn, and show the measured speedup")
	f.BoolVar(&o.disassemble, "disassemble", false, "show a program's assembler text, instead of executing it")
	f.StringVar(&o.assemble, "assemble", "", "write a program in binary form to this `file`, instead of executing it")
	f.BoolVar(&o.json, "json", false, "print the result as JSON")
	return cmd
}

// check refuses options that make no sense for any kind of file.
func (o *execOptions) check(cmd *cobra.Command) error {
	for _, d := range []struct {
		flag  string
		value time.Duration
	}{{"timeout", o.timeout}, {"transaction-timeout", o.transactionTimeout}} {
		if o.given(d.flag) && d.value <= 0 {
			return wrongUse(cmd, "--%s is %v, and must be more than 0", d.flag, d.value)
		}
	}
	if o.trace == "-" && o.json {
		return wrongUse(cmd, "--trace - and --json both want standard output")
	}
	for _, output := range []string{"trace", "assemble"} {
		if o.given(output) && cmd.Flag(output).Value.String() == "" {
			return wrongUse(cmd, "--%s must name a file", output)
		}
	}
	return errors.Join(checkOutput(o.trace), checkOutput(o.assemble))
}

// exec is verify exec.
func (a *app) exec(cmd *cobra.Command, o *execOptions, path string) error {
	if err := o.check(cmd); err != nil {
		return err
	}
	content, err := properties.ReadFile(path)
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return fmt.Errorf("cannot read %s: %w", path, pathErr.Err)
	}
	if err != nil {
		return err
	}
	kinds := executables()
	k := slices.IndexFunc(kinds, func(k executable) bool { return k.fits(path, content) })
	if k < 0 {
		return fmt.Errorf("%s: a file to execute must be a batch, whose name ends in .ae, or a program, whose name ends in .zxasm, not in %q",
			path, filepath.Ext(path))
	}
	for i, other := range kinds {
		for _, flag := range other.only {
			if i != k && o.given(flag) {
				return wrongUse(cmd, "--%s is for a %s; %s is a %s", flag, other.noun, path, kinds[k].noun)
			}
		}
	}
	began := time.Now()
	e, err := kinds[k].execute(a, cmd, o, path, content)
	if err != nil {
		return err
	}
	if err := o.inTime(began, func() error { return a.showExecuted(e, o) }); err != nil {
		return err
	}
	if !e.succeeded {
		return exit(exitViolated)
	}
	return nil
}

// inTime shows a result. A timeout that was asked for covers that, too: a result can be as large as
// memory, and its reader slow.
func (o *execOptions) inTime(began time.Time, show func() error) error {
	if !o.given("timeout") {
		return show()
	}
	const least = time.Second // to say what happened
	shown := make(chan error, 1)
	go func() { shown <- show() }()
	select {
	case err := <-shown:
		return err
	case <-time.After(max(o.timeout-time.Since(began), least)):
		return fmt.Errorf("the result could not be shown within --timeout %v; it is too large, or its reader too slow", o.timeout)
	}
}

func (a *app) showExecuted(e *executed, o *execOptions) error {
	if o.trace != "" {
		if err := a.writeOutput(o.trace, e.trace); err != nil || o.trace == "-" {
			return err
		}
	}
	if o.json {
		return e.json(a.stdout)
	}
	return e.text(a.stdout, a.wantsColour(a.stdout))
}
