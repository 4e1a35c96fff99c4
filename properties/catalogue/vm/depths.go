package vm

import (
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/properties"
)

// depths is V17: V13's system on programs in which several ways lead to one place.
func depths(s system) properties.Testable {
	type condition = properties.Condition[[]byte, judged]
	p := &properties.Property[[]byte, judged]{
		ID: "V17", Group: Group, Source: properties.Here(0),
		Statement: "the validator refuses exactly the programs in which some place has another stack depth by another way, or too few values",
		System:    validator{s}, Unscheduled: true, Generator: branching(),
		Checkers: []checkers.Checker[[]byte, judged]{accepted{}, oneDepth{}},
		Codec:    properties.Codec[[]byte]{Format: formatBytes, Parse: parseBytes},
		Sometimes: []condition{
			{Name: "ways that agree", Holds: func(_ []byte, j judged) bool { return j.valid == nil }},
			{Name: "ways that don't", Holds: func(_ []byte, j judged) bool { return j.valid != nil }},
		},
		Size: binarySize,
	}
	return p
}

// oneDepth decides V17.
type oneDepth struct{}

func (oneDepth) Name() string { return "stack depths" }

func (oneDepth) Check(data []byte, j judged) checkers.Verdict {
	var p program.Program
	if j.read != nil || p.UnmarshalBinary(data) != nil {
		return checkers.Passed()
	}
	switch why := disagreement(p.Main().Code); {
	case why != "" && j.valid == nil:
		return checkers.Failed("accepted", "the validator accepts a program although "+why)
	case why == "" && j.valid != nil:
		return checkers.Failed("refused", "the validator refuses a program in which each place has one depth, and enough values: "+j.valid.Error())
	}
	return checkers.Passed()
}

// deepest is more than the stacks of drawn programs reach, but for those that grow with each turn of a loop.
const deepest = 64

// disagreement says why code without forks must be refused, or "". It asks of every place with every depth whether it can
// be reached, and where that leads: the order in which ways are followed plays no part.
func disagreement(code []program.Instruction) string {
	reached := make([][deepest]bool, len(code)+1)
	reached[0][0] = true
	for more := true; more; {
		more = false
		for pc, in := range code {
			info, _ := in.Op.Info()
			for depth, here := range reached[pc] {
				after := depth - in.Pops() + info.Pushes
				switch {
				case !here:
					continue
				case depth < in.Pops():
					return "an instruction pops more than there is"
				case after >= deepest:
					return "the stack grows with each turn of a loop"
				}
				reach := func(pc int) {
					more = more || !reached[pc][after]
					reached[pc][after] = true
				}
				if isJump(in.Op) {
					reach(int(in.A))
				}
				if in.Op != program.Jump && in.Op != program.Return {
					reach(pc + 1)
				}
			}
		}
	}
	for pc := range code {
		n := 0
		for _, here := range reached[pc] {
			if here {
				n++
			}
		}
		if n > 1 {
			return "a place has several depths"
		}
	}
	return ""
}

// branching draws programs in binary form whose code branches, skips and loops: in half of the places the ways differ in what
// they leave on the stack.
func branching() *rapid.Generator[[]byte] {
	return rapid.Custom(func(t *rapid.T) []byte {
		w := &wayWriter{t: t, builder: builder{p: &program.Program{Functions: []program.Function{{Name: program.MainName}}}}}
		for range rapid.IntRange(1, 4).Draw(t, "parts") {
			w.straight(rapid.IntRange(-1, 2).Draw(t, "change"))
			w.part()
		}
		w.straight(rapid.IntRange(-2, 1).Draw(t, "change"))
		w.emit(program.Nop, 0, 0)
		data, err := w.built().MarshalBinary()
		if err != nil {
			return nil
		}
		return data
	})
}

// wayWriter writes code in which jumps meet.
type wayWriter struct {
	builder
	t     *rapid.T
	depth int // here, if all ways so far agree
}

// straight changes the stack's depth, but takes nothing that is not there.
func (w *wayWriter) straight(change int) {
	for ; change > 0; change-- {
		w.push(program.Int(1))
		w.depth++
	}
	for ; change < 0 && w.depth > 0; change++ {
		w.emit(program.Pop, 0, 0)
		w.depth--
	}
}

// jump writes a jump whose target is not known yet; with a condition unless it is JUMP.
func (w *wayWriter) jump(op program.Opcode) (at int) {
	if op != program.Jump {
		w.push(program.Bool(true))
	}
	w.emit(op, 0, 0)
	return len(w.code) - 1
}

func (w *wayWriter) land(at ...int) {
	for _, pc := range at {
		w.code[pc].A = int32(len(w.code))
	}
}

// part writes code with two ways that meet.
func (w *wayWriter) part() {
	branch := rapid.SampledFrom([]program.Opcode{program.JumpIfTrue, program.JumpIfFalse}).Draw(w.t, "branch")
	first := rapid.IntRange(-1, 2).Draw(w.t, "first way")
	second := first
	if rapid.Bool().Draw(w.t, "another way") {
		second = rapid.IntRange(-1, 2).Draw(w.t, "second way")
	}
	before := w.depth
	switch rapid.IntRange(0, 3).Draw(w.t, "shape") {
	case 0: // either, or
		other := w.jump(branch)
		w.straight(first)
		end := w.jump(program.Jump)
		w.land(other)
		w.depth = before
		w.straight(second)
		w.land(end)
	case 1: // or not
		end := w.jump(branch)
		w.straight(second - first)
		w.land(end)
	case 2: // the second way comes before the first
		begin := w.jump(program.Jump)
		back := len(w.code)
		w.straight(second)
		end := w.jump(program.Jump)
		w.land(begin)
		w.depth = before
		w.code[w.jump(branch)].A = int32(back)
		w.straight(first)
		w.land(end)
	default: // again
		back := len(w.code)
		w.straight(second - first)
		w.code[w.jump(branch)].A = int32(back)
	}
}
