package block

import (
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Key names what a transaction reads or writes: "a", "b", … or, where there are several stores, the number of its store, a slash and that.
// Keys are ordered as strings are.
type Key = string

// StoreOf is the number of a key's store: 0 unless there are several.
func StoreOf(k Key) int {
	number, _, found := strings.Cut(k, "/")
	if !found {
		return 0
	}
	n, err := strconv.Atoi(number)
	if err != nil {
		return 0
	}
	return n
}

// Value is what a key has.
type Value = int64

// State is what keys have; a key that is not there has nothing.
type State map[Key]Value

// Sorted yields the keys that are there, in ascending order, and what they have.
func (s State) Sorted() iter.Seq2[Key, Value] {
	return func(yield func(Key, Value) bool) {
		for _, k := range slices.Sorted(maps.Keys(s)) {
			if !yield(k, s[k]) {
				return
			}
		}
	}
}

// Clone is a copy of s.
func (s State) Clone() State {
	c := make(State, len(s))
	maps.Copy(c, s)
	return c
}

// String is the text of a state on one line: "a=1 b=2".
func (s State) String() string {
	var b strings.Builder
	for k, v := range s.Sorted() {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(k + "=" + strconv.FormatInt(v, 10))
	}
	return b.String()
}
