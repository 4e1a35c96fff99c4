package programs

import "synchrony/models/program"

// canonical numbers constants and names in the order in which the assembler would, and leaves out those that
// are not used, so that a program's text shows its code only.
func canonical(p *program.Program) {
	constants := newRenumbering(len(p.Constants))
	names := newRenumbering(len(p.Names))
	for i := range p.Functions {
		f := &p.Functions[i]
		for j, local := range f.Locals {
			f.Locals[j] = names.of(local)
		}
		for j := range f.Code {
			in := &f.Code[j]
			info, _ := in.Op.Info()
			for _, o := range []struct {
				kind  program.OperandKind
				value *int32
			}{{info.A, &in.A}, {info.B, &in.B}} {
				switch o.kind {
				case program.ConstOperand, program.FuncOperand:
					*o.value = constants.of(*o.value)
				case program.NameOperand, program.SharedOperand:
					*o.value = names.of(*o.value)
				}
			}
		}
	}
	p.Constants = reordered(p.Constants, constants.order)
	p.Names = reordered(p.Names, names.order)
}

// renumbering gives out numbers in the order of first use.
type renumbering struct {
	number []int32 // from 1; 0 if not used yet
	order  []int32
}

func newRenumbering(n int) *renumbering { return &renumbering{number: make([]int32, n)} }

func (r *renumbering) of(i int32) int32 {
	if r.number[i] == 0 {
		r.order = append(r.order, i)
		r.number[i] = int32(len(r.order))
	}
	return r.number[i] - 1
}

func reordered[T any](all []T, order []int32) []T {
	var used []T
	for _, i := range order {
		used = append(used, all[i])
	}
	return used
}
