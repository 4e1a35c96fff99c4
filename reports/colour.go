package reports

// Palette colours text for a terminal, or leaves it as it is.
type Palette bool

// The escape sequences of ECMA-48 (Select Graphic Rendition).
const (
	reset  = "\x1b[0m"
	Bold   = "\x1b[1m"
	Red    = "\x1b[31m"
	Green  = "\x1b[32m"
	Yellow = "\x1b[33m"
)

// With is a text with an escape sequence before it, if there are colours.
func (p Palette) With(sgr, text string) string {
	if !p {
		return text
	}
	return sgr + text + reset
}

// Bold is a text in bold.
func (p Palette) Bold(text string) string { return p.With(Bold, text) }

// sgr is the colour of each status.
var sgr = map[Status]string{
	Pass: Green, Fail: Bold + Red, Inconclusive: Yellow, Broken: Bold + Red,
}

// Of is a text in the colour of a status.
func (p Palette) Of(s Status, text string) string { return p.With(sgr[s], text) }

// Word is a status as a word.
func (p Palette) Word(s Status) string { return p.Of(s, string(s)) }

// Mark is a status as four letters, so that lines align.
func (p Palette) Mark(s Status) string {
	text := map[Status]string{Pass: "pass", Fail: "FAIL", Inconclusive: "????", Broken: "ERR!"}[s]
	return p.Of(s, text)
}
