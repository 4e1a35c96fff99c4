package chunks

import (
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// checkInputs decides whether an attempt that begins now may: all chunks whose values its chunk takes have succeeded, and,
// if it forks, all chunks before it have. What a chunk takes is what the analysis says that it reads, and what it may write
// or leave as it was.
func (p *progress) checkInputs(e *trace.ChunkEvent) verdict {
	c := &p.seen.Chunks[e.Chunk]
	for i, v := range slices.Concat(c.Reads, c.Writes) {
		if i >= len(c.Reads) && (has(c.Must, v) || has(c.Reads, v)) {
			continue
		}
		for from := int(e.Chunk) - 1; from >= p.first; from-- {
			if has(p.seen.Chunks[from].Writes, v) && !p.chunks[from].good {
				why := fmt.Sprintf("%s %s, which %s writes", p.chunk(int(e.Chunk)), p.takes(c, v), p.chunk(from))
				return p.tooEarly(e, from, why, p.places(from, int(e.Chunk), v))
			}
			if has(p.seen.Chunks[from].Must, v) {
				break
			}
		}
	}
	if c.Parallel {
		return checkers.Passed()
	}
	for from := p.first; from < int(e.Chunk); from++ {
		if !p.chunks[from].good {
			return p.tooEarly(e, from, fmt.Sprintf("%s forks, so that it comes after all chunks before it", p.chunk(int(e.Chunk))), nil)
		}
	}
	return checkers.Passed()
}

// tooEarly is the verdict on an attempt that began before a chunk that it is to wait for had succeeded.
func (p *progress) tooEarly(e *trace.ChunkEvent, from int, why string, places []string) verdict {
	state := "no attempt at chunk %d has begun"
	switch h := &p.chunks[from]; {
	case h.open:
		state = fmt.Sprintf("worker %d is executing chunk %%d", h.by)
	case h.attempts > 0:
		state = "no attempt at chunk %d has succeeded"
	}
	return checkers.Failed("attempt before its inputs", fmt.Sprintf("%s, and began before chunk %d had succeeded", why, from), append(places,
		fmt.Sprintf("right: chunk %d succeeds, and then chunk %d begins", from, e.Chunk),
		fmt.Sprintf("seen: chunk %d begins, on worker %d, while "+state, e.Chunk, e.Worker, from))...)
}

// takes says why a chunk needs the value of a variable from those before it.
func (p *progress) takes(c *trace.Chunk, v int32) string {
	if has(c.Reads, v) {
		return "reads " + p.variable(v)
	}
	return "may write " + p.variable(v) + " or leave it as it was"
}

// places says by which instructions two chunks use a variable; nothing of one that does so in functions that it calls.
func (p *progress) places(from, to int, v int32) []string {
	var lines []string
	for _, side := range []struct {
		chunk   int
		what    string
		effects program.Effect
	}{
		{from, "writes", program.WritesVariable | program.WritesShared},
		{to, "reads", program.ReadsVariable | program.ReadsShared},
	} {
		c := &p.seen.Chunks[side.chunk]
		code := p.code(c)
		at := slices.IndexFunc(code, func(in program.Instruction) bool {
			info, _ := in.Op.Info()
			named := info.A == program.NameOperand && int(v) < p.seen.Globals || info.A == program.SharedOperand && int(v) >= p.seen.Globals
			return named && in.Effects()&side.effects != 0 && p.program.Names[in.A] == p.seen.Variables[v]
		})
		if at >= 0 {
			lines = append(lines, fmt.Sprintf("chunk %d %s %s at instruction %d: %v %s", side.chunk, side.what, p.variable(v), c.From+at, code[at].Op, p.seen.Variables[v]))
		}
	}
	return lines
}
