package program

import (
	"cmp"
	"slices"
)

// Entry is a key with its value.
type Entry struct{ Key, Value Value }

// CanBeKey reports whether v may be a map's key: a bool, an int or a string.
func (v Value) CanBeKey() bool {
	return v.kind == BoolKind || v.kind == IntKind || v.kind == StringKind
}

// Map returns a map of the entries; of equal keys the last wins. All keys must satisfy
// [Value.CanBeKey]; entries with other keys are left out.
func Map(entries ...Entry) Value {
	sorted := make([]Entry, 0, len(entries))
	for _, e := range entries {
		if e.Key.CanBeKey() {
			sorted = append(sorted, e)
		}
	}
	slices.SortStableFunc(sorted, func(a, b Entry) int { return compareKeys(a.Key, b.Key) })
	var items []Value
	size := int64(cell)
	for i, e := range sorted {
		if i+1 < len(sorted) && compareKeys(e.Key, sorted[i+1].Key) == 0 {
			continue
		}
		items = append(items, e.Key, e.Value)
		size = saturatingAdd(size, saturatingAdd(e.Key.Size(), e.Value.Size()))
	}
	return Value{kind: MapKind, num: uint64(size), rest: &contents{items: items}}
}

// Entries returns a map's entries, ascending by key.
func (v Value) Entries() []Entry {
	if v.kind != MapKind {
		return nil
	}
	entries := make([]Entry, 0, len(v.items())/2)
	for i := 0; i < len(v.items()); i += 2 {
		entries = append(entries, Entry{v.items()[i], v.items()[i+1]})
	}
	return entries
}

// Lookup returns the value of a map's key.
func (v Value) Lookup(key Value) (Value, bool) {
	if v.kind != MapKind || !key.CanBeKey() {
		return Nil, false
	}
	i, found := v.search(key)
	if !found {
		return Nil, false
	}
	return v.items()[2*i+1], true
}

// search returns the number of the entry with that key, or of the one it would come before.
func (v Value) search(key Value) (int, bool) {
	low, high := 0, len(v.items())/2
	for low < high {
		middle := (low + high) / 2
		if compareKeys(v.items()[2*middle], key) < 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, low < len(v.items())/2 && compareKeys(v.items()[2*low], key) == 0
}

// Len returns the number of a string's bytes, a list's elements or a map's entries.
func (v Value) Len() int {
	switch v.kind {
	case StringKind:
		return len(v.AsString())
	case MapKind:
		return len(v.items()) / 2
	default:
		return len(v.items())
	}
}

// compareKeys orders keys: bools, ints, strings, and by value within a kind.
func compareKeys(a, b Value) int {
	if a.kind != b.kind {
		return cmp.Compare(a.kind, b.kind)
	}
	if a.kind == StringKind {
		return cmp.Compare(a.AsString(), b.AsString())
	}
	return cmp.Compare(a.AsInt(), b.AsInt())
}
