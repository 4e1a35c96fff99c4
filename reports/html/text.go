package html

import (
	"regexp"
	"strconv"
	"strings"
)

// text is a long text of many similar lines, taken apart: what stands between the numbers of a line is its
// pattern, of which there are few, and the numbers stand in columns. A workload of a thousand
// transfers takes a third of what its text would take compressed as it is.
type text struct {
	Patterns []string   `json:"patterns"` // with a NUL for each number
	Line     counts     `json:"line"`     // by line: its pattern
	Numbers  [][]series `json:"numbers"`  // by pattern and place in it
}

// series is the numbers in one place of a pattern. If each is one more than the one before,
// only the first is there.
type series struct {
	From *int64 `json:"from,omitempty"`
	Each counts `json:"each,omitempty"`
}

// numeral is a run of digits.
var numeral = regexp.MustCompile(`[0-9]+`)

// takeApart is the inverse of what data.js does. A NUL in the text has no business there; such a text
// stays in one piece.
func takeApart(whole string) *text {
	t := &text{Patterns: []string{}, Line: counts{}, Numbers: [][]series{}}
	if strings.Contains(whole, "\x00") {
		t.Patterns, t.Line, t.Numbers = []string{strings.ReplaceAll(whole, "\x00", "\uFFFD")}, counts{0}, [][]series{{}}
		return t
	}
	var patterns index
	for line := range strings.SplitSeq(whole, "\n") {
		var numbers []int64
		pattern := numeral.ReplaceAllStringFunc(line, func(digits string) string {
			n, err := strconv.ParseInt(digits, 10, 64)
			if err != nil || n > maxSafe || strconv.FormatInt(n, 10) != digits {
				return digits
			}
			numbers = append(numbers, n)
			return "\x00"
		})
		k := patterns.of(pattern)
		t.Line = append(t.Line, int64(k))
		if k == len(t.Numbers) {
			t.Numbers = append(t.Numbers, make([]series, len(numbers)))
		}
		for i, n := range numbers {
			s := &t.Numbers[k][i]
			s.Each = append(s.Each, n)
		}
	}
	t.Patterns = patterns.names
	for _, list := range t.Numbers {
		for i := range list {
			list[i].shorten()
		}
	}
	return t
}

// shorten leaves out what counting gives.
func (s *series) shorten() {
	for i, n := range s.Each {
		if n != s.Each[0]+int64(i) {
			return
		}
	}
	s.From, s.Each = &s.Each[0], nil
}

// oneLine keeps a name from being two lines.
func oneLine(s string) string { return strings.ReplaceAll(s, "\n", " ") }
