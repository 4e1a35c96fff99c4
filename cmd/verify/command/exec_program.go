package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"synchrony/executor/vm"
	"synchrony/models/program"
	"synchrony/models/text"
	"synchrony/models/trace"
	"synchrony/reports/execution"
)

// A program in binary form says so itself; its name does not matter.
func isProgram(path string, content []byte) bool {
	return filepath.Ext(path) == ".zxasm" || program.IsBinary(content)
}

// execProgram executes a program, or translates it.
func (a *app) execProgram(cmd *cobra.Command, o *execOptions, path string, content []byte) (*executed, error) {
	w, err := program.Load(path, content)
	if err != nil {
		return nil, placed(path, content, err)
	}
	if o.disassemble || o.assemble != "" {
		return a.translate(cmd, o, w)
	}
	if err := o.override(cmd, &w.Setup); err != nil {
		return nil, err
	}
	config := vm.ParallelConfig{Setup: w.Setup}
	machine, err := vm.New(nil, config)
	if err != nil { // a .set that makes no sense
		return nil, named(path, err)
	}
	e, record := &execution.ProgramExecution{Workload: w, Events: o.events}, o.events || o.trace != ""
	if o.chunks {
		if e.Analysis, err = vm.Analyze(w.Program, config); err != nil {
			return nil, named(path, err)
		}
	}
	if e.Observation, err = observe(cmd.Context(), machine, w, record); err != nil {
		return nil, named(path, err)
	}
	if o.compare && e.Observation.End == trace.ProgramRan {
		if e.Comparison, err = compare(cmd.Context(), machine, w); err != nil {
			return nil, fmt.Errorf("%s: no speedup could be measured: %w", path, err)
		}
	}
	return &executed{
		succeeded: e.Succeeded(),
		text:      func(w io.Writer, colour bool) error { return execution.ProgramText(w, e, colour) },
		json:      func(w io.Writer) error { return execution.ProgramJSON(w, e) },
		trace:     func(w io.Writer) error { return execution.ChromeProgram(w, e) },
	}, nil
}

// translate shows the program's text, or writes its binary form.
func (a *app) translate(cmd *cobra.Command, o *execOptions, w *program.Workload) (*executed, error) {
	for _, flag := range []string{"trace", "events", "chunks", "compare", "json"} {
		if o.given(flag) {
			return nil, wrongUse(cmd, "--%s needs an execution, and --disassemble and --assemble are instead of one", flag)
		}
	}
	e := &executed{succeeded: true, text: func(io.Writer, bool) error { return nil }}
	if o.disassemble {
		e.text = func(out io.Writer, _ bool) error {
			_, err := io.WriteString(out, w.Format())
			return err
		}
	}
	if o.assemble == "" {
		return e, nil
	}
	data, err := w.Program.MarshalBinary()
	if err != nil {
		return nil, err
	}
	return e, a.writeOutput(o.assemble, func(out io.Writer) error {
		_, err := out.Write(data)
		return err
	})
}

// override replaces what the program's text says by what the command line says.
func (o *execOptions) override(cmd *cobra.Command, s *program.Setup) error {
	if o.given("mode") {
		modes := []program.Mode{program.Auto, program.Parallel, program.Sequential}
		k := slices.IndexFunc(modes, func(m program.Mode) bool { return m.String() == o.mode })
		if k < 0 {
			return wrongUse(cmd, "--mode: unknown mode %q of a program; expected auto, parallel or sequential", o.mode)
		}
		s.Mode = modes[k]
	}
	for _, n := range []struct {
		flag  string
		value int
		field *int
	}{{"workers", o.workers, &s.Workers}, {"chunk-size", o.chunkSize, &s.ChunkSize}} {
		switch {
		case !o.given(n.flag):
		case n.value < 1:
			return wrongUse(cmd, "--%s is %d, and must be at least 1", n.flag, n.value)
		default:
			*n.field = n.value
		}
	}
	if o.given("chunk-size") { // who asks for small chunks is to get them
		if s.MinChunkSize == 0 {
			s.MinChunkSize = program.DefaultMinChunkSize
		}
		s.MinChunkSize = min(s.MinChunkSize, o.chunkSize)
	}
	if o.given("timeout") {
		s.Timeout = o.timeout
	}
	s.NoMetrics = s.NoMetrics && !o.compare
	return nil
}

// observe executes the program once. Recording events takes time and memory.
func observe(ctx context.Context, machine *vm.ParallelVM, w *program.Workload, record bool) (trace.ProgramObservation, error) {
	if record {
		o, err := vm.System{}.Run(ctx, nil, *w)
		if err != nil || len(o.Variables) > 0 {
			return o, err
		}
		a, err := vm.Analyze(w.Program, vm.ParallelConfig{Setup: w.Setup})
		if err == nil { // a run without chunks leaves them out
			o.Variables, o.Globals = a.Variables, a.Globals
		}
		return o, err
	}
	r, err := machine.Run(ctx, w.Program)
	o := trace.ProgramObservation{End: vm.EndOf(ctx, err), Outcome: r.Outcome, Mode: r.Mode, Metrics: r.Metrics}
	switch {
	case o.End == 0 || o.End == trace.ProgramRefused:
		return o, err
	case err != nil:
		o.Error = err.Error()
	case r.Err != nil:
		o.Error = r.Err.Error()
	}
	return o, nil
}

// How long a comparison may take, and of how many pairs of executions it has the median.
const (
	comparisonTime  = 2 * time.Second
	comparisonPairs = 101
)

// compare measures the speedup over sequential execution: by pairs of executions, one each way, of
// which now the one and now the other is first, after a pair that does not count. There are fewer
// pairs, but at least one, if they take long.
func compare(ctx context.Context, machine *vm.ParallelVM, w *program.Workload) (*execution.Comparison, error) {
	alone := w.Setup
	alone.Mode = program.Sequential
	sequential, err := vm.New(nil, vm.ParallelConfig{Setup: alone})
	if err != nil {
		return nil, err
	}
	machines := []*vm.ParallelVM{sequential, machine}
	times := make([][]float64, len(machines))
	began := time.Now()
	for pair := 0; pair < 2 || pair <= comparisonPairs && time.Since(began) < comparisonTime; pair++ {
		var took [2]float64
		for k := range machines {
			k = (k + pair) % len(machines)
			start := time.Now()
			if _, err := machines[k].Run(ctx, w.Program); err != nil {
				return nil, err
			}
			took[k] = max(float64(time.Since(start)), 1)
		}
		if pair == 0 {
			continue
		}
		for k := range times {
			times[k] = append(times[k], took[k])
		}
	}
	return &execution.Comparison{
		Pairs: len(times[0]), Sequential: time.Duration(median(times[0])), Elapsed: time.Duration(median(times[1])),
	}, nil
}

// median is the middle of the values, the upper one of two.
func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// beforeInstruction is what may stand on a line before an instruction: labels.
var beforeInstruction = regexp.MustCompile(`^\s*([\pL_][\pL\pN_]*\s*:\s*)*`)

// placed says where in the file an error is: a text's errors have a line and a column, and those
// of the binary form an offset, or an instruction if it was read and means nothing.
func placed(path string, content []byte, err error) error {
	var invalid *program.InvalidError
	if !errors.As(err, &invalid) || invalid.Line == 0 {
		return named(path, err)
	}
	source := strings.TrimSuffix(strings.Split(string(content), "\n")[invalid.Line-1], "\r")
	before := beforeInstruction.FindString(source)
	return &text.Error{
		File: path, Line: invalid.Line, Column: utf8.RuneCountInString(before) + 1, Source: source,
		Message: fmt.Sprintf("invalid program: %s (%s+%d)", invalid.What, invalid.Name, invalid.PC),
	}
}
