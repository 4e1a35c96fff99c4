package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/checkers"
	"synchrony/checkers/isolation"
	"synchrony/checkers/linearizability"
	"synchrony/checkers/workload"
	"synchrony/models/recording"
	"synchrony/properties/campaign"
)

// checkOptions is the command line of verify check.
type checkOptions struct {
	model, format string
	modelFile     string
	isolation     string
	pairs, nils   string
	initial       []string
	negative      bool
	follow        bool
	idle          time.Duration
	limit         int64 // how much of the history to read; 0: all
	html          string
	time          time.Duration
	memory        int // MB
	json          bool
	child         bool // this process is the one with the limits
	fits          bool // the time grows with what is read
	part, parts   int  // of the objects, from 0: those to judge; 0 parts is all

	// Of the process with the limits:
	input *counted                  // what is read
	again func() (io.Reader, error) // reads the history once more; nil if that cannot be
	news  func(*checkReport)        // tells what is known by now
}

// checkCommand judges a recorded history.
func (a *app) checkCommand() *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check HISTORY…",
		Short: "Judge recorded histories of any system",
		Long: `Judge the history in each file (- is standard input), which clients of some system
recorded: is there an order of their operations that explains all results and
agrees with real time?

The model says what the system is:
` + modelList() + `
--model-file declares a model of your own: its state, and what each operation needs,
does and returns; docs/histories.md describes the language.

An operation of unknown outcome (:info, or one that never returned) may take
effect at any later time, or never. One that failed (:fail) never did.

A batch is no history, but a JSON document of a block that was executed anywhere:
it is judged by its serialization graph, and by executing it again in the order of
its commits.

Transactions (list-append, rw-register) are judged by their serialization graph:
which isolation levels hold, and every anomaly by its name with a smallest cycle.
--isolation says which level must hold:
` + levelList() + `
The judge of each runs in a process of its own, within --time and --memory.
docs/histories.md describes the formats.

Exit codes: 0 the histories can be explained; 1 one cannot; 2 one is malformed, or
wrong use; 3 one was not decided within the limits.`,
		Example: `  verify check history.edn --model register
  verify check etcd_042.log --model register --html fault.html
  verify check bank.jsonl --model bank --initial alice=100,bob=50
  verify check elle.edn --model list-append --json
  verify check elle.edn.gz --model rw-register --isolation snapshot-isolation
  verify check knossos.edn --model register --nil-reads unknown
  verify check history.edn --model-file examples/models/versioned-register.model
  verify check runs/*.edn --model register
  verify check block.json --model batch --html fault.html`,
		Args: atLeastOne("history"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.check(cmd, &o, args) },
	}
	f := cmd.Flags()
	o.flags(f)
	f.BoolVar(&o.follow, "follow", false, "judge a file that still grows, line by line, again as it does, until it fails or for --idle has not grown")
	f.DurationVar(&o.idle, "idle", time.Minute, "with --follow, how long to wait for more")
	f.BoolVar(&o.child, "limited", false, "")
	f.BoolVar(&o.fits, "fits", false, "")
	f.IntVar(&o.part, "part", 0, "")
	f.IntVar(&o.parts, "parts", 0, "")
	for _, name := range []string{"limited", "fits", "part", "parts"} {
		_ = f.MarkHidden(name) // there is such a flag
	}
	return cmd
}

// flags adds the flags that say how a history is judged, wherever that is.
func (o *checkOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.model, "model", "", "what the system is: "+strings.Join(modelNames(), ", "))
	f.StringVar(&o.modelFile, "model-file", "", "a model of your own, in this `file`, in place of --model")
	f.StringVar(&o.format, "format", string(recording.AutoFormat), "of the history: "+strings.Join(formatNames(), ", "))
	f.StringVar(&o.isolation, "isolation", isolation.StrictSerializable.String(), "of transactions: the `level` that must hold")
	f.StringVar(&o.pairs, "pairs", recording.PairsAuto, "what a value [a b] is: key (a key and its value), value, or auto")
	f.StringVar(&o.nils, "nil-reads", recording.NilAbsent, "what a read of nil tells: absent (nothing is there), or unknown (nothing at all)")
	f.StringSliceVar(&o.initial, "initial", nil, "what is there at first, as `key=value,…` or, where operations name no key, the value")
	f.BoolVar(&o.negative, "negative-balances", false, "the balances of bank-total may be negative")
	f.StringVar(&o.html, "html", "", "write a page that shows what is wrong, or that nothing is, to this `file`")
	f.DurationVar(&o.time, "time", defaultTime, "how long it may take; past it the verdict is unknown. A minute more for each 100 MB, if not given")
	f.IntVar(&o.memory, "memory", 2048, "how many `MB` it may take; past it the verdict is unknown")
	f.BoolVar(&o.json, "json", false, "print the verdict as JSON, a document for each history")
	unrepeated(f, "html", "json")
}

func modelNames() []string {
	var names []string
	for _, m := range linearizability.Models() {
		names = append(names, m.Name())
	}
	for _, m := range workload.Models() {
		names = append(names, m.Name())
	}
	return append(names, batchModel)
}

func modelList() string {
	var sb strings.Builder
	for _, m := range linearizability.Models() {
		fmt.Fprintf(&sb, "  %-16s %s\n", m.Name(), m.About())
	}
	sb.WriteString("or what is promised, where that is no linearizability:\n")
	for _, m := range workload.Models() {
		fmt.Fprintf(&sb, "  %-16s %s\n", m.Name(), m.About())
	}
	fmt.Fprintf(&sb, "  %-16s %s\n", batchModel, batchAbout)
	return sb.String()
}

// levelList is the names of the isolation levels, over some lines.
func levelList() string {
	var sb strings.Builder
	width := 0
	for i, l := range isolation.Levels() {
		word := l.String()
		switch {
		case i == 0:
			sb.WriteString("  ")
		case width+len(word) > 72:
			sb.WriteString(",\n  ")
			width = 0
		default:
			sb.WriteString(", ")
		}
		width += len(word) + 2
		sb.WriteString(word)
	}
	return sb.String()
}

func levelNames() []string {
	var names []string
	for _, l := range isolation.Levels() {
		names = append(names, l.String())
	}
	return names
}

func formatNames() []string {
	var names []string
	for _, f := range recording.HistoryFormats() {
		names = append(names, string(f))
	}
	return names
}

// checkReport is what verify check says, and as JSON its contract.
type checkReport struct {
	File       string      `json:"file"`
	Model      string      `json:"model"`
	Verdict    string      `json:"verdict"` // pass, fail or unknown
	Method     string      `json:"method"`  // graph, monitor, search or count
	Operations int         `json:"operations"`
	Pending    int         `json:"pending"`           // of them, of unknown outcome
	Failed     int         `json:"failed"`            // beside them
	Skipped    int         `json:"skipped,omitempty"` // records and lines that are no operation of a client
	Notes      []string    `json:"notes,omitempty"`   // what was assumed of the notation
	Isolation  string      `json:"isolation,omitempty"`
	Levels     []standing  `json:"levels,omitempty"`    // of isolation, the strongest first
	Strongest  []string    `json:"strongest,omitempty"` // levels that hold, and that no other that holds implies
	Weakest    []string    `json:"weakest,omitempty"`   // levels that do not hold, with why, and that imply no other that does not
	Anomalies  []anomaly   `json:"anomalies,omitempty"` // the worst first
	Rule       string      `json:"rule,omitempty"`
	Reason     string      `json:"reason,omitempty"`
	Cycle      []string    `json:"cycle,omitempty"`    // of transactions, each before the next
	Evidence   []string    `json:"evidence,omitempty"` // of the graph
	Prefix     int         `json:"prefix,omitempty"`   // the line of the first operation whose return nothing explains
	Longest    []operation `json:"longest,omitempty"`  // a longest sequence that can be explained
	Core       []operation `json:"core,omitempty"`     // operations that cannot be explained together
	Minimal    bool        `json:"minimal,omitempty"`  // none of the core can be spared
	Page       string      `json:"page,omitempty"`     // the file of the page that was written
	Refuted    bool        `json:"refuted,omitempty"`  // of a part of a history: see linearizability.Result
	Seconds    float64     `json:"seconds"`
}

// operation is an operation of a history, with the line of its invocation.
type operation struct {
	Line int    `json:"line"`
	Text string `json:"text"`
}

// standing is whether a history satisfies an isolation level.
type standing struct {
	Level   string `json:"level"`
	Verdict string `json:"verdict"`
	Anomaly string `json:"anomaly,omitempty"` // one that the level forbids
}

// anomaly is a kind of anomaly with its smallest example.
type anomaly struct {
	Name   string   `json:"name"`
	Count  int      `json:"count,omitempty"` // unless it is a cycle
	Reason string   `json:"reason"`
	Cycle  []string `json:"cycle,omitempty"`
}

// judging is how the history with a number on the command line is judged.
type judging func(ctx context.Context, o *checkOptions, i int) (*checkReport, error)

// check is verify check.
func (a *app) check(cmd *cobra.Command, o *checkOptions, paths []string) error {
	if err := o.validate(cmd, paths); err != nil {
		return err
	}
	if o.child {
		return a.checkLimited(o, paths[0])
	}
	judge := a.checkInChild
	if o.follow {
		judge = a.followHistory
	}
	return a.checkAll(cmd, o, paths, 1, func(ctx context.Context, o *checkOptions, i int) (*checkReport, error) {
		return judge(ctx, o, paths[i])
	})
}

// checkAll judges histories, some at once, and shows in their order what came of each. One that cannot be judged does not keep the others from it.
func (a *app) checkAll(cmd *cobra.Command, o *checkOptions, paths []string, jobs int, judge judging) error {
	if err := checkOutput(o.html); err != nil {
		return err
	}
	type judged struct {
		report *checkReport
		err    error
	}
	codes := map[int]bool{}
	var unshown error
	err := campaign.InOrder(cmd.Context(), len(paths), jobs, func(ctx context.Context, i int) (judged, error) {
		own := *o
		if !cmd.Flags().Changed("time") {
			a.fitLimits(&own, paths[i])
		}
		report, err := judge(ctx, &own, i)
		if err != nil && ctx.Err() != nil {
			return judged{}, ctx.Err()
		}
		return judged{report, err}, nil
	}, func(i int, j judged) {
		if j.err != nil {
			codes[exitCode(a.stderr, j.err)] = true
			return
		}
		codes[j.report.code()] = true
		if i > 0 && !o.json {
			fmt.Fprintln(a.stdout)
		}
		unshown = cmp.Or(unshown, a.showCheck(j.report, o))
	})
	if err = cmp.Or(err, unshown); err != nil {
		return err
	}
	for _, code := range []int{exitViolated, exitError, exitInconclusive} {
		if codes[code] {
			return exit(code)
		}
	}
	return nil
}

// code is the exit code for a history.
func (r *checkReport) code() int {
	switch r.Verdict {
	case checkers.Pass.String():
		return exitPassed
	case checkers.Fail.String():
		return exitViolated
	}
	return exitInconclusive
}

// validate refuses options that make no sense, and gives the level of isolation its one name.
func (o *checkOptions) validate(cmd *cobra.Command, paths []string) error {
	if len(paths) > 1 {
		switch {
		case o.html != "":
			return wrongUse(cmd, "--html is for one history, not %d", len(paths))
		case o.follow:
			return wrongUse(cmd, "--follow is for one history, not %d", len(paths))
		}
		if i := slices.Index(paths, "-"); i >= 0 && slices.Contains(paths[i+1:], "-") {
			return wrongUse(cmd, "standard input (-) can be read only once")
		}
	}
	if o.modelFile != "" {
		return o.validateDeclared(cmd, paths)
	}
	if o.model == "" {
		return wrongUse(cmd, "which --model? There are %s", strings.Join(modelNames(), ", "))
	}
	if !slices.Contains(modelNames(), o.model) {
		return wrongUse(cmd, "no model %q: there are %s%s", o.model, strings.Join(modelNames(), ", "), didYouMean(o.model, modelNames()))
	}
	if wrong := o.blockOptions(); wrong != "" {
		return wrongUse(cmd, "%s", wrong)
	}
	return o.validateNotation(cmd, paths)
}

// validateDeclared refuses what does not go with a model of one's own, and a model that is none.
func (o *checkOptions) validateDeclared(cmd *cobra.Command, paths []string) error {
	switch {
	case o.model != "":
		return wrongUse(cmd, "--model and --model-file: one of them says what the system is")
	case len(o.initial) > 0:
		return wrongUse(cmd, "--initial: the file of a model says itself what is there at first, in its lines state")
	}
	if _, err := readModel(o.modelFile); err != nil {
		return err
	}
	return o.validateNotation(cmd, paths)
}

// validateNotation refuses options of the notation and limits that make no sense.
func (o *checkOptions) validateNotation(cmd *cobra.Command, paths []string) error {
	if !slices.Contains(formatNames(), o.format) {
		return wrongUse(cmd, "--format is %q, and must be one of %s", o.format, strings.Join(formatNames(), ", "))
	}
	level, err := isolation.ParseLevel(o.isolation)
	if err != nil {
		return wrongUse(cmd, "--isolation: %v%s", err, didYouMean(o.isolation, levelNames()))
	}
	o.isolation = level.String()
	for _, choice := range []struct {
		flag, value string
		among       []string
	}{
		{"--pairs", o.pairs, []string{recording.PairsAuto, recording.PairsKey, recording.PairsValue}},
		{"--nil-reads", o.nils, []string{recording.NilAbsent, recording.NilUnknown}},
	} {
		if !slices.Contains(choice.among, choice.value) {
			return wrongUse(cmd, "%s is %q, and must be one of %s", choice.flag, choice.value, strings.Join(choice.among, ", "))
		}
	}
	if o.follow && paths[0] == "-" {
		return wrongUse(cmd, "--follow needs a file, and not standard input")
	}
	if o.time <= 0 || o.memory <= 0 {
		return wrongUse(cmd, "--time and --memory must be more than 0")
	}
	return nil
}

// open opens the history, which is read once, whatever it is; - is standard input.
func (a *app) open(path string) (content io.Reader, closing func() error, err error) {
	if path == "-" {
		return a.stdin, func() error { return nil }, nil
	}
	f, err := os.Open(path)
	var info os.FileInfo
	if err == nil {
		info, err = f.Stat()
	}
	var pathErr *os.PathError
	switch {
	case errors.As(err, &pathErr):
		return nil, nil, fmt.Errorf("cannot read %s: %w", path, pathErr.Err)
	case err != nil:
		return nil, nil, err
	case info.IsDir():
		return nil, nil, fmt.Errorf("cannot read %s: it is a folder", path)
	}
	return f, f.Close, nil
}

// options are what the command line says of the notation.
func (o *checkOptions) options() recording.Options {
	return recording.Options{Format: recording.HistoryFormat(o.format), Pairs: o.pairs, NilReads: o.nils}
}

// notation is what the command line and the model say of the notation.
func (o *checkOptions) notation(m linearizability.Model) recording.Options {
	options := o.options()
	options.Words, options.Sets = m.Words(), m.Sets()
	return options
}

// readHistory reads a history, which is named path, and what the command line adds to it.
func readHistory(o *checkOptions, path string, m linearizability.Model, content io.Reader) (*recording.Recording, error) {
	r, err := recording.ReadRecording(path, content, o.notation(m))
	if err != nil {
		return nil, err
	}
	for _, pair := range o.initial {
		if err := r.AddInitial(pair); err != nil {
			return nil, fmt.Errorf("--initial: %w", err)
		}
	}
	return r, nil
}
