package vm

import (
	"fmt"
	"strings"

	"synchrony/executor/sched"
	"synchrony/models/program"
	"synchrony/models/schedule"
	"synchrony/models/trace"
	"synchrony/properties"
)

// explain tells what happened in a run, in order: the program with its chunks, where the
// schedule left the default, what became of each chunk, fork and barrier, and what was
// shown in the end.
func explain(w program.Workload, o trace.ProgramObservation, r *sched.Record) []string {
	n := explainer{w: w, o: &o}
	n.listing()
	n.lines = append(n.lines, properties.TellSchedule(r, n.object)...)
	n.events()
	n.outcome()
	return n.lines
}

// explainer collects the lines of an explanation.
type explainer struct {
	w     program.Workload
	o     *trace.ProgramObservation
	lines []string
}

func (n *explainer) say(format string, args ...any) {
	n.lines = append(n.lines, fmt.Sprintf(format, args...))
}

// listing shows the main code with the borders of the chunks.
func (n *explainer) listing() {
	if len(n.o.Chunks) == 0 {
		n.say("The program ran in one piece.")
		return
	}
	chunks := fmt.Sprintf("%d chunks", len(n.o.Chunks))
	if len(n.o.Chunks) == 1 {
		chunks = "1 chunk"
	}
	n.say("The main code in %s:", chunks)
	code := n.w.Program.Main().Code
	for i, c := range n.o.Chunks {
		n.say("  chunk %d: reads %s; writes %s; certainly %s", i, n.names(c.Reads), n.names(c.Writes), n.names(c.Must))
		for pc := c.From; pc < min(c.To, len(code)); pc++ {
			n.say("    %3d  %s", pc, n.instruction(code[pc]))
		}
	}
	for _, e := range n.o.Edges {
		n.say("  chunk %d depends on chunk %d: %s", e.To, e.From, n.reasons(e))
	}
}

// reasons says why a chunk depends on another: "RAW, WAW on x; control".
func (n *explainer) reasons(e trace.ChunkDependency) string {
	const data = trace.ChunkRAW | trace.ChunkWAR | trace.ChunkWAW
	var parts []string
	if e.Kinds&data != 0 {
		parts = append(parts, fmt.Sprintf("%s on %s", strings.Join((e.Kinds&data).Names(), ", "), n.names(e.Variables)))
	}
	if rest := e.Kinds &^ data; rest != 0 {
		parts = append(parts, strings.Join(rest.Names(), ", "))
	}
	return strings.Join(parts, "; ")
}

func (n *explainer) instruction(in program.Instruction) string {
	text := in.Op.String()
	info, _ := in.Op.Info()
	for _, operand := range []struct {
		kind  program.OperandKind
		value int32
	}{{info.A, in.A}, {info.B, in.B}} {
		p := n.w.Program
		switch v := int(operand.value); {
		case operand.kind == program.NoOperand:
		case (operand.kind == program.ConstOperand || operand.kind == program.FuncOperand) && v >= 0 && v < len(p.Constants):
			text += " " + p.Constants[v].String()
		case (operand.kind == program.NameOperand || operand.kind == program.SharedOperand) && v >= 0 && v < len(p.Names):
			text += " " + p.Names[v]
		default:
			text += fmt.Sprintf(" %d", v)
		}
	}
	return text
}

func (n *explainer) names(vs []int32) string {
	if len(vs) == 0 {
		return "nothing"
	}
	var names []string
	for _, v := range vs {
		names = append(names, n.variable(v))
	}
	return strings.Join(names, ", ")
}

func (n *explainer) variable(v int32) string {
	switch {
	case v < 0 || int(v) >= len(n.o.Variables):
		return fmt.Sprintf("variable %d", v)
	case int(v) >= n.o.Globals:
		return "shared " + n.o.Variables[v]
	default:
		return n.o.Variables[v]
	}
}

// object names what a step touched as a reader of the program knows it.
func (n *explainer) object(o schedule.Object) string {
	switch {
	case o.Class == schedule.ClassCell && o.Index >= 0 && int(o.Index) < len(n.o.Cells):
		c := n.o.Cells[o.Index]
		return fmt.Sprintf("%s as chunk %d leaves it", n.variable(c.Variable), c.Chunk)
	case o.Class == schedule.ClassCounter:
		return counterOf(program.Workload{}, o)
	case o.Class == schedule.ClassShared:
		return n.variable(int32(n.o.Globals) + o.Index)
	default:
		return o.Name()
	}
}

// counterOf names a counter of a run of which nothing else is known; empty if it is something else.
func counterOf(_ program.Workload, o schedule.Object) string {
	if o.Class != schedule.ClassCounter || o.Index < 0 {
		return ""
	}
	return fmt.Sprintf("predecessors of chunk %d", o.Index)
}

// events tells what became of chunks, forks and barriers, and what was done to shared variables, in the order of time: with
// a column for each worker that executes chunks, for each worker of a fork, and for each process that accesses shared variables,
// numbered as the checkers do.
func (n *explainer) events() {
	var all []told
	for _, e := range n.o.Events {
		all = append(all, told{e.Time, fmt.Sprintf("worker %d", e.Worker), chunkEvent(&e)})
	}
	of := n.forks()
	for _, e := range n.o.Forks {
		switch {
		case e.Worker < 0:
			all = append(all, told{e.Time, "forks", of[e.Fork] + " " + forkWord(e.Kind)})
		default:
			all = append(all, told{e.Time, fmt.Sprintf("%s, worker %d", of[e.Fork], e.Worker), forkWord(e.Kind)})
		}
	}
	for _, e := range n.o.Barriers {
		all = append(all, told{e.Time, fmt.Sprintf("%s, worker %d", of[e.Fork], e.Worker), fmt.Sprintf("%s barrier %d, round %d", barrierWord(e.Kind), e.Barrier, e.Round)})
	}
	for _, c := range n.o.Calls {
		all = append(all, told{c.Return, fmt.Sprintf("p%d", c.Task), fmt.Sprintf("%v %s %v = %v", c.Op, n.variable(int32(n.o.Globals)+c.Variable), c.Args, c.Result)})
	}
	n.tell(all)
}

// forks are the names of forks: numbered in the order in which they begin.
func (n *explainer) forks() map[int32]string {
	names := map[int32]string{}
	for _, e := range n.o.Forks {
		if _, known := names[e.Fork]; !known {
			names[e.Fork] = fmt.Sprintf("fork %d", len(names))
		}
	}
	return names
}

func (n *explainer) outcome() {
	switch n.o.End {
	case trace.ProgramRan:
	case trace.ProgramRefused:
		n.say("It was refused: %s", n.o.Error)
	case trace.ProgramTimedOut:
		n.say("It timed out: %s", n.o.Error)
	case trace.ProgramCancelled:
		n.say("It was cancelled: %s", n.o.Error)
	case trace.ProgramGaveUp:
		n.say("It gave up: %s", n.o.Error)
	default:
		n.say("It has no end.")
	}
	n.text("It showed:", n.o.Outcome)
	if want, err := program.Run(n.w.Program, n.w.Setup.Limits); err != nil {
		n.say("One instruction after another: refused, %v", err)
	} else {
		n.text("One instruction after another it shows:", want)
	}
}

func (n *explainer) text(title string, o program.Outcome) {
	n.say("%s", title)
	for line := range strings.Lines(o.Text()) {
		n.say("  %s", strings.TrimRight(line, "\n"))
	}
}
