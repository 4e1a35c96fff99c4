package execution

import (
	"fmt"
	"slices"
	"strings"

	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/reports"
)

// chunks writes how the main code is cut, and which piece needs which.
func (t *page) chunks(e *ProgramExecution) {
	a := e.Analysis
	if a == nil {
		return
	}
	main := e.Workload.Program.Main()
	t.Printf("\nchunks in mode parallel (WAR and WAW hold none back: each works on private copies):\n")
	needs := 0 // the first of the edges to this chunk or a later one
	for i, c := range a.Chunks[:min(len(a.Chunks), maxRows)] {
		t.Printf("  %d: %s%s\n", i, span(c), lines(main, c))
		t.Printf("     cut here: %s\n", c.Why)
		t.list("reads", a, c.Reads, nil)
		t.list("writes", a, c.Writes, c.Must)
		if effects := EffectNames(c.Effects); len(effects) > 0 {
			t.Printf("     effects: %s\n", strings.Join(effects, ", "))
		}
		for ; needs < len(a.Edges) && int(a.Edges[needs].To) == i; needs++ {
			t.Printf("     needs %s\n", dependency(a, a.Edges[needs]))
		}
		if !c.Parallel {
			t.Printf("     runs beside no other\n")
		}
	}
	t.rest(len(a.Chunks)-maxRows, "chunk")
}

func span(c trace.Chunk) string {
	switch c.To - c.From {
	case 0:
		return "no instructions"
	case 1:
		return fmt.Sprintf("instruction %d", c.From)
	}
	return fmt.Sprintf("instructions %d…%d", c.From, c.To-1)
}

// lines says where in the source a chunk is, if that is known.
func lines(main *program.Function, c trace.Chunk) string {
	from, to := main.Line(c.From), main.Line(c.To-1)
	switch {
	case from == 0 || c.From == c.To:
		return ""
	case from == to:
		return fmt.Sprintf(" (line %d)", from)
	}
	return fmt.Sprintf(" (lines %d…%d)", from, to)
}

// list writes variables; those not in must, if there is such a list, only may be written.
func (t *page) list(title string, a *trace.ProgramAnalysis, variables, must []int32) {
	var certain, possible []string
	for _, v := range variables {
		if title == "writes" && !slices.Contains(must, v) {
			possible = append(possible, variable(a, v))
		} else {
			certain = append(certain, variable(a, v))
		}
	}
	if len(certain) > 0 {
		t.Printf("     %s: %s\n", title, some(certain))
	}
	if len(possible) > 0 {
		t.Printf("     may write: %s\n", some(possible))
	}
}

// some is a list of names, or the beginning of a long one.
func some(names []string) string {
	const most = 20
	if n := len(names) - most; n > 0 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %s more", reports.Thousands(n))
	}
	return strings.Join(names, ", ")
}

// variable is a variable's name; a shared one may have the name of a global.
func variable(a *trace.ProgramAnalysis, v int32) string {
	if int(v) >= a.Globals {
		return "shared " + a.Variables[v]
	}
	return a.Variables[v]
}

func variables(a *trace.ProgramAnalysis, list []int32) []string {
	names := []string{}
	for _, v := range list {
		names = append(names, variable(a, v))
	}
	return names
}

// dependency is a dependency in words: "3: RAW, WAW on x, y; control".
func dependency(a *trace.ProgramAnalysis, d trace.ChunkDependency) string {
	const data = trace.ChunkRAW | trace.ChunkWAR | trace.ChunkWAW
	var reasons []string
	if d.Kinds&data != 0 {
		reasons = append(reasons, strings.Join((d.Kinds&data).Names(), ", ")+" on "+some(variables(a, d.Variables)))
	}
	reasons = append(reasons, (d.Kinds &^ data).Names()...)
	return fmt.Sprintf("%d: %s", d.From, strings.Join(reasons, "; "))
}

// bitName names one element of a set.
type bitName struct {
	bit  int
	name string
}

func bitNames(set int, all []bitName) []string {
	var names []string
	for _, b := range all {
		if set&b.bit != 0 {
			names = append(names, b.name)
		}
	}
	return names
}

// EffectNames names effects but for those on variables, which are listed one by one.
func EffectNames(effects program.Effect) []string {
	return bitNames(int(effects), []bitName{
		{int(program.Prints), "prints"}, {int(program.MayFail), "may fail"}, {int(program.Branches), "branches"},
		{int(program.Calls), "calls"}, {int(program.Forks), "forks"}, {int(program.Waits), "waits"},
		{int(program.TakesTime), "takes time"},
	})
}
