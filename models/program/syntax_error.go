package program

import (
	"fmt"
	"strings"
)

// maxSyntaxErrors is how many errors Assemble reports at once.
const maxSyntaxErrors = 20

// SyntaxError is a place in an assembler text that can't be read.
type SyntaxError struct {
	File   string
	Line   int    // from 1
	Col    int    // in characters, from 1
	Msg    string // what is wrong, and what was expected
	Source string // the line
}

// Error gives the position, the message, the source line, and a caret below the place.
func (e *SyntaxError) Error() string {
	source, margin := e.excerpt()
	return fmt.Sprintf("%s:%d:%d: %s\n    %s\n    %s^", e.File, e.Line, e.Col, e.Msg, source, margin)
}

// excerpt returns the source line, or what is around the place if it is long, and white space
// as wide as what comes before the place there, tabs included.
func (e *SyntaxError) excerpt() (source, margin string) {
	const before, width = 100, 160
	line := []rune(e.Source)
	at := min(e.Col-1, len(line))
	if at > before {
		line = append([]rune("…"), line[at-before:]...)
		at = before + 1
	}
	if len(line) > width {
		line = append(line[:width:width], '…')
	}
	blank := func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}
	return string(line), strings.Map(blank, string(line[:at]))
}

// SyntaxErrors are the errors of one text, in the order of their places.
type SyntaxErrors []*SyntaxError

func (list SyntaxErrors) Error() string {
	var texts []string
	for _, e := range list {
		texts = append(texts, e.Error())
	}
	return strings.Join(texts, "\n")
}

// Unwrap lets errors.As find a *SyntaxError.
func (list SyntaxErrors) Unwrap() []error {
	errs := make([]error, len(list))
	for i, e := range list {
		errs[i] = e
	}
	return errs
}

// suggest returns ", did you mean X?" if one of the known words is within two edits of word.
func suggest(word string, known []string) string {
	best, distance := "", 3
	for _, k := range known {
		if d := editDistance(strings.ToLower(word), strings.ToLower(k)); d < distance && d < len(k) {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// editDistance is Levenshtein's; words longer than 40 bytes are infinitely far.
func editDistance(a, b string) int {
	if len(a) > 40 || len(b) > 40 {
		return 1 << 20
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substitute := diagonal
			if a[i] != b[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
