package chunks

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// Attempts decides whether every chunk was executed as it must be: attempts one after
// another, no more than the retries allow, none after a success, and each that fails has
// a reason in the faults; then the chunks' effects merged once each, in program order,
// without a gap, up to where the program ends, unless sequential execution went on from
// the first that was not. Rules: "malformed attempt", "too many attempts", "attempt after the end",
// "failure without a fault", "merged twice", "merged without success", "merged out of order",
// "lost chunk", "fallback after a merge", "fallback without a reason".
func Attempts() checkers.OfProgram { return ruled("attempts", checkAttempts) }

// history is what became of one chunk.
type history struct {
	attempts int  // begun
	open     bool // the last one has not ended
	over     bool // the last one succeeded or was abandoned
	good     bool // it succeeded
	failed   int
	merged   bool
}

// progress is what became of all chunks up to some event.
type progress struct {
	*run
	chunks   []history
	merged   int // the last chunk that was merged; -1 at first
	first    int // the first chunk that was merged
	fallback int // the chunk from which sequential execution went on, or -1
}

func checkAttempts(r *run) verdict {
	p := &progress{run: r, chunks: make([]history, len(r.seen.Chunks)), merged: -1, first: -1, fallback: -1}
	if len(p.chunks) == 0 {
		return checkers.Passed()
	}
	for i, e := range r.seen.Events {
		if v := p.event(&e); v.Status != checkers.Pass {
			v.Evidence = append(v.Evidence, fmt.Sprintf("event %d: %s", i, describe(&e)))
			return v
		}
	}
	return p.end()
}

// event takes in one event.
func (p *progress) event(e *trace.ChunkEvent) verdict {
	h := &p.chunks[e.Chunk]
	malformed := func(what string) verdict {
		return checkers.Failed("malformed attempt", fmt.Sprintf("%s: %s", p.chunk(int(e.Chunk)), what))
	}
	switch e.Kind {
	case trace.ChunkStart:
		switch {
		case h.open:
			return malformed("an attempt begins while another is under way")
		case h.over:
			return checkers.Failed("attempt after the end", fmt.Sprintf("%s is attempted again after it had succeeded or was abandoned", p.chunk(int(e.Chunk))))
		case int(e.Attempt) != h.attempts:
			return malformed(fmt.Sprintf("attempt %d begins, and %d were made before", e.Attempt, h.attempts))
		case h.attempts > retries(p.setup):
			return checkers.Failed("too many attempts", fmt.Sprintf("attempt %d at %s begins, and there are %d retries", e.Attempt, p.chunk(int(e.Chunk)), retries(p.setup)))
		case p.fallback >= 0:
			return checkers.Failed("attempt after the end", fmt.Sprintf("%s is attempted after the run had fallen back", p.chunk(int(e.Chunk))))
		}
		h.attempts, h.open = h.attempts+1, true
	case trace.ChunkSucceed, trace.ChunkAbandon, trace.ChunkFail, trace.ChunkPanic, trace.ChunkTimeout:
		if !h.open || int(e.Attempt) != h.attempts-1 {
			return malformed(fmt.Sprintf("attempt %d ends, which was not under way", e.Attempt))
		}
		h.open = false
		h.good = e.Kind == trace.ChunkSucceed
		h.over = h.good || e.Kind == trace.ChunkAbandon
		if !h.over {
			h.failed++
			return p.checkFault(e)
		}
	case trace.ChunkMerge:
		return p.merge(int(e.Chunk))
	case trace.ChunkFallback:
		return p.fallBack(int(e.Chunk))
	default:
		return malformed(fmt.Sprintf("there is no event %d", e.Kind))
	}
	return checkers.Passed()
}

// checkFault looks for the fault that made an attempt fail. A timeout needs none: on a
// virtual clock time may pass at any point.
func (p *progress) checkFault(e *trace.ChunkEvent) verdict {
	want := program.FailAttempt
	switch e.Kind {
	case trace.ChunkTimeout:
		return checkers.Passed()
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
	case p.merged >= 0 && c != p.merged+1, p.merged < 0 && c > 0 && !p.joinedLate(c):
		return checkers.Failed("merged out of order", fmt.Sprintf("%s is merged after chunk %d", p.chunk(c), p.merged))
	}
	if p.merged < 0 {
		p.first = c
	}
	h.merged, p.merged = true, c
	return checkers.Passed()
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
func (p *progress) fallBack(c int) verdict {
	switch {
	case p.fallback >= 0:
		return checkers.Failed("fallback after a merge", "the run falls back twice")
	case p.merged >= 0 && c != p.merged+1:
		return checkers.Failed("fallback after a merge", fmt.Sprintf("the run goes on sequentially from %s, and has merged all up to chunk %d", p.chunk(c), p.merged))
	case p.setup.NoFallback && p.merged < 0 && p.gaveUp() >= 0:
		return checkers.Failed("fallback without a reason", "the run falls back, and may not")
	}
	p.fallback = c
	return checkers.Passed()
}

// gaveUp returns a chunk whose attempts were used up, or -1.
func (p *progress) gaveUp() int {
	for i, h := range p.chunks {
		if h.failed > retries(p.setup) {
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
	if p.seen.End != trace.ProgramRan {
		if p.merged >= 0 {
			return checkers.Failed("merged without success", fmt.Sprintf("the run did not end by itself, and chunk %d was merged", p.merged))
		}
		return checkers.Passed()
	}
	if p.fallback >= 0 || len(p.seen.Events) == 0 {
		return checkers.Passed()
	}
	if p.merged < 0 {
		return checkers.Failed("lost chunk", "the run has ended by itself, and no chunk was merged")
	}
	rest := p.merged + 1
	switch err := p.seen.Outcome.Err; {
	case rest == len(p.chunks):
	case err == nil && !p.returns():
		return checkers.Failed("lost chunk", fmt.Sprintf("the program succeeded, and %s was not merged", p.chunk(rest)))
	case err != nil && err.Function == 0 && p.chunkAt(err.PC) != p.merged:
		return checkers.Failed("lost chunk", fmt.Sprintf("the program failed in %s, and chunk %d was merged last", p.chunk(p.chunkAt(err.PC)), p.merged))
	}
	return checkers.Passed()
}

// retries is how many attempts may follow a chunk's first.
func retries(s program.Setup) int {
	switch {
	case s.Retries == 0:
		return program.DefaultRetries
	case s.Retries < 0:
		return 0
	default:
		return s.Retries
	}
}

// describe tells an event.
func describe(e *trace.ChunkEvent) string {
	return fmt.Sprintf("%v worker %d: %s (chunk %d, attempt %d)", e.Time, e.Worker, kindWord(e.Kind), e.Chunk, e.Attempt)
}

func kindWord(k trace.ChunkEventKind) string {
	words := [...]string{"?", "start", "succeed", "fail", "panic", "timeout", "abandon", "merge", "fallback"}
	if int(k) >= len(words) {
		return "?"
	}
	return words[k]
}
