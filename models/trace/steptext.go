package trace

import (
	"fmt"
	"strconv"
	"strings"
)

var (
	opWords = [...]string{
		OpNone: "none", OpBegin: "begin", OpEnd: "end", OpSpawn: "spawn", OpRead: "read", OpWrite: "write",
		OpLoad: "load", OpStore: "store", OpRMW: "rmw", OpLock: "lock", OpUnlock: "unlock", OpWait: "wait",
		OpSignal: "signal", OpBroadcast: "broadcast", OpDone: "done", OpJoin: "join", OpArm: "arm", OpStop: "stop",
		OpFire: "fire", OpNow: "now", OpSpin: "spin", OpSleep: "sleep", OpAdd: "add",
	}
	classWords = [...]string{
		ClassNone: "none", ClassTask: "task", ClassMutex: "mutex", ClassCond: "cond", ClassGroup: "group",
		ClassAtomic: "atomic", ClassTimer: "timer", ClassClock: "clock", ClassQueue: "queue", ClassCounter: "counter",
		ClassCell: "cell", ClassCommit: "commit", ClassStore: "store", ClassCancel: "cancel", ClassShared: "shared",
		ClassBarrier: "barrier", ClassUser: "user",
	}
)

// String is the operation's word: "rmw".
func (op Op) String() string { return word(opWords[:], int(op)) }

// String is the class's word: "mutex".
func (c Class) String() string { return word(classWords[:], int(c)) }

// String is the object's text form, "mutex/0".
func (o Object) String() string { return fmt.Sprintf("%v/%d", o.Class, o.Index) }

// ParseOp is the inverse of Op.String.
func ParseOp(s string) (Op, error) {
	i, err := unword("operation", opWords[:], s)
	return Op(i), err
}

// ParseObject is the inverse of Object.String.
func ParseObject(s string) (Object, error) {
	class, index, ok := strings.Cut(s, "/")
	if !ok {
		return Object{}, fmt.Errorf("%q is no object: want class/number, such as mutex/0", s)
	}
	c, err := unword("class", classWords[:], class)
	if err != nil {
		return Object{}, err
	}
	i, err := strconv.ParseInt(index, 10, 32)
	if err != nil {
		return Object{}, fmt.Errorf("%q is no object: %q is not a number", s, index)
	}
	return Object{Class: Class(c), Index: int32(i)}, nil
}
