package programs

import (
	"time"

	"synchrony/generators/choice"
	"synchrony/models/program"
)

// runNumbers is what is drawn of how a program is run. Times and chunk numbers are
// relative to the program, which is not known yet.
type runNumbers struct {
	mode       program.Mode
	workers    int
	chunkSize  int
	minChunk   uint64 // of numberBits: its share of the chunk size
	retries    int
	queue      int
	noFallback bool
	noMetrics  bool
	timeout    choice.Deadline
	limitTime  bool // the timeout is one of virtual time, not of the run
	cancel     choice.Deadline
	limit      int // 0 none, then steps, memory, call depth, live workers
	limitAt    uint64
	limitPlace limitPlace // of a limit on steps or memory, as is the next
	limitShift int64      // from that place
	faults     []faultNumbers
}

// faultNumbers is one fault, all of numberBits but the kind.
type faultNumbers struct {
	kind                  program.FaultKind
	chunk, attempt, after uint64
}

func drawRun(s choice.Source, o Options) runNumbers {
	var n runNumbers
	n.mode = program.Parallel
	if choice.Chance(s, o.Modes) {
		n.mode = []program.Mode{program.Auto, program.Sequential}[choice.Pick(s, 2, 1)]
	}
	n.workers = min(1+choice.Pick(s, 12, 30, 18, 16, 6, 6, 4, 8), o.MaxWorkers)
	switch choice.Pick(s, 60, 40) { // small ones put borders everywhere in short programs
	case 0:
		n.chunkSize = 1 + choice.Below(s, 8)
	default:
		n.chunkSize = 1 + choice.Below(s, 50)
	}
	if choice.Chance(s, 50) {
		n.minChunk = s.Bits(numberBits)
	}
	if choice.Chance(s, o.Retries) {
		n.retries = []int{-1, 1, 2, 5}[choice.Pick(s, 4, 4, 2, 1)]
		n.queue = []int{0, 1, 2, 3, 8}[choice.Pick(s, 3, 3, 2, 1, 1)]
		n.noFallback = choice.Chance(s, 25)
		n.noMetrics = choice.Chance(s, 25)
	}
	if choice.Chance(s, o.RunLimit) {
		n.timeout = choice.Instant + choice.Deadline(choice.Pick(s, 2, 3, 3, 4, 2))
		n.limitTime = s.Bits(1) == 1
	}
	if choice.Chance(s, o.Cancels) {
		n.cancel = choice.Instant + choice.Deadline(choice.Pick(s, 3, 4, 3, 5, 2))
	}
	if choice.Chance(s, o.Limits) {
		n.limit = 1 + choice.Pick(s, 10, 3, 1, 1)
		n.limitPlace = limitPlace(choice.Pick(s, 5, 4, 2))
		n.limitShift = []int64{-1, 0, 1}[choice.Pick(s, 2, 1, 1)]
	}
	n.limitAt = s.Bits(numberBits)
	if choice.Chance(s, o.Faults) {
		n.faults = drawFaults(s)
	}
	return n
}

func drawFaults(s choice.Source) []faultNumbers {
	var faults []faultNumbers
	size := choice.Length{Min: 1, Max: 4}
	for more := true; more; {
		s.Group(func(s choice.Source) {
			if more = size.More(s, len(faults)); more {
				faults = append(faults, faultNumbers{
					kind:  program.FailAttempt + program.FaultKind(choice.Pick(s, 5, 3, 3)),
					chunk: s.Bits(numberBits), attempt: s.Bits(numberBits), after: s.Bits(numberBits),
				})
			}
		})
	}
	return faults
}

// setup turns the numbers into a configuration for what c has compiled.
func (n runNumbers) setup(c *compiler) program.Setup {
	s := program.Setup{
		Mode: n.mode, Workers: n.workers,
		ChunkSize: n.chunkSize, MinChunkSize: 1 + of(n.minChunk, n.chunkSize),
		Retries: n.retries, QueueSize: n.queue, NoFallback: n.noFallback, NoMetrics: n.noMetrics,
	}
	if n.timeout != choice.Unset {
		d := n.timeout.After(time.Duration(c.time)*time.Millisecond, time.Millisecond)
		if n.limitTime {
			s.Limits.Time = max(1, d.Milliseconds())
		} else {
			s.Timeout = d
		}
	}
	if n.cancel != choice.Unset {
		s.CancelAfter = n.cancel.After(time.Duration(c.time)*time.Millisecond, time.Millisecond)
	}
	at := int64(n.limitAt)
	switch n.limit {
	case 1:
		s.Limits.Steps, _ = n.strikes(c.program)
	case 2:
		_, s.Limits.Memory = n.strikes(c.program)
	case 3:
		s.Limits.CallDepth = 1 + int(at)/24
	case 4:
		s.Limits.Workers = max(1, []int{widest(c.program) - 1, widest(c.program), 1 + int(at)/8}[at%3])
	}
	s.Faults = n.faultsOf(len(c.program.Main().Code))
	return s
}

// faultsOf places the faults in code of so many instructions. An attempt that can't be reached is of
// no use: the attempts of a chunk are struck from the first on, so the second fault of a chunk
// takes its second attempt, up to the last: then the whole program falls back.
func (n runNumbers) faultsOf(instructions int) []program.Fault {
	chunks := instructions/n.chunkSize + 1
	struck := make(map[int]int)
	var faults []program.Fault
	for _, f := range n.faults {
		chunk := of(f.chunk, chunks)
		after := int64(of(f.after, n.chunkSize+2))
		times := 1
		if of(f.attempt, 4) == 3 { // every attempt: four, or as many as retries say
			times = max(n.retries, 0) + 1
			if n.retries == 0 {
				times = program.DefaultRetries + 1
			}
		}
		for range times {
			faults = append(faults, program.Fault{Kind: f.kind, Chunk: chunk, Attempt: struck[chunk], After: after})
			struck[chunk]++
		}
	}
	return faults
}
