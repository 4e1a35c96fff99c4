package spoiled

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
)

// Change makes one thing of a recording wrong.
type Change struct {
	Rule  string // how: "raised"
	Where string // what, by its kind: "Events[write].New"
	Place string // and which one: "Events[3].New"
	At    int    // if a list is changed, the element that is lost, doubled, swapped with the next or put in its place

	path  []step
	spoil func(reflect.Value)
}

// String tells the change: "Events[3].New raised".
func (c Change) String() string {
	if len(c.path) > 0 && c.At > 0 {
		return fmt.Sprintf("%s %s (%d)", c.Place, c.Rule, c.At)
	}
	return strings.TrimSpace(c.Place + " " + c.Rule)
}

// Class is what changes of one kind have in common: "Events[write].New raised".
func (c Change) Class() string { return strings.TrimSpace(c.Where + " " + c.Rule) }

// step leads from a value to one of its parts: to a field, to an element, or to what a pointer points to.
type step struct {
	kind  reflect.Kind // Struct, Slice or Pointer
	index int
}

// Apply returns the recording with the change. What the original refers to stays as it is.
func Apply[O any](c Change, o O) O {
	v := reflect.ValueOf(&o).Elem()
	for _, s := range c.path {
		switch s.kind {
		case reflect.Struct:
			v = v.Field(s.index)
		case reflect.Slice:
			own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(own, v)
			v.Set(own)
			v = v.Index(s.index)
		case reflect.Pointer:
			own := reflect.New(v.Type().Elem())
			own.Elem().Set(v.Elem())
			v.Set(own)
			v = own.Elem()
		}
	}
	c.spoil(v)
	return o
}

// All returns every change that the rules make of a recording.
func All[O any](o *O, skip Skipped) []Change {
	var all []Change
	var walk func(n node)
	walk = func(n node) {
		for _, r := range rulesOf(n.value) {
			all = append(all, n.change(r))
		}
		for _, part := range n.parts(skip) {
			walk(part)
		}
	}
	walk(root(o))
	return append(all, compounds(o)...)
}

// compoundShare is how many of a hundred drawn changes are of several things that belong together.
const compoundShare = 10

// Draw chooses a change, if there is any. Each part of a recording is chosen as often as it has kinds of parts of its own,
// and not as there are elements in it, so that what there is little of is spoiled too.
func Draw[O any](rng *rand.Rand, o *O, skip Skipped) (Change, bool) {
	if rng.IntN(100) < compoundShare {
		if cs := compounds(o); len(cs) > 0 {
			return cs[rng.IntN(len(cs))], true
		}
	}
	const attempts = 32 // most of an empty recording has nothing to spoil
	for range attempts {
		if c, ok := root(o).draw(rng, skip); ok {
			return c, true
		}
	}
	return Change{}, false
}

// Skipped says of what is not spoiled, by Change.Where, why.
type Skipped map[string]string

// node is a part of a recording, and the way to it.
type node struct {
	value        reflect.Value
	path         []step
	where, place string
}

func root[O any](o *O) node { return node{value: reflect.ValueOf(o).Elem()} }

func (n node) change(r rule) Change {
	return Change{Rule: r.name, Where: n.where, Place: n.place, At: r.at, path: n.path, spoil: r.spoil}
}

// child is a part of n.
func (n node) child(v reflect.Value, s step, where, place string) node {
	return node{v, append(n.path[:len(n.path):len(n.path)], s), n.where + where, n.place + place}
}

// parts are what a value consists of, if it is not spoiled as a whole.
func (n node) parts(skip Skipped) []node {
	v := n.value
	if _, whole := byType[v.Type()]; whole {
		return nil
	}
	var parts []node
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			name := f.Name
			if n.where != "" {
				name = "." + name
			}
			if _, skipped := skip[n.where+name]; f.IsExported() && !skipped {
				parts = append(parts, n.child(v.Field(i), step{reflect.Struct, i}, name, name))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			parts = append(parts, n.child(v.Index(i), step{reflect.Slice, i}, "["+kindOf(v.Index(i))+"]", fmt.Sprintf("[%d]", i)))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			parts = append(parts, n.child(v.Elem(), step{reflect.Pointer, 0}, "", ""))
		}
	}
	return parts
}

// kindOf is the kind of an event, in a word, if the value is one.
func kindOf(v reflect.Value) string {
	if v.Kind() != reflect.Struct {
		return ""
	}
	for _, name := range []string{"Kind", "Op"} {
		if f := v.FieldByName(name); f.IsValid() {
			if s, ok := f.Interface().(fmt.Stringer); ok {
				return s.String()
			}
			return fmt.Sprint(f.Interface())
		}
	}
	return ""
}

// draw goes down to a part at random and chooses one of its rules.
func (n node) draw(rng *rand.Rand, skip Skipped) (Change, bool) {
	rules, parts := rulesOf(n.value), n.parts(skip)
	weights := make([]int, len(parts))
	inside := 0
	for i, p := range parts {
		if weights[i] = 1; n.value.Kind() == reflect.Struct {
			weights[i] = size(p.value.Type())
		}
		inside += weights[i]
	}
	own := len(rules)
	if n.value.Kind() == reflect.Slice && len(parts) > 0 {
		own = (len(parts) + 1) / 2 // a third of a list's changes are about its order
	}
	if own+inside == 0 {
		return Change{}, false
	}
	at := rng.IntN(own + inside)
	if at < own {
		return n.change(rules[rng.IntN(len(rules))]), true
	}
	at -= own
	for i, w := range weights {
		if at < w {
			return parts[i].draw(rng, skip)
		}
		at -= w
	}
	return Change{}, false
}

// size is how many kinds of parts a type has.
func size(t reflect.Type) int {
	if _, whole := byType[t]; whole {
		return 1
	}
	switch t.Kind() {
	case reflect.Struct:
		n := 0
		for i := range t.NumField() {
			if t.Field(i).IsExported() {
				n += size(t.Field(i).Type)
			}
		}
		return n
	case reflect.Slice, reflect.Pointer:
		return 1 + size(t.Elem())
	}
	return 1
}
