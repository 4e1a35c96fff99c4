package recording

import (
	"fmt"
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
		return history.TextOf(d.text()), nil
	case listDatum:
		return history.ListOf(d.elements()), nil
	case setDatum, mapDatum, objectDatum:
		return history.Value{}, fmt.Errorf("%v is no value of one key in this model: want nil, a number, a word, a text or a list", *d)
	default:
		return history.SymbolOf(d.String()), nil
	}
}

// elements are the items of a list as the elements of one.
func (d *datum) elements() []string {
	list := []string{}
	for x := range d.all() {
		list = append(list, x.element())
	}
	return list
}

// element is a datum in its notation, without spaces: those in a text are escaped, and those between the items
// of a list, a set or a map are commas. The items of a set or a map are sorted, for it has no order.
func (d *datum) element() string { return strings.ReplaceAll(d.sorted(), " ", `\x20`) }

// sorted is a datum in its notation with the items of its sets and maps in one order.
func (d *datum) sorted() string {
	var words []string
	for x := range d.all() {
		words = append(words, x.sorted())
	}
	switch d.kind {
	case listDatum:
		return "[" + strings.Join(words, ",") + "]"
	case setDatum:
		slices.Sort(words)
		return "#{" + strings.Join(words, ",") + "}"
	case mapDatum, objectDatum:
		pairs := slices.Collect(slices.Chunk(words, 2))
		slices.SortStableFunc(pairs, func(x, y []string) int { return strings.Compare(x[0], y[0]) })
		return "{" + strings.Join(slices.Concat(pairs...), ",") + "}"
	default:
		return d.String()
	}
}

// name is a datum as the name of a key, which keeps its kind: see [history.TextKey].
func (d *datum) name() (string, error) {
	switch d.kind {
	case stringDatum:
		return history.TextKey(d.text()), nil
	case integerDatum, keywordDatum:
		return d.String(), nil
	case boolDatum, symbolDatum:
		return history.SymbolKey(d.String()), nil
	default:
		return "", fmt.Errorf("%v is no key: want a number or a word", *d)
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
