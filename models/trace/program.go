package trace

import (
	"time"

	"synchrony/models/program"
	"synchrony/models/schedule"
)

// ProgramEnd is how a run of a program ended.
type ProgramEnd uint8

// The ends.
const (
	ProgramRan       ProgramEnd = iota + 1 // by a result or an error of its own: see Outcome
	ProgramRefused                         // not run: invalid program or configuration
	ProgramTimedOut                        // the run's timeout
	ProgramCancelled                       // the caller's context
	ProgramGaveUp                          // a chunk's attempts were used up, and there was no fallback
)

// String is the end in a word or two.
func (e ProgramEnd) String() string {
	switch e {
	case ProgramRan:
		return "ran"
	case ProgramTimedOut:
		return "timeout"
	case ProgramCancelled:
		return "cancelled"
	case ProgramGaveUp:
		return "gave up"
	}
	return "refused"
}

// Chunk is a piece of the main code, as the analysis describes it. Variables are numbered as in
// ProgramObservation.Variables.
type Chunk struct {
	From, To  int     // instructions From…To-1 of the main code
	Reads     []int32 // may be read before they are written
	Writes    []int32 // may be written
	Must      []int32 // are written whenever the chunk ends without an error
	Effects   program.Effect
	Parallel  bool   // it may run beside others
	Why       string // why it is cut where it begins, and why it is not parallel if it isn't
	Unbounded bool   // it has loops or calls: its cost is not its length
}

// ChunkDependencyKind is a set of reasons for a dependency between chunks.
type ChunkDependencyKind uint8

// The reasons. Private copies remove WAR and WAW: only the others hold a chunk back.
const (
	ChunkRAW     ChunkDependencyKind = 1 << iota // To reads what From writes
	ChunkWAR                                     // To writes what From reads
	ChunkWAW                                     // both write
	ChunkControl                                 // whether To is reached depends on From: it may fail or return
	ChunkOutput                                  // both print
	ChunkBudget                                  // To needs to know what From used: it forks
)

// Names names the elements of the set, in the order of their declaration.
func (k ChunkDependencyKind) Names() []string {
	var names []string
	for i, name := range []string{"RAW", "WAR", "WAW", "control", "output", "budget"} {
		if k&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// ChunkDependency is what chunk To takes from chunk From.
type ChunkDependency struct {
	From, To  int32
	Kinds     ChunkDependencyKind
	Variables []int32 // ascending
}

// ProgramAnalysis is how a program would be cut into chunks, and why.
type ProgramAnalysis struct {
	Variables []string // names by number: globals, then shared variables
	Globals   int
	Chunks    []Chunk
	Edges     []ChunkDependency // ordered by To, then From
	Cells     []CellVersion
}

// ChunkEventKind is what happened to an attempt at a chunk.
type ChunkEventKind uint8

// The events.
const (
	ChunkStart    ChunkEventKind = iota + 1
	ChunkSucceed                 // it reached its end, an error of the program, or a RETURN
	ChunkFail                    // it failed for a reason outside the program
	ChunkPanic                   // it panicked
	ChunkTimeout                 // it took too long
	ChunkAbandon                 // sequential execution does not reach it, or the run stopped
	ChunkMerge                   // its effects were merged
	ChunkFallback                // sequential execution went on from this chunk
)

// FallbackReason says why sequential execution went on where chunks did not.
type FallbackReason uint8

// The reasons. There is no other: a machine that falls back for anything else hides what has gone wrong in it.
const (
	AttemptsUsedUp FallbackReason = iota + 1 // all attempts at a chunk have failed: again from the initial state
	TimeShort                                // half of the run's time is over: again from the initial state
	LimitNear                                // a limit may strike in the chunk, which only sequential execution can tell: on from there
)

// String is the reason in words; "" if there is none.
func (r FallbackReason) String() string {
	switch r {
	case AttemptsUsedUp:
		return "attempts used up"
	case TimeShort:
		return "half of the time is over"
	case LimitNear:
		return "a limit is near"
	}
	return ""
}

// ChunkEvent is one thing that happened during a run.
type ChunkEvent struct {
	Time    time.Duration
	Kind    ChunkEventKind
	Worker  int32
	Chunk   int32
	Attempt int32
	Why     FallbackReason // of a ChunkFallback
}

// Restarts reports whether the run began again from its initial state: what had been executed by then, in chunks or
// outside of them, is undone.
func (e ChunkEvent) Restarts() bool { return e.Kind == ChunkFallback && e.Why != LimitNear }

// String is the kind in a word.
func (k ChunkEventKind) String() string {
	words := [...]string{
		ChunkStart: "start", ChunkSucceed: "succeed", ChunkFail: "fail", ChunkPanic: "panic", ChunkTimeout: "timeout",
		ChunkAbandon: "abandon", ChunkMerge: "merge", ChunkFallback: "fallback",
	}
	if k == 0 || int(k) >= len(words) {
		return "?"
	}
	return words[k]
}

// ChunkAccess is the variables that the merged attempt at a chunk really touched.
type ChunkAccess struct {
	Chunk  int32
	Reads  []int32 // before it wrote them; ascending
	Writes []int32
}

// SharedCall is one operation on a shared variable, for a linearizability check.
type SharedCall struct {
	Task         int32 // the worker, in the order of their first returns
	Op           program.Opcode
	Variable     int32 // counts the shared variables from 0: its name is ProgramObservation.Variables[Globals+Variable]
	Args         []program.Value
	Result       program.Value
	Failed       bool
	Call, Return time.Duration
	Chunk        int32 // of whose attempt it is part, -1 if there are no chunks
	Attempt      int32
}

// BarrierEventKind is what a worker did at a barrier.
type BarrierEventKind uint8

// The events.
const (
	BarrierArrive BarrierEventKind = iota + 1
	BarrierPass
	BarrierBreak // it was told that the barrier is broken
)

// BarrierEvent is one worker at one barrier.
type BarrierEvent struct {
	Time    time.Duration
	Kind    BarrierEventKind
	Fork    int32 // in order of their beginning
	Worker  int32 // in the fork
	Workers int32 // of the fork
	Round   int32
	Barrier int32
}

// ForkEventKind is what happened in a fork.
type ForkEventKind uint8

// The events.
const (
	ForkBegin ForkEventKind = iota + 1
	WorkerBegin
	WorkerEnd
	ForkMerge   // a worker's variables and output were merged
	ForkJoin    // all workers have ended
	ForkTimeout // the join's timeout struck
)

// ForkEvent is one thing that happened in a fork.
type ForkEvent struct {
	Time    time.Duration
	Kind    ForkEventKind
	Fork    int32
	Worker  int32 // in the fork; -1 if it concerns all
	Workers int32 // of the fork
}

// ProgramMetrics counts what a run did. Times are the runtime's.
type ProgramMetrics struct {
	Total, Parallel, Merge     time.Duration
	Chunks, Workers            int
	Succeeded, Failed, Retried int // attempts
	Abandoned                  int
	// Fallbacks is 1 if the chunks' work was dropped and the program run again from its initial state. Going on
	// sequentially behind chunks that were merged, for a limit that may be near, drops nothing and is
	// not counted; both have a ChunkFallback event.
	Fallbacks           int
	Speedup, Efficiency float64  // measured against a sequential run, which a run by itself has not: then 0
	Errors              []string // of the failed attempts, each with its chunk and number
}

// CellVersion says what an object of ClassCell is: the value of a variable that a chunk leaves to
// others.
type CellVersion struct {
	Chunk    int32
	Variable int32
}

// ProgramObservation is what one run of a program showed.
type ProgramObservation struct {
	End     ProgramEnd
	Outcome program.Outcome // if ProgramRan
	Error   string          // the error as a person sees it, if there is one
	Mode    program.Mode    // how it was run in the end: Parallel or Sequential

	Variables []string // names, by number: the globals, then the shared variables
	Globals   int      // how many of them are globals

	Chunks   []Chunk
	Edges    []ChunkDependency
	Cells    []CellVersion // by the index of a ClassCell object
	Events   []ChunkEvent  // in the order in which they were recorded
	Accesses []ChunkAccess // only if the system records them
	Calls    []SharedCall
	Barriers []BarrierEvent
	Forks    []ForkEvent
	Steps    []schedule.Step // every scheduled step; controlled runs only
	Metrics  ProgramMetrics
}

// Missed says what the run missed of what its program's text expects, a sentence for each; nothing
// if that expects nothing. A run that does not come to its end misses any expectation.
func (o *ProgramObservation) Missed(e *program.Expectation) []string {
	switch {
	case e == nil:
		return nil
	case o.End != ProgramRan:
		return []string{"the run did not come to its end: " + o.End.String()}
	}
	return e.Check(o.Outcome)
}

// Ending is how the run ended and with what, on one line: equal lines are the same ending.
func (o *ProgramObservation) Ending() string {
	if o.End != ProgramRan {
		return o.End.String()
	}
	return o.Outcome.Line(o.Variables[:o.Globals])
}
