package schedule

import "testing"

// TestDeed: a sentence says what a step does, to what by its name; of a choice, which of them.
func TestDeed(t *testing.T) {
	object := func(o Object) string {
		if o.Class == ClassMutex {
			return "the lock"
		}
		return o.String()
	}
	task := func(int32) string { return "worker 1" }
	for _, c := range []struct {
		step Step
		want string
	}{
		{Step{Op: OpLock, Object: Object{Class: ClassMutex}}, "locks the lock"},
		{Step{Op: OpSpawn, Object: Object{ClassTask, 2}}, "starts worker 1"},
		{Step{Op: OpBegin, Object: Object{ClassTask, 2}}, "begins"},
		{Step{Op: OpYield}, "lets others go first"},
		{Step{Op: OpPick, Object: Object{ClassUser, 0}}, "takes choice 1"},
		{Step{Op: OpPick, Object: Object{ClassMap, 1}}, "takes choice 2 for the order of a map"},
		{Step{Op: OpPick, Object: Object{ClassRandom, 0}}, "takes choice 1 of a random number"},
	} {
		if got := c.step.Deed(object, task); got != c.want {
			t.Errorf("%v: %q, want %q", c.step, got, c.want)
		}
	}
}
