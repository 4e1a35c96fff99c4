package recording

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"synchrony/models/text"
)

// badRecord is a line of a recorded history that is not what any recorder can have
// written: such a history is refused, and says nothing about the system.
func badRecord(file string, line int, message string) *text.Error {
	return &text.Error{File: file, Line: line, Message: message}
}

// datum is a value of EDN or JSON, in a record at hand: see [scanner.forget]. Whole numbers beyond 64 bits and numbers with
// a fraction are symbols: they can be compared, and need no arithmetic. The zero datum is nil.
type datum struct {
	node
	in   *scanner
	at   int32 // its place in the nodes of in
	line int32 // of the record
}

// node is a value without those in it, which are the nodes behind it.
type node struct {
	kind   datumKind
	stored bool  // the text is not in the buffer, but stored beside it
	length int32 // of a text, in bytes; of a list, a set or a map, how many nodes are in it
	number int64 // an integer; 1 for true; of a text, where it is
}

// nodes is how many nodes the value has.
func (n *node) nodes() int32 {
	if n.kind >= listDatum {
		return 1 + n.length
	}
	return 1
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

// isText reports whether values of the kind have a text: that of a keyword is without its colon.
func (k datumKind) isText() bool { return k >= stringDatum && k <= symbolDatum }

// get is the value of a map under a keyword or a string; nil if it has none.
func (d *datum) get(name string) datum {
	v, _ := d.lookup(name)
	return v
}

func (d *datum) lookup(name string) (datum, bool) {
	if d.isMap() {
		for at, end := d.at+1, d.at+1+d.length; at < end; {
			key := &d.in.nodes[at]
			at += key.nodes()
			if (key.kind == keywordDatum || key.kind == stringDatum) && d.in.is(key, name) {
				return d.item(at), true
			}
			at += d.in.nodes[at].nodes()
		}
	}
	return datum{line: d.line}, false
}

// item is the value of a node that is in d.
func (d *datum) item(at int32) datum { return d.in.datum(int(at), int(d.line)) }

// all yields the items of a list or a set, or the keys and values of a map by turns.
func (d *datum) all() iter.Seq[datum] {
	return func(yield func(datum) bool) {
		for at, end := d.at+1, d.at+1+d.length; d.kind >= listDatum && at < end; at += d.in.nodes[at].nodes() {
			if !yield(d.item(at)) {
				return
			}
		}
	}
}

// items are all these.
func (d *datum) items() []datum { return slices.Collect(d.all()) }

// text is that of a string, a keyword without its colon, or a symbol.
func (d *datum) text() string { return d.in.text(&d.node) }

func (d *datum) isMap() bool { return d.kind == mapDatum || d.kind == objectDatum }

// isPair reports whether d is a list of two.
func (d *datum) isPair() bool { return d.kind == listDatum && len(d.items()) == 2 }

// pair are the items of a list of two, and nil twice of what is none.
func (d *datum) pair() (first, second datum) {
	if d.isPair() {
		list := d.items()
		first, second = list[0], list[1]
	}
	return first, second
}

// word is a keyword's or string's text; "" for anything else.
func (d datum) word() string {
	if d.kind == keywordDatum || d.kind == stringDatum {
		return d.text()
	}
	return ""
}

// means reports whether d is a keyword or string of a text.
func (d *datum) means(word string) bool {
	return (d.kind == keywordDatum || d.kind == stringDatum) && d.in.is(&d.node, word)
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
		sb.WriteString(strconv.Quote(d.text()))
	case keywordDatum:
		sb.WriteString(":" + d.text())
	case symbolDatum:
		sb.WriteString(d.text())
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
	i := 0
	for x := range d.all() {
		if i > 0 {
			sb.WriteString(between)
		}
		if i == most {
			sb.WriteString("…")
			break
		}
		x.write(sb, between, most)
		i++
	}
	sb.WriteString(closed)
}
