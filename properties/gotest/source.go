package gotest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"

	"synchrony/executor/sched"
)

// sources are files that were read.
type sources struct {
	files   map[string][]string
	selects map[string][]selectStmt
	calls   map[string]map[string][]call // by file, and line
}

// line is a line of a file, without what surrounds it; empty if it cannot be read.
func (s *sources) line(p place) string {
	lines, ok := s.files[p.file]
	if !ok {
		text, err := os.ReadFile(p.file)
		if err == nil {
			lines = strings.Split(string(text), "\n")
		}
		if s.files == nil {
			s.files = map[string][]string{}
		}
		s.files[p.file] = lines
	}
	n, err := strconv.Atoi(p.line)
	if err != nil || n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[n-1])
}

// selectStmt is a select statement of a file.
type selectStmt struct {
	line  string
	cases []selectCase // that send or receive, in order
	other selectCase   // the default
}

// selectCase is a case of a select statement: "case v := <-results".
type selectCase struct{ line, text string }

// selected is the case of that number of the select statement at a place; false if there is none, or if several begin there.
func (s *sources) selected(p place, number int) (selectCase, bool) {
	list, ok := s.selects[p.file]
	if !ok {
		list = selectsOf(p.file)
		if s.selects == nil {
			s.selects = map[string][]selectStmt{}
		}
		s.selects[p.file] = list
	}
	at := func(n selectStmt) bool { return n.line == p.line }
	i := slices.IndexFunc(list, at)
	if i < 0 || slices.ContainsFunc(list[i+1:], at) {
		return selectCase{}, false
	}
	switch n := list[i]; {
	case number == sched.DefaultCase:
		return n.other, n.other.text != ""
	case number >= 1 && number <= len(n.cases):
		return n.cases[number-1], true
	}
	return selectCase{}, false
}

// parseSource is a file's syntax; nil if it cannot be read.
func parseSource(file string) (src []byte, set *token.FileSet, syntax *ast.File) {
	src, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, nil
	}
	set = token.NewFileSet()
	syntax, err = parser.ParseFile(set, file, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, nil
	}
	return src, set, syntax
}

// selectsOf are the select statements of a file; none if it cannot be read.
func selectsOf(file string) (list []selectStmt) {
	src, set, parsed := parseSource(file)
	if parsed == nil {
		return nil
	}
	at := func(p token.Pos) token.Position { return set.PositionFor(p, false) }
	ast.Inspect(parsed, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectStmt)
		if !ok {
			return true
		}
		found := selectStmt{line: strconv.Itoa(at(s.Pos()).Line)}
		for _, stmt := range s.Body.List {
			clause := stmt.(*ast.CommClause)
			text := strings.Join(strings.Fields(string(src[at(clause.Case).Offset:at(clause.Colon).Offset])), " ")
			c := selectCase{strconv.Itoa(at(clause.Case).Line), text}
			if clause.Comm == nil {
				found.other = c
			} else {
				found.cases = append(found.cases, c)
			}
		}
		list = append(list, found)
		return true
	})
	return list
}
