package html

import (
	"fmt"
	"slices"
	"strings"

	"synchrony/models/program"
	"synchrony/models/schedule"
	"synchrony/models/trace"
	"synchrony/reports/execution"
)

// programRun is one execution of a program.
type programRun struct {
	End       string         `json:"end"` // how it ended, in a few words
	Error     string         `json:"error,omitempty"`
	Mode      string         `json:"mode"`
	Workers   int            `json:"workers"`
	Functions []function     `json:"functions"`
	Chunks    []chunk        `json:"chunks,omitempty"`
	Graph     *graph         `json:"graph,omitempty"`
	Events    *programEvents `json:"events,omitempty"`
	Outcome   []outcomeLine  `json:"outcome"`
}

// function is the code of a function; the first is the main code.
type function struct {
	Name string   `json:"name"`
	Code []string `json:"code"`
}

// chunk is a piece of the main code.
type chunk struct {
	From    int      `json:"from"` // instructions From…To-1
	To      int      `json:"to"`
	Why     string   `json:"why"` // it is cut there
	Reads   []string `json:"reads"`
	Writes  []string `json:"writes"`
	Effects []string `json:"effects,omitempty"`
	Needs   []string `json:"needs,omitempty"` // "chunk 0: RAW on x"
	Alone   bool     `json:"alone,omitempty"` // it runs beside no other
}

// programEvents is what happened, as columns; texts stand once.
type programEvents struct {
	Lanes []string `json:"lanes"` // who did it: "worker 0", "fork 0", "fork 0, worker 1"
	Kinds []string `json:"kinds"`
	Texts []string `json:"texts"`
	Time  column   `json:"time"` // from the event before, in nanoseconds
	Lane  counts   `json:"lane"`
	Kind  counts   `json:"kind"`
	Text  counts   `json:"text"`
	Chunk column   `json:"chunk"` // -1 is none
}

// outcomeLine is a line of what the program showed and of what it should have shown.
type outcomeLine struct {
	Text string `json:"text"`
	In   string `json:"in"` // both, run or sequential
}

func toProgramRun(w program.Workload, o trace.ProgramObservation) *programRun {
	e := execution.ProgramExecution{Workload: &w, Observation: o}
	r := &programRun{
		End: e.Outcome(), Error: o.Error, Mode: o.Mode.String(), Workers: o.Metrics.Workers,
		Outcome: compareOutcomes(w, o), Events: toProgramEvents(&o),
	}
	for f := range w.Program.Functions {
		r.Functions = append(r.Functions, function{w.Program.Functions[f].Name, program.Listing(w.Program, f)})
	}
	names := programNames{&o}
	for _, c := range o.Chunks {
		r.Chunks = append(r.Chunks, chunk{
			From: c.From, To: c.To, Why: c.Why, Reads: names.all(c.Reads), Writes: names.all(c.Writes),
			Effects: execution.EffectNames(c.Effects), Alone: !c.Parallel,
		})
	}
	for _, d := range o.Edges {
		if int(d.To) < len(r.Chunks) {
			c := &r.Chunks[d.To]
			c.Needs = append(c.Needs, fmt.Sprintf("chunk %d: %s", d.From, names.dependency(d)))
		}
	}
	r.Graph = chunkGraph(&o, names)
	return r
}

// compareOutcomes sets what the program showed against what sequential execution shows.
func compareOutcomes(w program.Workload, o trace.ProgramObservation) []outcomeLine {
	out := []outcomeLine{}
	var got []string
	if o.End == trace.ProgramRan {
		got = lines(o.Outcome.Text())
	}
	var want []string
	if outcome, err := program.Run(w.Program, w.Setup.Limits); err == nil {
		want = lines(outcome.Text())
	}
	for _, line := range want {
		in := "sequential"
		if slices.Contains(got, line) {
			in = "both"
		}
		out = append(out, outcomeLine{line, in})
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			out = append(out, outcomeLine{line, "run"})
		}
	}
	return out
}

func lines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}

func toProgramEvents(o *trace.ProgramObservation) *programEvents {
	list := execution.ProgramEvents(o)
	if len(list) == 0 {
		return nil
	}
	p := &programEvents{Lanes: lanesOf(list), Time: column{}, Lane: counts{}, Kind: counts{}, Text: counts{}, Chunk: column{}}
	kinds, texts := index{}, index{}
	now := int64(0)
	for _, e := range list {
		p.Time = append(p.Time, e.Nanoseconds-now)
		now = e.Nanoseconds
		p.Lane = append(p.Lane, int64(slices.Index(p.Lanes, laneOf(e))))
		p.Kind = append(p.Kind, int64(kinds.of(e.Kind)))
		p.Text = append(p.Text, int64(texts.of(eventText(e))))
		at := int64(-1)
		if e.Chunk != nil {
			at = int64(*e.Chunk)
		}
		p.Chunk = append(p.Chunk, at)
	}
	p.Kinds, p.Texts = kinds.names, texts.names
	return p
}

// index numbers names in order of first use.
type index struct {
	names  []string
	number map[string]int
}

func (x *index) of(name string) int {
	k, known := x.number[name]
	if !known {
		if x.number == nil {
			x.number = map[string]int{}
		}
		k = len(x.names)
		x.number[name] = k
		x.names = append(x.names, name)
	}
	return k
}

// laneOf says in whose lane an event stands.
func laneOf(e execution.ProgramEvent) string {
	switch {
	case e.Fork != nil && e.Worker != nil:
		return fmt.Sprintf("fork %d, worker %d", *e.Fork, *e.Worker)
	case e.Fork != nil:
		return fmt.Sprintf("fork %d", *e.Fork)
	case e.Worker != nil && *e.Worker >= 0:
		return fmt.Sprintf("worker %d", *e.Worker)
	case e.Task != nil:
		return fmt.Sprintf("task %d", *e.Task)
	}
	return "the run"
}

// lanesOf lists the lanes: workers of the pool first, then forks and tasks, each in order.
func lanesOf(list []execution.ProgramEvent) []string {
	var lanes index
	for _, e := range list {
		lanes.of(laneOf(e))
	}
	rank := func(lane string) int {
		return slices.IndexFunc([]string{"worker", "the run", "fork", "task"}, func(p string) bool { return strings.HasPrefix(lane, p) })
	}
	slices.SortFunc(lanes.names, func(a, b string) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		if len(a) != len(b) && strings.Count(a, ",") == strings.Count(b, ",") {
			return len(a) - len(b) // worker 2 before worker 10
		}
		return strings.Compare(a, b)
	})
	return lanes.names
}

// eventText is what happened, without who did it.
func eventText(e execution.ProgramEvent) string {
	var parts []string
	if e.Chunk != nil {
		parts = append(parts, fmt.Sprintf("chunk %d", *e.Chunk))
	}
	if e.Attempt != nil && *e.Attempt > 0 {
		parts = append(parts, fmt.Sprintf("attempt %d", *e.Attempt))
	}
	if e.Barrier != nil {
		parts = append(parts, fmt.Sprintf("barrier %d, round %d", *e.Barrier, *e.Round))
	}
	if e.Call != "" {
		parts = append(parts, e.Call)
	}
	return strings.Join(parts, ", ")
}

// programNames names what a run's trace only numbers.
type programNames struct{ o *trace.ProgramObservation }

func (n programNames) variable(v int32) string {
	switch {
	case v < 0 || int(v) >= len(n.o.Variables):
		return fmt.Sprintf("variable %d", v)
	case int(v) >= n.o.Globals:
		return "shared " + n.o.Variables[v]
	}
	return n.o.Variables[v]
}

func (n programNames) all(vs []int32) []string {
	names := []string{}
	for _, v := range vs {
		names = append(names, n.variable(v))
	}
	return names
}

func (n programNames) dependency(d trace.ChunkDependency) string {
	text := strings.Join(d.Kinds.Names(), " ")
	if len(d.Variables) > 0 {
		text += " · " + shorten(strings.Join(n.all(d.Variables), " "), 24)
	}
	return text
}

// object names what a step touched.
func (n programNames) object(o schedule.Object) string {
	switch {
	case o.Class == schedule.ClassCell && o.Index >= 0 && int(o.Index) < len(n.o.Cells):
		c := n.o.Cells[o.Index]
		return fmt.Sprintf("%v/%s of chunk %d", o.Class, n.variable(c.Variable), c.Chunk)
	case o.Class == schedule.ClassShared:
		return fmt.Sprintf("%v/%s", o.Class, n.variable(int32(n.o.Globals)+o.Index))
	}
	return o.Name()
}
