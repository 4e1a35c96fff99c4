package declared

import (
	"fmt"
	"slices"

	"synchrony/models/history"
	"synchrony/models/text"
)

// expression is a part of a file that has a value.
type expression struct {
	kind   kind
	offset int // in the file
	index  int // of a variable or an argument
	word   string
	leaf   history.Tree // of a literal
	parts  []expression
}

type kind uint8

const (
	literal kind = iota
	variable
	argument
	returned
	list     // of its parts
	operator // word, of one or two parts
	call     // of the function word
)

// value is the value of an expression.
func (e *expression) value(at *scope) (history.Tree, error) {
	switch e.kind {
	case literal:
		return e.leaf, nil
	case variable:
		return at.state[e.index], nil
	case argument:
		return at.arguments[e.index], nil
	case returned:
		return *at.returned, nil
	case operator:
		if e.word == "and" || e.word == "or" { // what comes second may need the first
			first, err := e.parts[0].value(at)
			if err != nil {
				return first, err
			}
			if holds, err := e.parts[0].condition(at, &first); err != nil || holds == (e.word == "or") {
				return first, err
			}
			second, err := e.parts[1].value(at)
			if err == nil {
				_, err = e.parts[1].condition(at, &second)
			}
			return second, err
		}
	}
	values := make([]history.Tree, len(e.parts))
	for i := range e.parts {
		var err error
		if values[i], err = e.parts[i].value(at); err != nil {
			return history.Tree{}, err
		}
	}
	if e.kind == list {
		return listOf(values), nil
	}
	v, err := functions[e.word].of(values)
	if err != nil {
		return v, e.wrong(at, "%v", err)
	}
	return v, nil
}

// condition is whether a value that the expression has is true; it must be true or false.
func (e *expression) condition(at *scope, v *history.Tree) (bool, error) {
	switch {
	case same(v, &yes):
		return true, nil
	case same(v, &no):
		return false, nil
	default:
		return false, e.wrong(at, "this is %s, and a condition is true or false", v.Text())
	}
}

func (e *expression) wrong(at *scope, format string, args ...any) error {
	return text.ErrorAt(at.model.file, at.model.src, e.offset, fmt.Sprintf(format, args...))
}

var (
	yes = history.Tree{Value: history.SymbolOf("true")}
	no  = history.Tree{Value: history.SymbolOf("false")}
)

func truth(b bool) history.Tree {
	if b {
		return yes
	}
	return no
}

func listOf(items []history.Tree) history.Tree {
	return history.Tree{Kind: history.Sequence, Items: items}
}

func numberOf(n int64) history.Tree { return history.Tree{Value: history.NumberOf(n)} }

// same reports whether two values are equal. Lists are if their items are.
func same(x, y *history.Tree) bool {
	return x.Kind == y.Kind && x.Value == y.Value &&
		slices.EqualFunc(x.Items, y.Items, func(a, b history.Tree) bool { return same(&a, &b) })
}
