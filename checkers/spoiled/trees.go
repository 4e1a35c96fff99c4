package spoiled

import (
	"reflect"
	"slices"
	"strings"

	"synchrony/models/history"
)

// trees are values that may have parts, each of which may be spoiled too.
func trees(v reflect.Value) []rule {
	var rules []rule
	for name, other := range treesLike(v.Interface().(history.Tree)) {
		rules = append(rules, rule{name: name, spoil: func(v reflect.Value) { v.Set(reflect.ValueOf(other)) }})
	}
	slices.SortFunc(rules, func(x, y rule) int { return strings.Compare(x.name, y.name) })
	return rules
}

// treesLike are trees that differ from one in one thing, by what that is.
func treesLike(t history.Tree) map[string]history.Tree {
	all := map[string]history.Tree{"in a list": {Kind: history.Sequence, Items: []history.Tree{t}}}
	if !t.IsNil() {
		all["dropped"] = history.Tree{}
	}
	leaf := func(name string, v history.Value) { all[name] = history.Tree{Value: v} }
	switch {
	case t.Kind != history.Leaf:
		listsLike(t, all)
	case t.Value.Kind == history.Number:
		leaf("raised", history.NumberOf(t.Value.Number+1))
		leaf("negated", history.NumberOf(-t.Value.Number-1))
		leaf("half a range away", history.NumberOf(t.Value.Number^(-1<<63)))
		leaf("as a text", history.TextOf(t.Value.String()))
	case t.Value.Kind == history.Symbol:
		leaf("as a text", history.TextOf(strings.TrimPrefix(t.Value.String(), ":")))
		leaf("changed", history.SymbolOf(":changed"))
	default:
		leaf("changed", history.TextOf(t.Value.String()+"?"))
		leaf("made a number", history.NumberOf(1))
	}
	return all
}

// listsLike adds the trees that differ in their items, or in one of these. Those of a map are pairs.
func listsLike(t history.Tree, all map[string]history.Tree) {
	with := func(items []history.Tree) history.Tree { return history.Tree{Kind: t.Kind, Items: items} }
	all["emptied"] = with(nil)
	size := 1
	if t.Kind == history.Mapping {
		size = 2
		all["a map as a list"] = history.Tree{Kind: history.Sequence, Items: t.Items}
	} else if len(t.Items)%2 == 0 {
		all["a list as a map"] = history.Tree{Kind: history.Mapping, Items: t.Items}
	}
	for i, x := range t.Items {
		place := strings.Repeat("'", i) // so that each item has names of its own
		for name, part := range treesLike(x) {
			items := slices.Clone(t.Items)
			items[i] = part
			all["an item"+place+" "+name] = with(items)
		}
		if i%size > 0 {
			continue
		}
		own := t.Items[i : i+size]
		all["lost an item"+place] = with(slices.Delete(slices.Clone(t.Items), i, i+size))
		all["doubled an item"+place] = with(slices.Insert(slices.Clone(t.Items), i, own...))
		if i > 0 {
			all["swapped items"+place] = with(slices.Concat(t.Items[:i-size], own, t.Items[i-size:i], t.Items[i+size:]))
		}
	}
}
