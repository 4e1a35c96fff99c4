package generators

import "slices"

// programNumbers is what is drawn of a program: numbers without a meaning yet.
// Every field is drawn in every case, used or not, so that making one smaller does
// not move the others.
type programNumbers struct {
	errs       bool
	place      place // where it errs
	racy       bool
	unmatched  bool
	joinLimit  bool
	layout     VariableLayout
	variables  int // that assignments choose from
	setup      runNumbers
	statements []statement
}

// statement is one statement's numbers. A program is a flat list of them: one that
// has a body takes the next few as its body. So each can be deleted
// alone, and deleting a loop leaves what was in it.
type statement struct {
	kind    uint64 // of kindBits
	span    uint64 // these are of numberBits
	form    uint64
	variant uint64
	a, b, c uint64
}

const (
	kindBits   = 9
	numberBits = 6
)

// of maps a statement's number onto 0 … n-1.
func of(u uint64, n int) int { return scale(u, numberBits, n) }

func drawStatement(s source) statement {
	return statement{
		kind: s.bits(kindBits), span: s.bits(numberBits), form: s.bits(numberBits), variant: s.bits(numberBits),
		a: s.bits(numberBits), b: s.bits(numberBits), c: s.bits(numberBits),
	}
}

// drawProgram draws the numbers of a program, the statements last, each in a group of its own.
func drawProgram(s source, o ProgramOptions) programNumbers {
	var n programNumbers
	size := drawStatements(s, o)
	n.errs = chance(s, o.Errors)
	n.place = place(pick(s, 6, 6, 8, 2, 1))
	n.racy = chance(s, o.Racy)
	n.unmatched = chance(s, o.Unmatched)
	n.joinLimit = chance(s, o.JoinLimit)
	n.setup = drawRun(s, o)
	n.layout = Few + VariableLayout(pick(s, 20, 6, 4, 3, 2))
	n.variables = 1 + below(s, 6)
	if o.Variables != AnyLayout {
		n.layout = o.Variables
	}
	switch n.layout {
	case Many:
		n.variables += 10
	case Linked:
		n.variables = max(n.variables, 2)
	case Separate:
		n.variables = integers
	case Single:
		n.variables = 1
	}
	for more := true; more; {
		s.group(func(s source) {
			if more = size.more(s, len(n.statements)); more {
				n.statements = append(n.statements, drawStatement(s))
			}
		})
	}
	n.statements = slices.Clip(n.statements)
	return n
}

// drawStatements chooses a band of lengths, as drawSize does for batches.
func drawStatements(s source, o ProgramOptions) length {
	bands := []length{{0, 0}, {1, 1}, {2, 5}, {6, 14}, {15, 60}, {61, o.MaxStatements}}
	weights := []int{1, 2, 20, 50, 30, 10}
	for i := range bands {
		bands[i].max = min(bands[i].max, o.MaxStatements)
		if bands[i].min > bands[i].max {
			bands, weights = bands[:i], weights[:i]
			break
		}
	}
	if o.LargeStatements > o.MaxStatements {
		bands = append(bands, length{(o.MaxStatements + o.LargeStatements) / 2, o.LargeStatements})
		weights = append(weights, 3)
	}
	return bands[pick(s, weights...)]
}
