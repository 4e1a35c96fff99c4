package history

import (
	"strings"
	"time"
)

// Operation is a call of a client with its value as it was recorded, whatever it means.
type Operation struct {
	Process int32
	Line    int // of its invocation, for reports
	Outcome Outcome
	Invoked time.Duration
	// Returned is Forever if it is not known whether, and when, the operation took effect.
	Returned time.Duration
	Name     string
	Argument Tree // as it was invoked
	Result   Tree // as it returned; that of one that did not is nil
}

// Text is what the operation did: "add 5", "read -> [1 2]"; of one that did not take effect for certain, what it asked for.
func (x *Operation) Text() string {
	words := x.Name
	if !x.Argument.IsNil() {
		words += " " + x.Argument.Text()
	}
	if x.Outcome == Committed && (x.Argument.IsNil() || x.Result.Text() != x.Argument.Text()) {
		words += " -> " + x.Result.Text()
	}
	return words
}

// Tree is a value that may have parts.
type Tree struct {
	Value Value // of a leaf
	// Items are those of a list or a set, or the keys and values of a map by turns.
	Items []Tree
	Kind  TreeKind
}

// TreeKind is what a [Tree] is.
type TreeKind uint8

// The kinds of trees.
const (
	Leaf     TreeKind = iota
	Sequence          // a list or a set
	Mapping
)

// IsNil reports whether t is nil.
func (t *Tree) IsNil() bool { return t.Kind == Leaf && t.Value.Kind == Absent }

// Text is the tree as a person reads it; trees of the same text are equal.
func (t *Tree) Text() string {
	if t.Kind == Leaf {
		return t.Value.String()
	}
	words := make([]string, len(t.Items))
	for i := range t.Items {
		words[i] = t.Items[i].Text()
	}
	if t.Kind == Mapping {
		return "{" + strings.Join(words, " ") + "}"
	}
	return "[" + strings.Join(words, " ") + "]"
}
