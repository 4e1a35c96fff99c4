package schedule

import "testing"

// TestDeed: a sentence says what a step does, to what by its name; of a choice, which of them.
func TestDeed(t *testing.T) {
	object := func(o Object) string {
		if o.Class == ClassMutex {
			return "the lock"
		}
		if o.Class == ClassTask {
			return o.Name()
		}
		return o.String()
	}
	task := func(int32) string { return "worker 1" }
	for _, c := range []struct {
		step Step
		want string
	}{
		{Step{Op: OpLock, Object: Object{Class: ClassMutex}}, "locks the lock"},
		{Step{Op: OpRLock, Object: Object{ClassRWMutex, 1}}, "locks rwmutex/1 for reading"},
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

// TestWaits: a sentence says for what a task waits.
func TestWaits(t *testing.T) {
	for _, c := range []struct {
		op     Op
		object Object
		want   string
	}{
		{OpLock, Object{ClassMutex, 1}, "to lock mutex 1"},
		{OpRLock, Object{ClassRWMutex, 0}, "to lock RWMutex 0 for reading"},
		{OpJoin, Object{ClassGroup, 2}, "for wait group 2"},
		{OpJoin, Object{ClassWaitGroup, 2}, "for wait group 2"},
		{OpRecv, Object{ClassChan, -1}, "to receive from a nil channel"},
		{OpSend, Object{ClassChan, 3}, "to send on channel 3"},
		{OpWait, Object{ClassCond, 0}, "on condition 0"},
		{OpSpin, Object{ClassUser, 0}, "to spin object 0"},
	} {
		if got := c.op.Waits(c.object.Name()); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestParseObject: an object is what its text form says.
func TestParseObject(t *testing.T) {
	for class := range Class(Classes) {
		for _, index := range []int32{-1, 0, 7} {
			o := Object{class, index}
			if got, err := ParseObject(o.String()); got != o || err != nil {
				t.Errorf("%v is parsed as %v: %v", o, got, err)
			}
		}
	}
	for _, s := range []string{"", "mutex", "mutex/", "mutex/x", "muttex/0", "mutex/99999999999"} {
		if o, err := ParseObject(s); err == nil {
			t.Errorf("%q is parsed as %v", s, o)
		}
	}
}
