package command

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/smt"
	"synchrony/models/text"
	"synchrony/reports"
)

// claims prints what becomes of statements, as it becomes known. Pairs of chunks that end alike are
// told together, at the end; each that is refuted by itself.
type claims struct {
	w       io.Writer
	todo    *obligations
	next    int
	count   map[checkers.Status]int
	alike   []alike
	written error
}

// alike is pairs of chunks that ended alike.
type alike struct {
	claim
	pairs []string
}

func newClaims(w io.Writer, todo *obligations) *claims {
	c := &claims{w: w, todo: todo, count: map[checkers.Status]int{}}
	for _, line := range todo.heading {
		c.print("%s\n", line)
	}
	return c
}

func (s *claims) print(format string, args ...any) {
	if s.written == nil {
		_, s.written = fmt.Fprintf(s.w, format, args...)
	}
}

// add takes the next statement's claim.
func (s *claims) add(c claim) error {
	about := s.todo.statements[s.next]
	s.next++
	s.count[c.Status]++
	if about.pair == "" || c.Status == checkers.Fail {
		s.show(about.text, c)
		return s.written
	}
	k := slices.IndexFunc(s.alike, func(a alike) bool {
		return a.Status == c.Status && a.Method == c.Method && slices.Equal(a.Lines, c.Lines)
	})
	if k < 0 {
		k, s.alike = len(s.alike), append(s.alike, alike{claim: c})
		s.alike[k].Elapsed = 0
	}
	s.alike[k].pairs = append(s.alike[k].pairs, about.pair)
	s.alike[k].Elapsed += c.Elapsed
	return s.written
}

// verdictWord is what a line begins with.
func verdictWord(s checkers.Status) string {
	switch s {
	case checkers.Pass:
		return "proved"
	case checkers.Fail:
		return "refuted"
	default:
		return "unknown"
	}
}

func (s *claims) show(what string, c claim) {
	method := c.Method
	if method == "" {
		method = smt.Method("no method")
	}
	s.print("%-8s %s [%s, %v]\n", verdictWord(c.Status), what, method, c.Elapsed.Round(10*time.Microsecond))
	for _, line := range c.Lines {
		s.print("         %s\n", line)
	}
	if c.Unsaved != "" {
		s.print("         not saved: %s\n", c.Unsaved)
	}
	if c.Saved != "" {
		s.print("         reproduce it: verify replay %s\n", text.QuoteWord(c.Saved))
	}
}

// finish prints the rest.
func (s *claims) finish() error {
	for _, a := range s.alike {
		noun := "pairs of chunks commute"
		if len(a.pairs) == 1 {
			noun = "pair of chunks commutes"
		}
		a.Lines = append(a.Lines, "chunks "+strings.ReplaceAll(shortList(a.pairs, 10, ", "), "-", " and "))
		s.show(fmt.Sprintf("%d %s, for all values of variables", len(a.pairs), noun), a.claim)
	}
	s.print("%d proved, %d refuted, %d unknown\n", s.count[checkers.Pass], s.count[checkers.Fail], s.count[checkers.Unknown])
	return s.written
}

// status is the verdict on all statements together: Pass only if there were any, and all are proved.
func (s *claims) status() reports.Status {
	switch {
	case s.count[checkers.Fail] > 0:
		return reports.Fail
	case s.count[checkers.Unknown] > 0 || s.next == 0:
		return reports.Inconclusive
	}
	return reports.Pass
}
