package schedule

import (
	"fmt"

	"synchrony/models/text"
)

var (
	opWords = [...]string{
		OpNone: "none", OpBegin: "begin", OpEnd: "end", OpSpawn: "spawn", OpRead: "read", OpWrite: "write",
		OpLoad: "load", OpStore: "store", OpRMW: "rmw", OpLock: "lock", OpUnlock: "unlock", OpWait: "wait",
		OpSignal: "signal", OpBroadcast: "broadcast", OpDone: "done", OpJoin: "join", OpArm: "arm", OpStop: "stop",
		OpFire: "fire", OpNow: "now", OpSpin: "spin", OpSleep: "sleep", OpAdd: "add",
		OpSend: "send", OpRecv: "recv", OpClose: "close", OpSelect: "select", OpPick: "pick", OpWake: "wake",
		OpTryLock: "trylock", OpRLock: "rlock", OpRUnlock: "runlock", OpYield: "yield",
	}
	// opDeeds say what a task does with an object, whose name follows.
	opDeeds = [...]string{
		OpNone: "takes a step", OpBegin: "begins", OpEnd: "ends", OpSpawn: "starts", OpRead: "reads", OpWrite: "writes",
		OpLoad: "loads", OpStore: "stores", OpRMW: "updates", OpLock: "locks", OpUnlock: "unlocks", OpWait: "waits on",
		OpSignal: "wakes one at", OpBroadcast: "wakes all at", OpDone: "counts down", OpJoin: "joins", OpArm: "sets", OpStop: "stops",
		OpFire: "moves", OpNow: "looks at", OpSpin: "spins on", OpSleep: "sleeps until", OpAdd: "adds to",
		OpSend: "sends on", OpRecv: "receives from", OpClose: "closes", OpSelect: "selects", OpPick: "takes choice", OpWake: "is woken by",
		OpTryLock: "tries to lock", OpRLock: "locks for reading", OpRUnlock: "unlocks after reading", OpYield: "lets others go first",
	}
	classWords = [...]string{
		ClassNone: "none", ClassTask: "task", ClassMutex: "mutex", ClassCond: "cond", ClassGroup: "group",
		ClassAtomic: "atomic", ClassTimer: "timer", ClassClock: "clock", ClassQueue: "queue", ClassCounter: "counter",
		ClassCell: "cell", ClassCommit: "commit", ClassStore: "store", ClassCancel: "cancel", ClassShared: "shared",
		ClassBarrier: "barrier", ClassUser: "user", ClassChan: "chan", ClassRWMutex: "rwmutex",
		ClassWaitGroup: "waitgroup", ClassOnce: "once", ClassMap: "map", ClassPool: "pool", ClassCoroutine: "coroutine",
		ClassRandom: "random",
	}
)

// pickOf says what is chosen, where it is more than one of several ways on.
var pickOf = map[Class]string{ClassMap: " for the order of a map", ClassRandom: " of a random number"}

// String is the operation's word: "rmw".
func (op Op) String() string { return text.Word(opWords[:], int(op)) }

// Deed says what the step does, for a sentence whose subject is its task: "loads balance/3", "begins", "starts worker 1". object
// and task give names.
func (s Step) Deed(object func(Object) string, task func(int32) string) string {
	deed := text.Word(opDeeds[:], int(s.Op))
	switch {
	case s.Object.Class == ClassNone, s.Op == OpBegin, s.Op == OpEnd:
		return deed
	case s.Op == OpPick:
		return fmt.Sprintf("%s %d%s", deed, s.Object.Index+1, pickOf[s.Object.Class])
	}
	name := object(s.Object)
	if s.Object.Class == ClassTask && name == s.Object.String() { // nobody has a better one
		name = task(s.Object.Index)
	}
	return deed + " " + name
}

// String is the class's word: "mutex".
func (c Class) String() string { return text.Word(classWords[:], int(c)) }

// String is the object's text form, "mutex/0".
func (o Object) String() string { return fmt.Sprintf("%v/%d", o.Class, o.Index) }

// ParseClass is the inverse of Class.String.
func ParseClass(s string) (Class, error) {
	i, err := text.Unword("class", classWords[:], s)
	return Class(i), err
}

// ParseOp is the inverse of Op.String.
func ParseOp(s string) (Op, error) {
	i, err := text.Unword("operation", opWords[:], s)
	return Op(i), err
}
