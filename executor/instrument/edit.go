package instrument

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// edit replaces the source between two offsets of a file; one that is empty
// inserts.
type edit struct {
	from, to int
	text     string
}

// splice is the source between two offsets with the edits made, which must lie
// between them and apart from each other. Edits at the same place keep their order.
func splice(src []byte, from, to int, edits []edit) string {
	slices.SortStableFunc(edits, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	var b strings.Builder
	for _, e := range edits {
		if e.from < from || e.to > to {
			panic(fmt.Sprintf("edits overlap at offset %d: %q", e.from, e.text))
		}
		b.Write(src[from:e.from])
		b.WriteString(e.text)
		from = e.to
	}
	b.Write(src[from:to])
	return b.String()
}

func (f *file) offset(p token.Pos) int { return f.tok.Offset(p) }

func (f *file) replace(from, to token.Pos, text string) edit {
	return edit{f.offset(from), f.offset(to), text}
}

func (f *file) insert(at token.Pos, text string) edit { return f.replace(at, at, text) }

// source is the text as the user wrote it.
func (f *file) source(from, to token.Pos) string {
	return string(f.src[f.offset(from):f.offset(to)])
}

// text is the rewritten text of a node.
func (f *file) text(n ast.Node) string { return f.span(n.Pos(), n.End(), n) }

// span is the rewritten text between two positions that holds the nodes.
func (f *file) span(from, to token.Pos, nodes ...ast.Node) string {
	var edits []edit
	for _, n := range nodes {
		edits = append(edits, f.edits(n)...)
	}
	return splice(f.src, f.offset(from), f.offset(to), edits)
}

// edits are those of the outermost nodes in a tree that are rewritten.
func (f *file) edits(root ast.Node) []edit {
	var all []edit
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		e, whole := f.rewrite(n)
		all = append(all, e...)
		return !whole
	})
	return all
}

// within are the edits below a node, but not its own.
func (f *file) within(root ast.Node) []edit {
	var all []edit
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil || n == root {
			return n != nil
		}
		all = append(all, f.edits(n)...)
		return false
	})
	return all
}

// at is a directive that says where the next token stands in the user's source.
func (f *file) at(p token.Pos) string {
	q := f.fset.Position(p)
	return fmt.Sprintf("/*line :%d:%d*/", q.Line, q.Column)
}

func (f *file) line(p token.Pos) int { return f.tok.Line(p) }

// lead gathers text that is evaluated earlier than it is written. base is the
// line on which it is put.
type lead struct {
	f       *file
	line    int
	b       strings.Builder
	shifted bool // the next token no longer stands on line
}

func (l *lead) add(text string) { l.b.WriteString(text) }

// moved adds the rewritten text of a node, called with what stands before it.
func (l *lead) moved(before string, n ast.Node) {
	text := l.f.text(n)
	if l.line != l.f.line(n.Pos()) || l.shifted {
		l.add(l.f.at(n.Pos()))
		l.shifted = true
	}
	l.add(before)
	l.add(text)
	l.shifted = l.shifted || strings.Contains(text, "\n")
}

// back returns to the place in the source at which what follows stands.
func (l *lead) back(p token.Pos) {
	if l.shifted || l.line != l.f.line(p) {
		l.add(l.f.at(p))
		l.line, l.shifted = l.f.line(p), false
	}
}

// newlines keeps the lines of source that is replaced, where an end of line
// ends no statement.
func (f *file) newlines(from, to token.Pos) string {
	return strings.Repeat("\n", f.line(to)-f.line(from))
}
