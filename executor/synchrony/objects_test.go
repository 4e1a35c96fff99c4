package synchrony

import (
	"testing"

	"synchrony/models/schedule"
)

// TestObjectNames: what is numbered below zero, which would tell nobody anything, has a name, each its own; what belongs to a worker or to a transaction has none.
func TestObjectNames(t *testing.T) {
	named := map[string]schedule.Object{}
	for _, o := range []schedule.Object{cursorObject, parkedObject, remainsObject, tallyObject} {
		name := ObjectName(o)
		if other, ok := named[name]; ok || name == "" {
			t.Errorf("%v is called %q, as is %v", o, name, other)
		}
		named[name] = o
	}
	for _, o := range []schedule.Object{controlObject, queueObject(0), counterObject(0), cellObject(0), slotObject(0)} {
		if name := ObjectName(o); name != "" {
			t.Errorf("%v is called %q", o, name)
		}
	}
}
