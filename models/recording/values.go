package recording

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"synchrony/models/history"
)

// value is a datum as the value of a key. It keeps its kind: 1, "1" and :x are three values.
func (d *datum) value() (history.Value, error) {
	switch d.kind {
	case nilDatum:
		return history.Value{}, nil
	case integerDatum:
		return history.NumberOf(d.number), nil
	case stringDatum:
		return history.TextOf(d.text), nil
	case listDatum:
		return history.ListOf(d.elements()), nil
	case setDatum, mapDatum, objectDatum:
		return history.Value{}, fmt.Errorf("%v is no value of one key in this model: want nil, a number, a word, a text or a list", d)
	default:
		return history.SymbolOf(d.String()), nil
	}
}

// elements are the items of a list as the elements of one.
func (d *datum) elements() []string {
	list := make([]string, len(d.items))
	for i := range d.items {
		list[i] = d.items[i].element()
	}
	return list
}

// element is a datum in its notation, without spaces: those in a text are escaped, and those between the items
// of a list, a set or a map are commas. The items of a set or a map are sorted, for it has no order.
func (d *datum) element() string {
	var sb strings.Builder
	d.sorted().write(&sb, ",", math.MaxInt)
	return strings.ReplaceAll(sb.String(), " ", `\x20`)
}

// sorted is d with the items of its sets and maps in one order.
func (d *datum) sorted() *datum {
	if len(d.items) == 0 {
		return d
	}
	c := *d
	c.items = slices.Clone(d.items)
	for i := range c.items {
		c.items[i] = *c.items[i].sorted()
	}
	text := func(x *datum) string {
		var sb strings.Builder
		x.write(&sb, ",", math.MaxInt)
		return sb.String()
	}
	switch d.kind {
	case setDatum:
		slices.SortFunc(c.items, func(x, y datum) int { return strings.Compare(text(&x), text(&y)) })
	case mapDatum, objectDatum:
		pairs := slices.Collect(slices.Chunk(c.items, 2))
		slices.SortFunc(pairs, func(x, y []datum) int { return strings.Compare(text(&x[0]), text(&y[0])) })
		c.items = slices.Concat(pairs...)
	}
	return &c
}

// name is a datum as the name of a key, which keeps its kind: see [history.TextKey].
func (d *datum) name() (string, error) {
	switch d.kind {
	case stringDatum:
		return history.TextKey(d.text), nil
	case integerDatum, keywordDatum:
		return d.String(), nil
	case boolDatum, symbolDatum:
		return history.SymbolKey(d.String()), nil
	default:
		return "", fmt.Errorf("%v is no key: want a number or a word", d)
	}
}

// ParseValue reads a value from a command line: a whole number, nil, a keyword, or else a text.
func ParseValue(s string) history.Value {
	switch d := atom(s); {
	case d.kind == integerDatum:
		return history.NumberOf(d.number)
	case d.kind == nilDatum && s != "":
		return history.Value{}
	case len(s) > 1 && s[0] == ':':
		return history.SymbolOf(s)
	default:
		return history.TextOf(s)
	}
}

// aliases are the keys that a word may mean which has no kind, as on a command line and as the name of a member in
// JSON: the text, the number, the keyword and the symbol of it, in this order.
func aliases(word string) []string {
	list := []string{history.TextKey(word), ":" + word, history.SymbolKey(word)}
	if _, ok := wholeNumber([]byte(word)); ok || strings.HasPrefix(word, ":") {
		list = append(list, word)
	}
	return list
}

// resolve finds which of the keys that operations name a word means; if none, its most likely kind.
func resolve(word string, named map[string]bool) string {
	list := aliases(word)
	for _, key := range list {
		if named[key] {
			return key
		}
	}
	if key := list[len(list)-1]; key == word {
		return key // a number or a keyword
	}
	return list[0]
}
