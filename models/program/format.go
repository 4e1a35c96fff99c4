package program

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// String returns v's canonical text, which is its literal in the assembler:
// nil, true, -7, 2.0, 1e+21, NaN, -Inf, "text\n", [1, 2], {1: "a"}, @function. Floats
// always have a point or an exponent, or are NaN or Inf.
func (v Value) String() string {
	switch v.kind { // without a builder for the short ones
	case IntKind:
		return strconv.FormatInt(v.AsInt(), 10)
	case StringKind:
		return strconv.Quote(v.AsString())
	}
	var b strings.Builder
	v.format(&b, math.MaxInt)
	return b.String()
}

// Excerpt returns the beginning of [Value.String], cut where it has about most bytes, and whether it
// was cut. It takes time and memory for these only, however large v is.
func (v Value) Excerpt(most int) (text string, cut bool) {
	var b strings.Builder
	v.format(&b, most)
	if b.Len() <= most {
		return b.String(), false
	}
	return strings.ToValidUTF8(b.String()[:most], ""), true
}

// Display returns the text that PRINT prints: a string as it is, anything else as [Value.String].
func (v Value) Display() string {
	if v.kind == StringKind {
		return v.AsString()
	}
	return v.String()
}

// format writes v's text until there are more than most bytes.
func (v Value) format(b *strings.Builder, most int) {
	if b.Len() > most {
		return
	}
	switch v.kind {
	case NilKind:
		b.WriteString("nil")
	case BoolKind:
		b.WriteString(strconv.FormatBool(v.AsBool()))
	case IntKind:
		b.WriteString(strconv.FormatInt(v.AsInt(), 10))
	case FloatKind:
		b.WriteString(formatFloat(v.AsFloat()))
	case StringKind:
		s := v.AsString()
		if room := most - b.Len(); len(s) > room {
			end := room + 1 // and its quotes make it longer
			for end < len(s) && !utf8.RuneStart(s[end]) {
				end++
			}
			s = s[:end]
		}
		b.WriteString(strconv.Quote(s))
	case FuncKind:
		b.WriteString("@" + v.AsString())
	case ListKind:
		b.WriteByte('[')
		for i, e := range v.items() {
			if i > 0 {
				b.WriteString(", ")
			}
			if e.format(b, most); b.Len() > most {
				return
			}
		}
		b.WriteByte(']')
	case MapKind:
		b.WriteByte('{')
		for i := 0; i < len(v.items()); i += 2 {
			if i > 0 {
				b.WriteString(", ")
			}
			v.items()[i].format(b, most)
			b.WriteString(": ")
			if v.items()[i+1].format(b, most); b.Len() > most {
				return
			}
		}
		b.WriteByte('}')
	}
}

func formatFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Inf"
	case math.IsInf(f, -1):
		return "-Inf"
	}
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

// describe is v in an error: its kind, with its text if that is short, else with its length.
func (v Value) describe() string {
	if v.Size() > 80 {
		return v.kind.String() + " of length " + strconv.Itoa(v.Len())
	}
	return v.kind.String() + " " + v.String()
}
