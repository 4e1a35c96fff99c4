package schedule

import (
	"fmt"
	"strconv"
	"strings"

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
		OpSend: "sends on", OpRecv: "receives from", OpClose: "closes", OpSelect: "takes a case of a select", OpPick: "takes choice", OpWake: "is woken by",
		OpTryLock: "tries to lock", OpRLock: "locks", OpRUnlock: "unlocks", OpYield: "lets others go first",
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

// opManner is what follows the object's name.
var opManner = map[Op]string{OpRLock: " for reading", OpRUnlock: " after reading"}

// opWaits say what a task waits for that is about to do it with an object, whose name follows; of the others, the operation's word does.
var opWaits = map[Op]string{
	OpJoin: "for", OpWait: "on", OpSleep: "for", OpWake: "for", OpSelect: "in a select on", OpRecv: "to receive from", OpSend: "to send on", OpRLock: "to lock",
}

// classNouns are what people call the objects of classes whose words in the text form are no words of theirs.
var classNouns = map[Class]string{ClassGroup: "wait group", ClassWaitGroup: "wait group", ClassChan: "channel", ClassCond: "condition", ClassRWMutex: "RWMutex", ClassCancel: "cancel flag", ClassUser: "object", ClassShared: "shared variable"}

// pickOf says what is chosen, where it is more than one of several ways on.
var pickOf = map[Class]string{ClassMap: " for the order of a map", ClassRandom: " of a random number"}

// String is the operation's word: "rmw".
func (op Op) String() string { return text.Word(opWords[:], int(op)) }

// Waits says for what a task waits that is about to do op with an object of that name: "to lock mutex 1", for "worker 0 waits".
func (op Op) Waits(object string) string {
	phrase, ok := opWaits[op]
	if !ok {
		phrase = "to " + op.String()
	}
	return strings.TrimRight(phrase+" "+object, " ") + opManner[op]
}

// NobodyWaits ends what [Deeds] says of a signal that is lost.
const NobodyWaits = ", where nobody waits"

// Deeds say what each step of a run does, from its first, as [Step.Deed] does; of a signal, also whether anybody waited for it, and of a step after which
// its task had to wait, for what: "waits to lock mutex 1". parked says after which that was so; it is nil if that is not known.
func Deeds(steps []Step, parked func(step int) bool, object func(Object) string, task func(int32) string) []string {
	deeds, waiting, parkedFor, onces := make([]string, len(steps)), map[Object]int{}, map[int32]Op{}, map[Object]onceState{}
	for i, s := range steps {
		waits := parked != nil && parked(i)
		deeds[i] = s.deed(parkedFor[s.Task], waits, object, task)
		if !waits {
			delete(parkedFor, s.Task)
		} else if s.Op != OpWake {
			parkedFor[s.Task] = s.Op
		}
		if s.Object.Class == ClassOnce {
			if s.Op == OpLock {
				deeds[i] = onces[s.Object].comes(object(s.Object))
			}
			onces[s.Object] = onces[s.Object].after(s.Op)
		}
		if s.Object.Class != ClassCond {
			continue
		}
		switch {
		case s.Op == OpWait:
			waiting[s.Object]++
		case s.Op != OpSignal && s.Op != OpBroadcast:
		case waiting[s.Object] == 0:
			deeds[i] = "signals " + object(s.Object) + NobodyWaits
		case s.Op == OpSignal:
			waiting[s.Object]--
		default:
			waiting[s.Object] = 0
		}
	}
	return deeds
}

// onceState is how far a once is.
type onceState uint8

const (
	onceNew onceState = iota
	onceBegun
	onceDone
)

// comes says what a task does that comes to a once.
func (o onceState) comes(name string) string {
	switch o {
	case onceNew:
		return "begins " + name
	case onceBegun:
		return "waits for " + name
	}
	return "finds " + name + " done"
}

// after is the state after a step.
func (o onceState) after(op Op) onceState {
	switch {
	case op == OpUnlock:
		return onceDone
	case op == OpLock && o == onceNew:
		return onceBegun
	}
	return o
}

// deed is [Step.Deed] of a step after which its task had to wait, or not; and of one that completes what it waited for, parkedFor, if that is not OpNone.
func (s Step) deed(parkedFor Op, waits bool, object func(Object) string, task func(int32) string) string {
	if s.Op == OpWake && parkedFor != OpNone {
		s.Op = parkedFor
	}
	switch {
	case !waits:
		return s.Deed(object, task)
	case s.Op == OpSelect: // on all of its channels, of which the step has one
		return "waits in a select"
	}
	return "waits " + s.Op.Waits(object(s.Object))
}

// Deed says what the step does, for a sentence whose subject is its task: "loads balance 3", "begins", "starts worker 1". object
// and task give names. Of all steps of a run, [Deeds] knows more.
func (s Step) Deed(object func(Object) string, task func(int32) string) string {
	deed := text.Word(opDeeds[:], int(s.Op))
	switch {
	case s.Op == OpSpin && s.Object.Class == ClassNone:
		return "spins"
	case s.Object.Class == ClassNone, s.Op == OpBegin, s.Op == OpEnd, s.Op == OpSelect: // of the channels of a select the step has one
		return deed
	case s.Op == OpPick:
		return fmt.Sprintf("%s %d%s", deed, s.Object.Index+1, pickOf[s.Object.Class])
	}
	name := object(s.Object)
	if s.Object.Class == ClassOnce {
		switch s.Op {
		case OpLock:
			return "comes to " + name // see Deeds
		case OpUnlock:
			return "has done " + name
		case OpLoad, OpJoin:
			return "finds " + name + " done"
		}
	}
	if s.Object.Class == ClassTask && name == s.Object.Name() { // nobody has a better one
		name = task(s.Object.Index)
	}
	return deed + " " + name + opManner[s.Op]
}

// String is the class's word: "mutex".
func (c Class) String() string { return text.Word(classWords[:], int(c)) }

// String is the object's text form, "mutex/0".
func (o Object) String() string { return fmt.Sprintf("%v/%d", o.Class, o.Index) }

// Name is what people call the object of which nothing else is known: "mutex 0". Those of a class are numbered from 0, most in the order in which a run first uses them.
func (o Object) Name() string {
	switch {
	case o.Class == ClassClock:
		return "the clock" // there is one
	case o.Class == ClassChan && o.Index < 0:
		return "a nil channel"
	}
	noun, ok := classNouns[o.Class]
	if !ok {
		noun = o.Class.String()
	}
	return fmt.Sprintf("%s %d", noun, o.Index)
}

// ParseObject is the inverse of Object.String.
func ParseObject(s string) (o Object, err error) {
	class, index, _ := strings.Cut(s, "/")
	if o.Class, err = ParseClass(class); err != nil {
		return o, err
	}
	n, err := strconv.ParseInt(index, 10, 32)
	if err != nil {
		return o, fmt.Errorf("%q has no number that is one of an object", s)
	}
	o.Index = int32(n)
	return o, nil
}

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
