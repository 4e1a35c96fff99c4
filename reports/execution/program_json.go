package execution

import (
	"io"

	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/reports/results"
)

// programExecution is the JSON form of a ProgramExecution. Values are the assembler's literals, so
// that ints of 64 bits, NaN and functions survive.
type programExecution struct {
	Version     int            `json:"version"` // of this schema: SchemaVersion
	Outcome     string         `json:"outcome"` // ran, failed, timeout, cancelled or gave up
	Succeeded   bool           `json:"succeeded"`
	Differences []string       `json:"differences,omitempty"` // from what the text expects
	Error       string         `json:"error,omitempty"`
	Failure     *failedProgram `json:"failure,omitempty"` // if failed
	Result      *string        `json:"result,omitempty"`  // if ran
	Variables   []boundValue   `json:"variables"`
	Shared      []boundValue   `json:"sharedVariables"`
	Output      []string       `json:"output"`
	Mode        string         `json:"mode"`         // asked for
	Ran         string         `json:"executedMode"` // parallel or sequential
	Steps       int64          `json:"instructions"`
	Memory      int64          `json:"memoryBytes"`
	Time        int64          `json:"virtualMilliseconds"`
	Metrics     *metrics       `json:"metrics,omitempty"` // unless they are off
	Comparison  *comparison    `json:"comparison,omitempty"`
	Chunks      []chunk        `json:"chunks,omitempty"`
	Events      []ProgramEvent `json:"events,omitempty"`
}

type failedProgram struct {
	Kind     string `json:"kind"`
	Function string `json:"function"`
	PC       int    `json:"pc"`
	Line     int    `json:"line,omitempty"`
	Detail   string `json:"detail,omitempty"`
}

type boundValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type metrics struct {
	Workers         int      `json:"workers"`
	Chunks          int      `json:"chunks"`
	Succeeded       int      `json:"succeeded"` // attempts, as are the next three
	Failed          int      `json:"failed"`
	Abandoned       int      `json:"abandoned"`
	Retried         int      `json:"retried"`
	Fallbacks       int      `json:"fallbacks"`
	Seconds         float64  `json:"seconds"`
	ParallelSeconds float64  `json:"parallelSeconds"`
	MergeSeconds    float64  `json:"mergeSeconds"`
	Errors          []string `json:"errors,omitempty"` // of attempts
}

// comparison is there only if speedup was measured.
type comparison struct {
	Pairs             int     `json:"pairs"`
	SequentialSeconds float64 `json:"sequentialSeconds"` // median, as is the next
	Seconds           float64 `json:"seconds"`
	Speedup           float64 `json:"speedup"`
	Efficiency        float64 `json:"efficiency"`
}

type chunk struct {
	From     int               `json:"from"` // the first instruction
	To       int               `json:"to"`   // past the last one
	Why      string            `json:"why"`  // it is cut there
	Reads    []string          `json:"reads"`
	Writes   []string          `json:"writes"` // it may write these,
	Must     []string          `json:"always"` // and always writes these
	Effects  []string          `json:"effects,omitempty"`
	Parallel bool              `json:"parallel"`
	Needs    []chunkDependency `json:"dependencies,omitempty"`
}

type chunkDependency struct {
	On        int32    `json:"chunk"`
	Kinds     []string `json:"kinds"`
	Variables []string `json:"variables,omitempty"`
}

// ProgramJSON writes an execution as one JSON document.
func ProgramJSON(w io.Writer, e *ProgramExecution) error {
	o := &e.Observation
	d := programExecution{
		Version: results.SchemaVersion, Outcome: e.Outcome(), Succeeded: e.Succeeded(), Differences: e.differences(), Error: o.Error,
		Variables: toValues(o.Outcome.Variables), Shared: toValues(o.Outcome.Shared), Output: append([]string{}, o.Outcome.Output...),
		Mode: e.Workload.Setup.Mode.String(), Ran: o.Mode.String(),
		Steps: o.Outcome.Steps, Memory: o.Outcome.Memory, Time: o.Outcome.Time,
		Chunks: toChunks(e.Analysis),
	}
	switch err := o.Outcome.Err; {
	case err != nil:
		d.Failure = &failedProgram{Kind: err.Kind.String(), Function: err.Name, PC: err.PC, Line: err.Line, Detail: err.Detail}
	case o.End == trace.ProgramRan:
		text := o.Outcome.Result.String()
		d.Result = &text
	}
	if !e.Workload.Setup.NoMetrics {
		d.Metrics = toMetrics(&o.Metrics)
	}
	if c := e.Comparison; c != nil {
		d.Comparison = &comparison{c.Pairs, c.Sequential.Seconds(), c.Elapsed.Seconds(), c.speedup(), e.efficiency()}
	}
	if e.Events {
		d.Events = ProgramEvents(o)
	}
	return results.WriteJSON(w, d)
}

func toValues(list []program.Binding) []boundValue {
	out := []boundValue{}
	for _, b := range list {
		out = append(out, boundValue{b.Name, b.Value.String()})
	}
	return out
}

func toMetrics(m *trace.ProgramMetrics) *metrics {
	return &metrics{
		Workers: m.Workers, Chunks: m.Chunks, Succeeded: m.Succeeded, Failed: m.Failed, Abandoned: m.Abandoned,
		Retried: m.Retried, Fallbacks: m.Fallbacks, Errors: m.Errors,
		Seconds: m.Total.Seconds(), ParallelSeconds: m.Parallel.Seconds(), MergeSeconds: m.Merge.Seconds(),
	}
}

func toChunks(a *trace.ProgramAnalysis) []chunk {
	if a == nil {
		return nil
	}
	var out []chunk
	for _, c := range a.Chunks {
		out = append(out, chunk{
			From: c.From, To: c.To, Why: c.Why, Parallel: c.Parallel, Effects: EffectNames(c.Effects),
			Reads: variables(a, c.Reads), Writes: variables(a, c.Writes), Must: variables(a, c.Must),
		})
	}
	for _, d := range a.Edges {
		dependency := chunkDependency{On: d.From, Kinds: d.Kinds.Names()}
		if len(d.Variables) > 0 {
			dependency.Variables = variables(a, d.Variables)
		}
		out[d.To].Needs = append(out[d.To].Needs, dependency)
	}
	return out
}
