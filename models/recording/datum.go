package recording

import (
	"fmt"
	"strconv"
	"strings"

	"synchrony/models/history"
	"synchrony/models/text"
)

// badRecord is a line of a recorded history that is not what any recorder can have
// written: such a history is refused, and says nothing about the system.
func badRecord(file string, line int, message string) *text.Error {
	return &text.Error{File: file, Line: line, Message: message}
}

// datum is a value of EDN or JSON. Whole numbers beyond 64 bits and numbers with a
// fraction are symbols: they can be compared, and need no arithmetic.
type datum struct {
	kind   datumKind
	text   string // of a string, a keyword without its colon, a symbol
	number int64  // of an integer; 1 for true
	items  []datum
	line   int
}

type datumKind uint8

const (
	nilDatum datumKind = iota
	boolDatum
	integerDatum
	stringDatum
	keywordDatum
	symbolDatum
	listDatum // a vector, a list or a set: its items
	mapDatum  // keys and values by turns
)

// get is the value of a map under a keyword or a string; nil if it has none.
func (d *datum) get(name string) datum {
	v, _ := d.lookup(name)
	return v
}

func (d *datum) lookup(name string) (datum, bool) {
	if d.kind == mapDatum {
		for i := 0; i+1 < len(d.items); i += 2 {
			if k := &d.items[i]; (k.kind == keywordDatum || k.kind == stringDatum) && k.text == name {
				return d.items[i+1], true
			}
		}
	}
	return datum{line: d.line}, false
}

// scalar reports whether d has no parts.
func (d *datum) scalar() bool { return d.kind != listDatum && d.kind != mapDatum }

// word is a keyword's or string's text; "" for anything else.
func (d datum) word() string {
	if d.kind == keywordDatum || d.kind == stringDatum {
		return d.text
	}
	return ""
}

// String is d as EDN, abbreviated, for messages and for values that are neither
// numbers nor strings.
func (d datum) String() string {
	switch d.kind {
	case boolDatum:
		return strconv.FormatBool(d.number != 0)
	case integerDatum:
		return strconv.FormatInt(d.number, 10)
	case stringDatum:
		return strconv.Quote(d.text)
	case keywordDatum:
		return ":" + d.text
	case symbolDatum:
		return d.text
	case listDatum:
		return "[" + d.some() + "]"
	case mapDatum:
		return "{" + d.some() + "}"
	default:
		return "nil"
	}
}

// some shows the first items.
func (d *datum) some() string {
	const most = 8
	var words []string
	for i, x := range d.items {
		if i == most {
			words = append(words, "…")
			break
		}
		words = append(words, x.String())
	}
	return strings.Join(words, " ")
}

// value is a datum as the value of a key. A list, of a history in which lists are
// appended to, is the text of its elements, a space after each.
func (d *datum) value() (history.Value, error) {
	switch d.kind {
	case nilDatum:
		return history.Value{}, nil
	case integerDatum:
		return history.NumberOf(d.number), nil
	case stringDatum:
		return history.TextOf(d.text), nil
	case listDatum:
		var sb strings.Builder
		for i := range d.items {
			e, err := d.items[i].element()
			if err != nil {
				return history.Value{}, err
			}
			sb.WriteString(e)
		}
		if sb.Len() == 0 {
			return history.Value{}, nil
		}
		return history.TextOf(sb.String()), nil
	case mapDatum:
		return history.Value{}, fmt.Errorf("%v is a map where the value of one key is expected", d)
	default:
		return history.TextOf(d.String()), nil
	}
}

// element is a datum as an element of a list: its text, and a space.
func (d *datum) element() (string, error) {
	if !d.scalar() || d.kind == nilDatum {
		return "", fmt.Errorf("%v is an element of a list, and must be a number or a word", d)
	}
	return strings.ReplaceAll(d.String(), " ", `\x20`) + " ", nil
}

// name is a datum as the name of a key.
func (d *datum) name() (string, error) {
	switch {
	case d.kind == stringDatum:
		return d.text, nil
	case d.kind == nilDatum || !d.scalar():
		return "", fmt.Errorf("%v is no key: want a number or a word", d)
	default:
		return strings.TrimPrefix(d.String(), ":"), nil
	}
}

// ParseValue reads a value from a command line: a whole number, nil, or else a text.
func ParseValue(s string) history.Value {
	switch d := atom(s); {
	case d.kind == integerDatum:
		return history.NumberOf(d.number)
	case d.kind == nilDatum && s != "":
		return history.Value{}
	default:
		return history.TextOf(s)
	}
}
