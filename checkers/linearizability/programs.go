package linearizability

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// unhurried lets a search take as long as it does: a verdict does not depend on how busy the
// machine is. Each task is a client that has one call under way, so that the states of a search
// are bounded by the product of the clients' calls, which are few in drawn programs.
var unhurried = Options{Timeout: -1}

// Programs returns the checker "linearizability/program", which decides whether the
// accesses of a program's workers to shared variables are linearizable, and lead to the values that the run shows in the
// end: as if somebody read all of them then. Chunks have the
// shared variables that the chunks before them left, whenever they run: so one chunk's
// accesses are after another's, in program order, and only those of the attempts count
// that were merged.
func Programs() checkers.OfProgram {
	return checkers.Ran("linearizability/program", func(_ program.Workload, o *trace.ProgramObservation) verdict {
		h, err := recordedHistory(o)
		if err != nil {
			return checkers.Undecided("malformed: %v", err)
		}
		if o.End != trace.ProgramRan {
			return checkers.Passed()
		}
		readFinal(o, h)
		return Check(SharedState(), h, unhurried).Verdict
	})
}

// readFinal adds a read of each shared variable that was called for or has a value in the end, after all else. A run that
// has met a limit does not say what it left, and of calls that failed with it some may have had an effect.
func readFinal(o *trace.ProgramObservation, h *history.Calls) {
	if err := o.Outcome.Err; err != nil && err.Kind.Limit() {
		return
	}
	var end time.Duration
	for i := range h.Calls {
		end = max(end, h.Calls[i].Returned)
	}
	for v, name := range o.Variables[o.Globals:] {
		var value history.Value
		for _, b := range o.Outcome.Shared {
			if b.Name == name {
				value = ValueOf(b.Value)
			}
		}
		h.Calls = append(h.Calls, history.Call{
			Process: int32(-1 - v), Invoked: end + 1, Returned: end + 2,
			Actions: []history.Action{{Kind: history.ReadKey, Key: fmt.Sprint(v), Value: value}},
		})
	}
}

// malformed says what no call can be; "" if nothing.
func malformed(o *trace.ProgramObservation, c *trace.SharedCall) string {
	n, known := operands[c.Op]
	switch {
	case !known || len(c.Args) != n:
		return fmt.Sprintf("a call of %v has %d operands", c.Op, len(c.Args))
	case c.Variable < 0 || len(o.Chunks) > 0 && int(c.Variable) >= len(o.Variables)-o.Globals:
		return fmt.Sprintf("a call of %v names shared variable %d of %d", c.Op, c.Variable, len(o.Variables)-o.Globals)
	case c.Chunk < -1 || int(c.Chunk) >= len(o.Chunks) || c.Attempt < 0 || c.Task < 1:
		return fmt.Sprintf("a call of %v is of task %d, in attempt %d at chunk %d of %d", c.Op, c.Task, c.Attempt, c.Chunk, len(o.Chunks))
	case c.Call < 0 || c.Return < c.Call:
		return fmt.Sprintf("a call of %v at %v returned at %v", c.Op, c.Call, c.Return)
	case c.Failed && c.Op != program.AtomicAdd:
		return fmt.Sprintf("a call of %v failed", c.Op)
	case c.Op == program.SharedWrite && c.Result.Kind() != program.NilKind, c.Op == program.AtomicCAS && c.Result.Kind() != program.BoolKind:
		return fmt.Sprintf("a call of %v has the result %v", c.Op, c.Result)
	}
	return ""
}

// operands are how many operands each operation on a shared variable has.
var operands = map[program.Opcode]int{program.SharedRead: 0, program.SharedWrite: 1, program.AtomicAdd: 1, program.AtomicCAS: 2}

// recordedHistory is the calls that counted, those of each chunk after those of the one before. Where the run began again,
// only what came after that did.
func recordedHistory(o *trace.ProgramObservation) (*history.Calls, error) {
	good := map[int32]int32{} // the attempt that succeeded, of each chunk
	merged := map[int32]bool{}
	undone := time.Duration(-1) // all calls before this time were undone
	for _, e := range o.Events {
		if e.Restarts() {
			undone = e.Time
			clear(merged)
		}
		switch e.Kind {
		case trace.ChunkSucceed:
			good[e.Chunk] = e.Attempt
		case trace.ChunkMerge:
			merged[e.Chunk] = true
		}
	}
	var counted []trace.SharedCall
	for _, c := range o.Calls {
		if why := malformed(o, &c); why != "" {
			return nil, errors.New(why)
		}
		if c.Chunk < 0 && c.Call >= undone || merged[c.Chunk] && good[c.Chunk] == c.Attempt {
			counted = append(counted, c)
		}
	}
	// What was executed outside of the chunks came before any of them had begun, or after all.
	began := slices.IndexFunc(o.Events, func(e trace.ChunkEvent) bool { return e.Kind == trace.ChunkStart })
	last := int32(len(o.Chunks))
	order := func(c *trace.SharedCall) int32 {
		if c.Chunk < 0 && (began < 0 || c.Call > o.Events[began].Time) {
			return last
		}
		return c.Chunk
	}
	slices.SortStableFunc(counted, func(a, b trace.SharedCall) int {
		return cmp.Or(cmp.Compare(order(&a), order(&b)), cmp.Compare(a.Call, b.Call))
	})
	h := &history.Calls{}
	var shift, end time.Duration
	for i := range counted {
		c := &counted[i]
		if i > 0 && order(c) != order(&counted[i-1]) {
			shift = end + 1 - c.Call
		}
		end = max(end, c.Return+shift)
		if a, ok := actionOf(c); ok {
			h.Calls = append(h.Calls, history.Call{Process: c.Task, Invoked: c.Call + shift, Returned: c.Return + shift, Actions: []history.Action{a}})
		}
	}
	return h, nil
}

// actionOf is what a call did; false if it did nothing that anybody else could see.
func actionOf(c *trace.SharedCall) (history.Action, bool) {
	key := fmt.Sprint(c.Variable)
	switch c.Op {
	case program.SharedRead:
		return history.Action{Kind: history.ReadKey, Key: key, Value: ValueOf(c.Result)}, true
	case program.SharedWrite:
		return history.Action{Kind: history.WriteKey, Key: key, Value: ValueOf(c.Args[0])}, true
	case program.AtomicAdd:
		if c.Failed {
			return history.Action{}, false
		}
		return history.Action{Kind: history.AddTo, Key: key, Delta: c.Args[0].AsInt(), Value: ValueOf(c.Result)}, true
	default:
		expected := ValueOf(c.Args[0])
		if !program.Equal(c.Args[0], c.Args[0]) { // NaN is in it, and equals nothing
			expected = history.TextOf("nothing")
		}
		return history.Action{Kind: history.CompareSet, Key: key, Old: expected, Value: ValueOf(c.Args[1]), OK: c.Result.AsBool()}, true
	}
}

// ValueOf is a machine's value as a history's. Equal values give the same one: numbers of
// the same size are one value, and nil is that of a variable that is not set.
func ValueOf(v program.Value) history.Value {
	switch v.Kind() {
	case program.NilKind:
		return history.Value{}
	case program.IntKind:
		return history.NumberOf(v.AsInt())
	case program.FloatKind:
		if whole(v.AsFloat()) {
			return history.NumberOf(int64(v.AsFloat()))
		}
	}
	return history.TextOf(canonical(v))
}

// whole reports whether a float is an int exactly.
func whole(f float64) bool { return f > -1e15 && f < 1e15 && f == math.Trunc(f) }

// canonical is a value's text, in which numbers of the same size are the same.
func canonical(v program.Value) string {
	switch v.Kind() {
	case program.FloatKind:
		if whole(v.AsFloat()) {
			return strconv.FormatInt(int64(v.AsFloat()), 10)
		}
	case program.ListKind:
		var parts []string
		for _, e := range v.Elements() {
			parts = append(parts, canonical(e))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case program.MapKind:
		var parts []string
		for _, e := range v.Entries() {
			parts = append(parts, canonical(e.Key)+": "+canonical(e.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return v.String()
}
