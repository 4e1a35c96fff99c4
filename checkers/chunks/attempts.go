package chunks

import (
	"fmt"
	"slices"
	"time"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// Attempts decides whether every chunk was executed as it must be: attempts one after
// another, no more than the retries allow, none after a success, and each that fails has
// a reason in the faults, or in the time that it took, and none before the chunks have succeeded whose values it takes; then the chunks' effects merged once each, in program order,
// without a gap, up to where the program ends, unless sequential execution went on from
// the first that was not, for one of the reasons that there are ([trace.FallbackReason]), which the workload and what happened
// before confirm. So a machine whose attempts go wrong by themselves is found although their repetition, or the fallback,
// makes up for them. Rules: "malformed attempt", "too many attempts", "attempt after the end",
// "attempt before its inputs", "failure without a fault", "merged twice", "merged without success", "merged out of order",
// "lost chunk", "fallback after a merge", "fallback without a reason".
func Attempts() checkers.OfProgram { return ruled("attempts", checkAttempts) }

// history is what became of one chunk.
type history struct {
	attempts int // begun
	by       int32
	began    time.Duration // the last one
	open     bool          // the last one has not ended
	over     bool          // the last one succeeded or was abandoned
	good     bool          // it succeeded
	failed   int
	merged   bool
}

// progress is what became of all chunks up to some event.
type progress struct {
	*run
	chunks   []history
	first    int // the first chunk of which there may be attempts: a run in mode auto begins sequentially
	merged   int // the last chunk that was merged; -1 at first
	fallback int // the chunk from which sequential execution went on, or -1
	last     time.Duration
	busy     map[int32]bool // by worker: an attempt of it is under way
}

func checkAttempts(r *run) verdict {
	p := &progress{run: r, chunks: make([]history, len(r.seen.Chunks)), merged: -1, fallback: -1, busy: map[int32]bool{}}
	if len(p.chunks) == 0 {
		return checkers.Passed()
	}
	p.first = p.firstAttempted()
	for i, e := range r.seen.Events {
		if v := p.event(&e); v.Status != checkers.Pass {
			v.Evidence = append(v.Evidence, fmt.Sprintf("event %d: %s", i, describe(&e)))
			return v
		}
	}
	return p.end()
}

// firstAttempted is the first chunk that is executed as one: 0, but in mode auto, where the chunks before the first that is
// attempted have been executed sequentially.
func (p *progress) firstAttempted() int {
	if p.setup.Mode != program.Auto {
		return 0
	}
	first := len(p.chunks)
	for _, e := range p.seen.Events {
		if e.Kind == trace.ChunkStart {
			first = min(first, int(e.Chunk))
		}
	}
	return first
}

// event takes in one event.
func (p *progress) event(e *trace.ChunkEvent) verdict {
	h := &p.chunks[e.Chunk]
	malformed := func(what string) verdict {
		return checkers.Failed("malformed attempt", fmt.Sprintf("%s: %s", p.chunk(int(e.Chunk)), what))
	}
	switch {
	case e.Time < p.last:
		return malformed(fmt.Sprintf("an event of %v follows one of %v", e.Time, p.last))
	case e.Worker < 0, e.Attempt < 0, (e.Kind == trace.ChunkMerge || e.Kind == trace.ChunkFallback) && e.Attempt != 0:
		return malformed("there is no such worker or attempt")
	case e.Kind != trace.ChunkFallback && e.Why != 0:
		return malformed(fmt.Sprintf("it is no fallback, and is given a reason for one: %v", e.Why))
	}
	p.last = e.Time
	switch e.Kind {
	case trace.ChunkStart:
		switch {
		case p.busy[e.Worker]:
			return malformed(fmt.Sprintf("worker %d begins an attempt while another one of it is under way", e.Worker))
		case h.open:
			return malformed("an attempt begins while another is under way")
		case h.over:
			return checkers.Failed("attempt after the end", fmt.Sprintf("%s is attempted again after it had succeeded or was abandoned", p.chunk(int(e.Chunk))))
		case int(e.Attempt) != h.attempts:
			return malformed(fmt.Sprintf("attempt %d begins, and %d were made before", e.Attempt, h.attempts))
		case h.attempts > p.setup.MostRetries():
			return checkers.Failed("too many attempts", fmt.Sprintf("attempt %d at %s begins, and there are %d retries", e.Attempt, p.chunk(int(e.Chunk)), p.setup.MostRetries()))
		case p.fallback >= 0:
			return checkers.Failed("attempt after the end", fmt.Sprintf("%s is attempted after the run had fallen back", p.chunk(int(e.Chunk))))
		}
		if v := p.checkInputs(e); v.Status != checkers.Pass {
			return v
		}
		h.attempts, h.open, h.by, h.began = h.attempts+1, true, e.Worker, e.Time
		p.busy[e.Worker] = true
	case trace.ChunkSucceed, trace.ChunkAbandon, trace.ChunkFail, trace.ChunkPanic, trace.ChunkTimeout:
		if !h.open || int(e.Attempt) != h.attempts-1 || e.Worker != h.by {
			return malformed(fmt.Sprintf("attempt %d of worker %d ends, which was not under way", e.Attempt, e.Worker))
		}
		h.open = false
		delete(p.busy, e.Worker)
		h.good = e.Kind == trace.ChunkSucceed
		h.over = h.good || e.Kind == trace.ChunkAbandon
		if !h.over {
			h.failed++
			return p.checkFault(e)
		}
	case trace.ChunkMerge:
		return p.merge(int(e.Chunk))
	case trace.ChunkFallback:
		return p.fallBack(int(e.Chunk), e)
	default:
		return malformed(fmt.Sprintf("there is no event %d", e.Kind))
	}
	return checkers.Passed()
}

// checkFault looks for the fault that made an attempt fail. A timeout needs none if the attempt has taken its time: on a
// virtual clock time may pass at any point.
func (p *progress) checkFault(e *trace.ChunkEvent) verdict {
	want := program.FailAttempt
	switch e.Kind {
	case trace.ChunkTimeout:
		if e.Time-p.chunks[e.Chunk].began >= attemptTimeout(p.setup) {
			return checkers.Passed()
		}
		want = program.HangAttempt
	case trace.ChunkPanic:
		want = program.PanicAttempt
	}
	for _, f := range p.setup.Faults {
		if f.Chunk == int(e.Chunk) && f.Attempt == int(e.Attempt) && f.Kind == want {
			return checkers.Passed()
		}
	}
	return checkers.Failed("failure without a fault", fmt.Sprintf("attempt %d at %s failed, and no such fault was asked for", e.Attempt, p.chunk(int(e.Chunk))))
}

// merge takes in that a chunk's effects were merged.
func (p *progress) merge(c int) verdict {
	h := &p.chunks[c]
	switch {
	case h.merged:
		return checkers.Failed("merged twice", fmt.Sprintf("the effects of %s are merged a second time", p.chunk(c)))
	case !h.good:
		return checkers.Failed("merged without success", fmt.Sprintf("%s is merged, and its last attempt did not succeed", p.chunk(c)))
	case p.fallback >= 0:
		return checkers.Failed("fallback after a merge", fmt.Sprintf("%s is merged after the run had fallen back", p.chunk(c)))
	case !p.comesNext(c):
		return checkers.Failed("merged out of order", fmt.Sprintf("%s is merged, and before it %s", p.chunk(c), upTo(p.merged)))
	}
	h.merged, p.merged = true, c
	return checkers.Passed()
}

// upTo is how much of a program was merged.
func upTo(merged int) string {
	if merged < 0 {
		return "nothing"
	}
	return fmt.Sprintf("all up to chunk %d", merged)
}

// comesNext reports whether all chunks before c were merged, or executed in sequence before there were any attempts.
func (p *progress) comesNext(c int) bool {
	if p.merged >= 0 {
		return c == p.merged+1
	}
	return c == 0 || p.joinedLate(c)
}

// joinedLate reports whether a run that began sequentially, in mode auto, went parallel
// in chunk c: then nothing before it was attempted.
func (p *progress) joinedLate(c int) bool {
	if p.setup.Mode != program.Auto {
		return false
	}
	for _, h := range p.chunks[:c] {
		if h.attempts > 0 {
			return false
		}
	}
	return true
}

// fallBack takes in that sequential execution goes on from a chunk: from the first,
// from the initial state, if nothing was merged; else from the one after the last merged.
func (p *progress) fallBack(c int, e *trace.ChunkEvent) verdict {
	switch {
	case p.fallback >= 0:
		return checkers.Failed("fallback after a merge", "the run falls back twice")
	case !p.comesNext(c):
		return checkers.Failed("fallback after a merge", fmt.Sprintf("the run goes on sequentially from %s, and has merged %s", p.chunk(c), upTo(p.merged)))
	case !p.confirmed(c, e):
		return checkers.Failed("fallback without a reason", fmt.Sprintf("the run falls back (%q), and nothing that happened is a reason for that", e.Why))
	}
	p.fallback = c
	return checkers.Passed()
}

// confirmed reports whether the reason for a fallback is one that there was.
func (p *progress) confirmed(c int, e *trace.ChunkEvent) bool {
	switch e.Why {
	case trace.AttemptsUsedUp:
		return c == 0 && p.merged < 0 && !p.setup.NoFallback && p.gaveUp() >= 0
	case trace.TimeShort:
		return c == 0 && p.merged < 0 && !p.setup.NoFallback && e.Time+time.Microsecond >= p.setup.RunTimeout()/2 // the run began a little earlier than its record
	case trace.LimitNear:
		return p.chunks[c].good && p.mayMeetLimit()
	}
	return false
}

// mayMeetLimit reports whether some limit strikes in the run: if chunks are counted together as sequential execution
// counts, nothing else makes one seem near. A program with forks may come to one in this order of its workers, and not in another; and of a
// mapping that fails, elements may have been executed that sequential execution does not come to.
func (p *progress) mayMeetLimit() bool {
	err := p.seen.Outcome.Err
	return p.seen.End != trace.ProgramRan || err != nil && (err.Kind.Limit() || p.program.Uses(program.ParallelMap)) || p.forks()
}

// forks reports whether the program has forks.
func (r *run) forks() bool { return r.program.Uses(program.ForkExecution) }

// attemptTimeout is how long an attempt may take: all attempts at a chunk, and a little more, are to fit into the first half of the
// run's time.
func attemptTimeout(s program.Setup) time.Duration {
	return s.RunTimeout() / time.Duration(2*(s.MostRetries()+2))
}

// gaveUp returns a chunk whose attempts were used up, or -1. One that was under way when a run in mode auto went parallel
// can't be attempted again.
func (p *progress) gaveUp() int {
	for i, h := range p.chunks {
		if h.failed > p.setup.MostRetries() || h.failed > 0 && p.joinedLate(i) {
			return i
		}
	}
	return -1
}

// end judges what is left when all events have been taken in.
func (p *progress) end() verdict {
	for i, h := range p.chunks {
		if h.open && p.seen.End == trace.ProgramRan {
			return checkers.Failed("malformed attempt", fmt.Sprintf("the run has ended, and an attempt at %s has not", p.chunk(i)))
		}
	}
	if p.seen.End == trace.ProgramGaveUp && len(p.seen.Events) == 0 {
		return checkers.Failed("lost chunk", "the run gave up, and nothing was attempted")
	}
	if p.seen.End != trace.ProgramRan {
		// Time, or the caller, may end a run when its chunks have been merged already: nobody sees what they did.
		late := p.seen.End == trace.ProgramTimedOut || p.seen.End == trace.ProgramCancelled
		if p.merged >= 0 && !late {
			return checkers.Failed("merged without success", fmt.Sprintf("the run did not end by itself, and chunk %d was merged", p.merged))
		}
		return checkers.Passed()
	}
	if p.fallback >= 0 {
		return checkers.Passed()
	}
	if p.merged < 0 {
		if p.metLimit() {
			return checkers.Passed()
		}
		return checkers.Failed("lost chunk", "the run has ended by itself, and no chunk was merged")
	}
	rest := p.merged + 1
	switch err := p.seen.Outcome.Err; {
	case rest == len(p.chunks):
	case err == nil && (!p.returns() || !p.forks() && p.comesTo(rest)):
		return checkers.Failed("lost chunk", fmt.Sprintf("the program succeeded, and %s was not merged", p.chunk(rest)))
	case err != nil && err.Function == 0 && p.chunkAt(err.PC) != p.merged:
		return checkers.Failed("lost chunk", fmt.Sprintf("the program failed in %s, and chunk %d was merged last", p.chunk(p.chunkAt(err.PC)), p.merged))
	case err != nil && err.Function != 0 && !p.calls(p.merged):
		return checkers.Failed("lost chunk", fmt.Sprintf("the program failed in a function, and chunk %d, which was merged last, calls none", p.merged))
	}
	return checkers.Passed()
}

// comesTo reports whether sequential execution comes to a chunk: there is no doubt of that in a program without forks.
func (p *progress) comesTo(c int) bool {
	specified, err := p.specified()
	return err == nil && specified.last >= c
}

// metLimit reports whether a run in mode auto may have met a limit in the chunk that was under way when it went parallel: that is executed where the
// program's effects are, so that there is nothing to merge and nothing to repeat.
func (p *progress) metLimit() bool {
	err := p.seen.Outcome.Err
	under := slices.IndexFunc(p.chunks, func(h history) bool { return h.attempts > 0 })
	return err != nil && err.Kind.Limit() && under >= 0 && p.chunks[under].good && p.joinedLate(under)
}

// calls reports whether a chunk calls functions.
func (r *run) calls(c int) bool {
	return program.Has(r.code(&r.seen.Chunks[c]), program.CallFuncConst, program.CallName, program.CallTop, program.ParallelMap)
}

// describe tells an event.
func describe(e *trace.ChunkEvent) string {
	text := fmt.Sprintf("%v worker %d: %v (chunk %d, attempt %d)", e.Time, e.Worker, e.Kind, e.Chunk, e.Attempt)
	if e.Why != 0 {
		text += " " + e.Why.String()
	}
	return text
}
