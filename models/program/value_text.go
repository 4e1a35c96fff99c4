package program

import "synchrony/models/text"

// MarshalText writes v as [Value.String] does.
func (v Value) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads a literal of the assembler, as [Value.MarshalText] writes it. A function that it names need not be
// one that there is.
func (v *Value) UnmarshalText(literal []byte) error {
	a := &assembler{file: "value"}
	l := &line{a: a, row: 1, text: string(literal), tokens: scan(string(literal))}
	read := l.literal(0)
	if rest := l.peek(); rest.kind != endToken {
		l.fail(rest, "expected nothing behind the value, found %s", rest.describe())
	}
	if len(a.errors) > 0 {
		return text.NewErrorList(a.errors)
	}
	*v = read
	return nil
}
