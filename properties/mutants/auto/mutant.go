package auto

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// Mutant is one change of one function of a source file.
type Mutant struct {
	Path     string // of the file, from the module's root: "executor/synchrony/graph.go"
	Line     int    // where the change begins
	Operator string
	Number   int    // among its operator's mutants on this line, from 1
	Function string // "analyze", "(*scratch).edge"
	Original string // what is changed, on one line
	Changed  string // what it becomes; empty if it is removed
	// Copy tells apart mutants of a function that are the same change of the same text,
	// in different places, from 1.
	Copy int

	source []byte
	edits  []edit
}

// edit replaces source[from:to] by text.
type edit struct {
	from, to int
	text     string
}

// Name names the mutant in this version of the source: file:line:operator:number.
func (m *Mutant) Name() string {
	return fmt.Sprintf("%s:%d:%s:%d", m.Path, m.Line, m.Operator, m.Number)
}

// Package is the folder of the mutant's file.
func (m *Mutant) Package() string { return m.Path[:strings.LastIndexByte(m.Path, '/')] }

// key names the mutant by content, so that it keeps its name while lines move:
//
//	executor/synchrony (*queue).push signal-drop: r.wake.Signal(r.rt) =>
func (m *Mutant) key() string {
	key := fmt.Sprintf("%s %s %s: %s => %s", m.Package(), m.Function, m.Operator, m.Original, m.Changed)
	if m.Copy > 1 {
		key += fmt.Sprintf(" #%d", m.Copy)
	}
	return strings.TrimSpace(key)
}

// Source is the file with the change made.
func (m *Mutant) Source() []byte { return []byte(apply(m.source, m.edits, 0, len(m.source))) }

// diff is the change as a unified diff.
func (m *Mutant) diff() string {
	d := diff.Diff("a/"+m.Path, m.source, "b/"+m.Path, m.Source())
	if i := bytes.Index(d, []byte("--- ")); i > 0 {
		d = d[i:] // without the line that repeats the names
	}
	return string(d)
}

// wholeLines widens a removal that leaves nothing but white space, or a comment, on its
// lines to the lines themselves.
func wholeLines(source []byte, e edit) edit {
	if e.text != "" || e.from == e.to {
		return e
	}
	from, to := e.from, e.to
	for from > 0 && (source[from-1] == ' ' || source[from-1] == '\t') {
		from--
	}
	if from > 0 && source[from-1] != '\n' {
		return e
	}
	rest := source[to:]
	if end := bytes.IndexByte(rest, '\n'); end >= 0 {
		if tail := bytes.TrimSpace(rest[:end]); len(tail) == 0 || bytes.HasPrefix(tail, []byte("//")) {
			return edit{from: from, to: to + end + 1}
		}
	}
	return e
}

// oneLine is a piece of source on one line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
