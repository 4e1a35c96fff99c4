package chunks

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// verdict is what a rule returns.
type verdict = checkers.Verdict

// ruled returns the checker of one question about the chunks of a run, "chunks/" and its
// name. A run that was refused, or that went sequentially from the start, has none: the
// verdict is Pass then. It is Unknown for a malformed observation.
func ruled(name string, check func(*run) verdict) checkers.OfProgram {
	return checkers.Ran("chunks/"+name, func(w program.Workload, o *trace.ProgramObservation) verdict {
		r := &run{program: w.Program, setup: w.Setup, seen: o}
		if err := r.validate(); err != nil {
			return checkers.Undecided("malformed: %v", err)
		}
		return check(r)
	})
}

// run is what a rule judges.
type run struct {
	program *program.Program
	setup   program.Setup
	seen    *trace.ProgramObservation
}

// validate reports what in the observation refers to nothing.
func (r *run) validate() error {
	chunks, variables := len(r.seen.Chunks), len(r.seen.Variables)
	chunk := func(what string, i int, n int32) error {
		if n < 0 || int(n) >= chunks {
			return fmt.Errorf("%s %d names chunk %d of %d", what, i, n, chunks)
		}
		return nil
	}
	known := func(what string, i int, lists ...[]int32) error {
		for _, list := range lists {
			for _, v := range list {
				if v < 0 || int(v) >= variables {
					return fmt.Errorf("%s %d names variable %d of %d", what, i, v, variables)
				}
			}
		}
		return nil
	}
	var errs []error
	for i, c := range r.seen.Chunks {
		errs = append(errs, known("chunk", i, c.Reads, c.Writes, c.Must))
	}
	for i, e := range r.seen.Edges {
		errs = append(errs, chunk("dependency", i, e.From), chunk("dependency", i, e.To), known("dependency", i, e.Variables))
	}
	for i, e := range r.seen.Events {
		if chunks > 0 || e.Kind != trace.ChunkFallback { // what was not cut can't be given up in pieces
			errs = append(errs, chunk("event", i, e.Chunk))
		}
	}
	for i, a := range r.seen.Accesses {
		errs = append(errs, chunk("access", i, a.Chunk), known("access", i, a.Reads, a.Writes))
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// variable is the name of a variable, for a person.
func (r *run) variable(v int32) string {
	if int(v) >= r.seen.Globals {
		return "shared " + r.seen.Variables[v]
	}
	return r.seen.Variables[v]
}

// chunk describes a chunk, for a person.
func (r *run) chunk(i int) string {
	c := &r.seen.Chunks[i]
	return fmt.Sprintf("chunk %d (instructions %d to %d)", i, c.From, c.To-1)
}

// code is the instructions of a chunk: of one that says that it has some that there are not, which is for Partition to tell, those that there are.
func (r *run) code(c *trace.Chunk) []program.Instruction {
	main := r.program.Main().Code
	from := min(max(c.From, 0), len(main))
	return main[from:min(max(c.To, from), len(main))]
}
