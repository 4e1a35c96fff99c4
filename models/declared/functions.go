package declared

import (
	"cmp"
	"fmt"
	"slices"

	"synchrony/models/history"
)

// function is an operator or a function: how many values it takes, and its value of them.
type function struct {
	arity int // the least, if it takes more
	about string
	of    func(v []history.Tree) (history.Tree, error)
}

type values = []history.Tree

// functions are all of them by their names; and and or, which need not have the value of their second part, have none.
var functions = map[string]function{
	"+": {2, "", arithmetic("+", func(a, b int64) (int64, bool) { return a + b, (a+b > a) == (b > 0) })},
	"-": {2, "", arithmetic("-", func(a, b int64) (int64, bool) { return a - b, (a-b < a) == (b > 0) })},
	"*": {2, "", arithmetic("*", times)},

	"==":  {2, "", func(v values) (history.Tree, error) { return truth(same(&v[0], &v[1])), nil }},
	"!=":  {2, "", func(v values) (history.Tree, error) { return truth(!same(&v[0], &v[1])), nil }},
	"<":   {2, "", comparison(func(c int) bool { return c < 0 })},
	"<=":  {2, "", comparison(func(c int) bool { return c <= 0 })},
	">":   {2, "", comparison(func(c int) bool { return c > 0 })},
	">=":  {2, "", comparison(func(c int) bool { return c >= 0 })},
	"not": {1, "", negation},

	"length":   {1, "how many items a list has", of(func(l values) history.Tree { return numberOf(int64(len(l))) })},
	"first":    {1, "the first item of a list; nil if it is empty", of(func(l values) history.Tree { return item(l, 0) })},
	"last":     {1, "the last item of a list; nil if it is empty", of(func(l values) history.Tree { return item(l, len(l)-1) })},
	"least":    {1, "the least item of a list of numbers or of texts; nil if it is empty", ordered(func(l values) history.Tree { return item(l, 0) })},
	"greatest": {1, "the greatest item of such a list; nil if it is empty", ordered(func(l values) history.Tree { return item(l, len(l)-1) })},
	"sort":     {1, "a list in order: numbers, then all else by its text", of(func(l values) history.Tree { return listOf(sorted(l)) })},
	"unique":   {1, "a list in order, each item once", of(func(l values) history.Tree { return listOf(slices.CompactFunc(sorted(l), equal)) })},
	"append":   {2, "a list with an item behind all others", with(func(l values, x history.Tree) history.Tree { return listOf(append(slices.Clip(l), x)) })},
	"without":  {2, "a list without the first item that equals a value", with(without)},
	"has":      {2, "whether a list has an item that equals a value", with(func(l values, x history.Tree) history.Tree { return truth(index(l, x) >= 0) })},
	"rest":     {1, "a list without its first item", of(func(l values) history.Tree { return listOf(l[min(1, len(l)):]) })},
	"most":     {1, "a list without its last item", of(func(l values) history.Tree { return listOf(l[:max(len(l)-1, 0)]) })},
}

func times(a, b int64) (int64, bool) {
	if a == 0 || b == 0 {
		return 0, true
	}
	n := a * b
	return n, n/b == a && (n < 0) == (a < 0 != (b < 0)) // the least number by -1 is none
}

func arithmetic(name string, of func(a, b int64) (int64, bool)) func(values) (history.Tree, error) {
	return func(v values) (history.Tree, error) {
		if !isNumber(&v[0]) || !isNumber(&v[1]) {
			return history.Tree{}, fmt.Errorf("%s of %s and %s: want whole numbers", name, v[0].Text(), v[1].Text())
		}
		n, fits := of(v[0].Value.Number, v[1].Value.Number)
		if !fits {
			return history.Tree{}, fmt.Errorf("%s %s %s is no number of 64 bits", v[0].Text(), name, v[1].Text())
		}
		return numberOf(n), nil
	}
}

func isNumber(t *history.Tree) bool {
	return t.Kind == history.Leaf && t.Value.Kind == history.Number
}

func isText(t *history.Tree) bool { return t.Kind == history.Leaf && t.Value.Kind == history.Text }

func comparison(holds func(int) bool) func(values) (history.Tree, error) {
	return func(v values) (history.Tree, error) {
		if !(isNumber(&v[0]) && isNumber(&v[1]) || isText(&v[0]) && isText(&v[1])) {
			return history.Tree{}, fmt.Errorf("%s and %s have no order: want two numbers, or two texts", v[0].Text(), v[1].Text())
		}
		return truth(holds(compare(v[0], v[1]))), nil
	}
}

func negation(v values) (history.Tree, error) {
	switch {
	case same(&v[0], &yes):
		return no, nil
	case same(&v[0], &no):
		return yes, nil
	default:
		return history.Tree{}, fmt.Errorf("not of %s: want true or false", v[0].Text())
	}
}

// of is a function of a list.
func of(f func(values) history.Tree) func(values) (history.Tree, error) {
	return func(v values) (history.Tree, error) {
		if v[0].Kind != history.Sequence {
			return history.Tree{}, fmt.Errorf("%s is no list", v[0].Text())
		}
		return f(v[0].Items), nil
	}
}

// with is a function of a list and a value.
func with(f func(values, history.Tree) history.Tree) func(values) (history.Tree, error) {
	return func(v values) (history.Tree, error) {
		return of(func(l values) history.Tree { return f(l, v[1]) })(v[:1])
	}
}

// ordered is a function of a list, sorted, whose items have an order.
func ordered(f func(values) history.Tree) func(values) (history.Tree, error) {
	return func(v values) (history.Tree, error) {
		for i := range v[0].Items {
			if x := &v[0].Items[i]; !isNumber(x) && !isText(x) || isNumber(x) != isNumber(&v[0].Items[0]) {
				return history.Tree{}, fmt.Errorf("the items of %s have no order: want numbers, or texts", v[0].Text())
			}
		}
		return of(func(l values) history.Tree { return f(sorted(l)) })(v)
	}
}

func item(l values, i int) history.Tree {
	if i < 0 || i >= len(l) {
		return history.Tree{}
	}
	return l[i]
}

func equal(x, y history.Tree) bool { return same(&x, &y) }

func index(l values, x history.Tree) int {
	return slices.IndexFunc(l, func(y history.Tree) bool { return same(&x, &y) })
}

func without(l values, x history.Tree) history.Tree {
	i := index(l, x)
	if i < 0 {
		return listOf(l)
	}
	return listOf(slices.Concat(l[:i], l[i+1:]))
}

func sorted(l values) values {
	l = slices.Clone(l)
	slices.SortStableFunc(l, compare)
	return l
}

// compare orders numbers as such, and before everything else, which is in the order of its text.
func compare(x, y history.Tree) int {
	switch a, b := isNumber(&x), isNumber(&y); {
	case a && b:
		return cmp.Compare(x.Value.Number, y.Value.Number)
	case a:
		return -1
	case b:
		return 1
	case isText(&x) && isText(&y):
		return cmp.Compare(x.Value.Text, y.Value.Text)
	default:
		return cmp.Compare(x.Text(), y.Text())
	}
}
