package recording

import (
	"strconv"
	"strings"

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
	line   int
	text   string // of a string, a keyword without its colon, a symbol
	number int64  // of an integer; 1 for true
	items  []datum
}

type datumKind uint8

const (
	nilDatum datumKind = iota
	boolDatum
	integerDatum
	stringDatum
	keywordDatum
	symbolDatum
	listDatum   // a vector or a list: its items
	setDatum    // its items
	mapDatum    // keys and values by turns
	objectDatum // the same of JSON, whose names are strings, whatever they stand for
)

// get is the value of a map under a keyword or a string; nil if it has none.
func (d *datum) get(name string) datum {
	v, _ := d.lookup(name)
	return v
}

func (d *datum) lookup(name string) (datum, bool) {
	if d.isMap() {
		for i := 0; i+1 < len(d.items); i += 2 {
			if k := &d.items[i]; (k.kind == keywordDatum || k.kind == stringDatum) && k.text == name {
				return d.items[i+1], true
			}
		}
	}
	return datum{line: d.line}, false
}

func (d *datum) isMap() bool { return d.kind == mapDatum || d.kind == objectDatum }

// isPair reports whether d is a list of two.
func (d *datum) isPair() bool { return d.kind == listDatum && len(d.items) == 2 }

// word is a keyword's or string's text; "" for anything else.
func (d datum) word() string {
	if d.kind == keywordDatum || d.kind == stringDatum {
		return d.text
	}
	return ""
}

// maxShown is how many items of a list a message shows.
const maxShown = 8

// String is d as EDN, abbreviated, for messages.
func (d datum) String() string {
	var sb strings.Builder
	d.write(&sb, " ", maxShown)
	return sb.String()
}

// write writes d as EDN, with so much of each list and this between its items.
func (d *datum) write(sb *strings.Builder, between string, most int) {
	switch d.kind {
	case boolDatum:
		sb.WriteString(strconv.FormatBool(d.number != 0))
	case integerDatum:
		sb.WriteString(strconv.FormatInt(d.number, 10))
	case stringDatum:
		sb.WriteString(strconv.Quote(d.text))
	case keywordDatum:
		sb.WriteString(":" + d.text)
	case symbolDatum:
		sb.WriteString(d.text)
	case listDatum:
		d.writeItems(sb, "[", "]", between, most)
	case setDatum:
		d.writeItems(sb, "#{", "}", between, most)
	case mapDatum, objectDatum:
		d.writeItems(sb, "{", "}", between, most)
	default:
		sb.WriteString("nil")
	}
}

func (d *datum) writeItems(sb *strings.Builder, open, closed, between string, most int) {
	sb.WriteString(open)
	for i := range d.items {
		if i > 0 {
			sb.WriteString(between)
		}
		if i == most {
			sb.WriteString("…")
			break
		}
		d.items[i].write(sb, between, most)
	}
	sb.WriteString(closed)
}
