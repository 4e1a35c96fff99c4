package programs

import (
	"slices"

	"synchrony/generators/choice"
)

// programNumbers is what is drawn of a program: numbers without a meaning yet.
// Every field is drawn in every case, used or not, so that making one smaller does
// not move the others.
type programNumbers struct {
	errs       bool
	place      choice.Place // where it errs
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
func of(u uint64, n int) int { return choice.Scale(u, numberBits, n) }

func drawStatement(s choice.Source) statement {
	return statement{
		kind: s.Bits(kindBits), span: s.Bits(numberBits), form: s.Bits(numberBits), variant: s.Bits(numberBits),
		a: s.Bits(numberBits), b: s.Bits(numberBits), c: s.Bits(numberBits),
	}
}

// drawProgram draws the numbers of a program, the statements last, each in a group of its own.
func drawProgram(s choice.Source, o Options) programNumbers {
	var n programNumbers
	size := drawStatements(s, o)
	n.errs = choice.Chance(s, o.Errors)
	n.place = choice.Place(choice.Pick(s, 6, 6, 8, 2, 1))
	n.racy = choice.Chance(s, o.Racy)
	n.unmatched = choice.Chance(s, o.Unmatched)
	n.joinLimit = choice.Chance(s, o.JoinLimit)
	n.setup = drawRun(s, o)
	n.layout = Few + VariableLayout(choice.Pick(s, 20, 6, 4, 3, 2))
	n.variables = 1 + choice.Below(s, 6)
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
		s.Group(func(s choice.Source) {
			if more = size.More(s, len(n.statements)); more {
				n.statements = append(n.statements, drawStatement(s))
			}
		})
	}
	n.statements = slices.Clip(n.statements)
	return n
}

// drawStatements chooses a band of lengths.
func drawStatements(s choice.Source, o Options) choice.Length {
	return choice.Banded(s, []choice.Band{
		{Length: choice.Length{Max: 0}, Weight: 1},
		{Length: choice.Length{Min: 1, Max: 1}, Weight: 2},
		{Length: choice.Length{Min: 2, Max: 5}, Weight: 20},
		{Length: choice.Length{Min: 6, Max: 14}, Weight: 50},
		{Length: choice.Length{Min: 15, Max: 60}, Weight: 30},
		{Length: choice.Length{Min: 61, Max: o.MaxStatements}, Weight: 10},
	}, o.MaxStatements, o.LargeStatements, 3)
}
