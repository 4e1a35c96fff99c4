package programs

import (
	"synchrony/generators"
	"synchrony/models/program"
)

// classifyCuts looks at the main code as if it were cut after every ChunkSize instructions,
// and says what crosses the cuts. Where an executor really cuts is for it to say; this tells
// whether there is something that a cut may break.
func classifyCuts(l *generators.Labels, w program.Workload, outcome program.Outcome) {
	const most = 50
	p, code := w.Program, w.Program.Main().Code
	size := w.Setup.ChunkSize
	if size <= 0 {
		size = program.DefaultChunkSize
	}
	n := (len(code) + size - 1) / size
	if n > 1 {
		l.Add("chunks: several")
	}
	windows := make([]window, min(n, most))
	writes := conditionalWrites(code)
	for i := range windows {
		windows[i] = lookAt(p, code, i*size, min((i+1)*size, len(code)))
	}
	classifyDependencies(l, windows)
	prints := 0
	for _, win := range windows {
		if win.prints {
			prints++
		}
		if win.jumps {
			l.Add("chunks: jump across a cut")
		}
	}
	if prints > 1 {
		l.Add("chunks: prints in several")
	}
	if writes {
		l.Add("code: conditional write")
	}
	if e := outcome.Err; e != nil && e.Function == 0 && e.PC/size < n-1 {
		l.Add("chunks: error before the last")
	}
}

// window is what a stretch of code does with variables.
type window struct {
	reads, writes map[int32]bool
	prints, jumps bool
}

func lookAt(p *program.Program, code []program.Instruction, from, to int) window {
	w := window{reads: make(map[int32]bool), writes: make(map[int32]bool)}
	var look func(in program.Instruction, depth int)
	look = func(in program.Instruction, depth int) {
		effects := in.Effects()
		w.prints = w.prints || effects&program.Prints != 0
		if effects&program.ReadsVariable != 0 {
			w.reads[in.A] = true
		}
		if effects&program.WritesVariable != 0 {
			w.writes[in.A] = true
		}
		if in.Op != program.CallFuncConst || depth > maxDepth {
			return
		}
		f := &p.Functions[p.FunctionIndex(p.Constants[in.A].AsString())]
		for _, inner := range f.Code {
			info, _ := inner.Op.Info()
			if info.A != program.NameOperand || f.Local(inner.A) < 0 {
				look(inner, depth+1)
			}
		}
	}
	for pc := from; pc < to; pc++ {
		look(code[pc], 0)
		if isJump(code[pc].Op) && (int(code[pc].A) < from || int(code[pc].A) >= to) {
			w.jumps = true
		}
	}
	return w
}

// classifyDependencies looks for variables by which two windows depend on each other in one way only.
func classifyDependencies(l *generators.Labels, windows []window) {
	for j, b := range windows {
		for _, a := range windows[:j] {
			for v := range b.writes {
				switch {
				case a.writes[v] && !a.reads[v] && !b.reads[v]:
					l.Add("chunks: WAW only")
				case a.reads[v] && !a.writes[v] && !b.reads[v]:
					l.Add("chunks: WAR only")
				}
			}
			for v := range b.reads {
				if a.writes[v] && !a.reads[v] && !b.writes[v] {
					l.Add("chunks: RAW only")
				}
			}
		}
	}
}

// conditionalWrites reports whether a forward jump may skip a write.
func conditionalWrites(code []program.Instruction) bool {
	for pc, in := range code {
		if !isJump(in.Op) {
			continue
		}
		for at := pc + 1; at < int(in.A); at++ {
			if code[at].Effects()&program.WritesVariable != 0 {
				return true
			}
		}
	}
	return false
}
