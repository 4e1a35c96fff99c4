package reports

// palette colours text for a terminal, or leaves it as it is.
type palette bool

// The escape sequences of ECMA-48 (Select Graphic Rendition).
const (
	sgrReset  = "\x1b[0m"
	sgrBold   = "\x1b[1m"
	sgrRed    = "\x1b[31m"
	sgrGreen  = "\x1b[32m"
	sgrYellow = "\x1b[33m"
)

func (p palette) with(sgr, text string) string {
	if !p {
		return text
	}
	return sgr + text + sgrReset
}

func (p palette) bold(text string) string { return p.with(sgrBold, text) }

// sgr is the colour of each status.
var sgr = map[Status]string{
	Pass: sgrGreen, Fail: sgrBold + sgrRed, Inconclusive: sgrYellow, Broken: sgrBold + sgrRed,
}

// word is a status as a word.
func (p palette) word(s Status) string { return p.with(sgr[s], string(s)) }

// mark is a status as four letters, so that lines align.
func (p palette) mark(s Status) string {
	text := map[Status]string{Pass: "pass", Fail: "FAIL", Inconclusive: "????", Broken: "ERR!"}[s]
	return p.with(sgr[s], text)
}
