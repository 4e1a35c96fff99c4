package gotest

import (
	"fmt"
	"slices"
	"strings"

	protocol "synchrony/executor/shim/testing"
	"synchrony/models/schedule"
)

// objectNames name what the steps of a run touch: by what the program calls it where it is used, "c.mu (mutex 0)", as far as the source says so.
type objectNames struct {
	source *sources
	names  map[string]string // by object, what it is called wherever it is used
	shared map[string]bool   // what several objects are called
}

// objects are the names of what a finding's steps touch.
func (t *describer) objects(f *protocol.Finding) *objectNames {
	n := &objectNames{source: &t.source, names: map[string]string{}, shared: map[string]bool{}}
	several := map[string]bool{}
	for _, s := range f.Steps {
		if s.Object == "" || s.Position == "" || several[s.Object] {
			continue
		}
		switch called := t.source.operand(placeOf(s.Position), sourceOp(s.Op, s.Object)); {
		case called == "" || called == n.names[s.Object]:
		case n.names[s.Object] != "": // it is called otherwise here
			several[s.Object] = true
			delete(n.names, s.Object)
		default:
			n.names[s.Object] = called
		}
	}
	of := map[string]string{}
	for object, called := range n.names {
		n.shared[called] = n.shared[called] || of[called] != ""
		of[called] = object
	}
	return n
}

// plain is an object's name of which nothing else is known: "mutex 1" for "mutex/1".
func plainName(object string) string {
	o, err := schedule.ParseObject(object)
	if err != nil {
		return object
	}
	return o.Name()
}

func called(name, object string) string {
	if name == "" {
		return plainName(object)
	}
	return fmt.Sprintf("%s (%s)", name, plainName(object))
}

// one is the name of an object, the same wherever it is used.
func (n *objectNames) one(object string) string { return called(n.names[object], object) }

func (n *objectNames) all(objects []string) []string {
	names := make([]string, len(objects))
	for i, o := range objects {
		names[i] = n.one(o)
	}
	return names
}

// at are the names of what an operation at a position is about: what the program calls it there, if it is one object.
func (n *objectNames) at(objects []string, position, op string) []string {
	if len(objects) == 1 {
		if name := n.source.operand(placeOf(position), sourceOp(op, objects[0])); name != "" {
			return []string{called(name, objects[0])}
		}
	}
	return n.all(objects)
}

// held is the name of what a goroutine holds, as the program calls it where the goroutine locked it.
func (n *objectNames) held(f *protocol.Finding, task int32, object string) string {
	for _, s := range slices.Backward(f.Steps) {
		if s.Task == task && s.Object == object && strings.HasSuffix(s.Op, "lock") && s.Position != "" {
			return n.at([]string{object}, s.Position, s.Op)[0]
		}
	}
	return n.one(object)
}

// short is an object's name in a row: what the program calls it, if it calls nothing else so.
func (n *objectNames) short(o schedule.Object) string {
	name := n.names[o.String()]
	if name == "" || n.shared[name] {
		return n.one(o.String())
	}
	return name
}
