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
type sources struct{ files map[string]*parsedFile }

// parsedFile is a file as far as it could be read and parsed.
type parsedFile struct {
	lines   []string
	selects []selectStmt
	calls   map[string][]call // by line
}

// file is the file of a name, which is read once.
func (s *sources) file(name string) *parsedFile {
	f := s.files[name]
	if f != nil {
		return f
	}
	f = &parsedFile{}
	if src, err := os.ReadFile(name); err == nil {
		f.lines = strings.Split(string(src), "\n")
		set := token.NewFileSet()
		if syntax, err := parser.ParseFile(set, name, src, parser.SkipObjectResolution); err == nil {
			f.selects, f.calls = selectsOf(src, set, syntax), callsOf(set, syntax)
		}
	}
	if s.files == nil {
		s.files = map[string]*parsedFile{}
	}
	s.files[name] = f
	return f
}

// line is a line of a file, without what surrounds it; empty if it cannot be read.
func (s *sources) line(p place) string {
	lines := s.file(p.file).lines
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
	list := s.file(p.file).selects
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

// selectsOf are the select statements of a file.
func selectsOf(src []byte, set *token.FileSet, syntax *ast.File) (list []selectStmt) {
	at := func(p token.Pos) token.Position { return set.PositionFor(p, false) }
	ast.Inspect(syntax, func(n ast.Node) bool {
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
