package programs

import (
	"errors"
	"testing"

	"synchrony/models/program"
)

// A mutated program is refused or runs, and both happen.
func TestMutatedPrograms(t *testing.T) {
	const n = 2000
	g := MutatedPrograms(AnyProgram())
	accepted, refused := 0, make(map[string]int)
	for seed := range n {
		w := g.Example(seed).Workload
		_, err := program.Run(w.Program, program.Limits{Steps: 2000, Memory: 1 << 16, Workers: 64, CallDepth: 50})
		var invalid *program.InvalidError
		switch {
		case err == nil:
			accepted++
		case errors.As(err, &invalid):
			refused[invalid.What]++
		default:
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
	t.Logf("%d of %d accepted, the others refused for %d reasons", accepted, n, len(refused))
	if accepted < n/10 || accepted > n*9/10 || len(refused) < 50 {
		t.Errorf("%d of %d accepted, the others refused for %d reasons; more of each are wanted", accepted, n, len(refused))
	}
}

func TestMutatedBinaries(t *testing.T) {
	const n = 2000
	g := MutatedBinaries(AnyProgram())
	read, valid := 0, 0
	for seed := range n {
		var p program.Program
		err := p.UnmarshalBinary(g.Example(seed))
		var format *program.FormatError
		switch {
		case err == nil:
			read++
			if program.Validate(&p) == nil {
				valid++
			}
		case !errors.As(err, &format):
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
	t.Logf("%d of %d read, %d valid", read, n, valid)
	if read < n/20 || read > n*2/3 || valid == 0 || valid == read {
		t.Errorf("%d of %d read, %d valid; some of each are wanted", read, n, valid)
	}
}

// What is drawn shrinks to a small program with one edit.
func TestMutatedProgramsShrink(t *testing.T) {
	w := shrunkFrom(t, MutatedPrograms(AnyProgram()), func(w program.Workload) bool {
		return program.Validate(w.Program) != nil
	})
	if n := instructions(w.Program); n > 3 {
		t.Errorf("shrunk to %d instructions:\n%s", n, w.Format())
	}
}
