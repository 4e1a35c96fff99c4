package history

import (
	"strconv"
	"strings"

	"synchrony/models/text"
)

// Value is the value of a key: a number, a text, a symbol, a list, or the zero Value, which stands for
// the key's absence. Values of different kinds are different: 1 is not "1", nor :x "x".
type Value struct {
	Kind   ValueKind
	Number int64
	Text   string // of a list: its elements, a space after each
}

// ValueKind is the kind of a [Value].
type ValueKind uint8

// The kinds of values.
const (
	Absent ValueKind = iota
	Number
	Text
	Symbol // anything else that is atomic, in its notation in EDN: :x, true, 1.5
	List   // of elements in their notation in EDN, without spaces
)

// NumberOf is n as a Value.
func NumberOf(n int64) Value { return Value{Kind: Number, Number: n} }

// TextOf is s as a Value.
func TextOf(s string) Value { return Value{Kind: Text, Text: s} }

// SymbolOf is the atom of that notation as a Value.
func SymbolOf(notation string) Value { return Value{Kind: Symbol, Text: notation} }

// ListOf is a list of elements, each in its notation without spaces.
func ListOf(elements []string) Value {
	var sb strings.Builder
	for _, e := range elements {
		sb.WriteString(e)
		sb.WriteByte(' ')
	}
	return Value{Kind: List, Text: sb.String()}
}

// Elements are the elements of a list.
func (v Value) Elements() []string {
	if v.Kind != List {
		return nil
	}
	return strings.Fields(v.Text)
}

// String is the value's text form: 5, "five", :five, 'true, [5,6] or nil.
func (v Value) String() string {
	switch v.Kind {
	case Number:
		return strconv.FormatInt(v.Number, 10)
	case Text:
		return strconv.Quote(v.Text)
	case Symbol:
		return SymbolKey(v.Text)
	case List:
		return "[" + strings.ReplaceAll(strings.TrimSuffix(v.Text, " "), " ", ",") + "]"
	default:
		return "nil"
	}
}

// parseValue reads the text form of a value.
func parseValue(w string) (Value, bool) {
	switch {
	case w == "nil":
		return Value{}, true
	case strings.HasPrefix(w, "[") && strings.HasSuffix(w, "]"):
		return ListOf(splitElements(w[1 : len(w)-1])), true
	case len(w) > 1 && w[0] == ':':
		return SymbolOf(w), true
	case len(w) > 1 && w[0] == '\'':
		return SymbolOf(w[1:]), true
	}
	if n, err := strconv.ParseInt(w, 10, 64); err == nil {
		return NumberOf(n), true
	}
	s, err := strconv.Unquote(w)
	return TextOf(s), err == nil
}

// splitElements splits at the commas that stand outside of quotes and brackets.
func splitElements(s string) []string {
	var list []string
	quoted, depth, from := false, 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		case c == ',' && depth == 0:
			list = append(list, s[from:i])
			from = i + 1
		}
	}
	if from < len(s) {
		list = append(list, s[from:])
	}
	return list
}

// TextKey is a text as the name of a key. A key's name says of which kind it is: 1 is a number, :x a keyword, 'x a
// symbol, and everything else a text, which is in double quotes if it looks like one of the others.
func TextKey(s string) string {
	if s != "" && strings.IndexByte(`:'"+-0123456789`, s[0]) >= 0 {
		return strconv.Quote(s)
	}
	return s
}

// SymbolKey is an atom, in its notation, as the name of a key.
func SymbolKey(notation string) string {
	if strings.HasPrefix(notation, ":") {
		return notation
	}
	return "'" + notation
}

// KeyText is a key's name as a word of a text form, which parseKey reads.
func KeyText(key string) string {
	if key == "" {
		return `""`
	}
	if first := key[0]; first == '"' || strings.IndexByte(`:'+-0123456789`, first) >= 0 && !strings.ContainsAny(key, " \t\",#") {
		return key
	}
	return text.QuoteName(key)
}

// parseKey reads the text form of a key's name.
func parseKey(w string) (string, bool) {
	if !strings.HasPrefix(w, `"`) {
		return w, true
	}
	s, err := strconv.Unquote(w)
	return TextKey(s), err == nil
}
