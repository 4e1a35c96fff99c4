package vm

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/executor/vm"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
	"synchrony/properties/evidence"
)

// judged is what became of some bytes, taken for a program in binary form.
type judged struct {
	read      error // reading them
	valid     error // validating what was read
	specified error // running it by the specification
	analyzed  error // cutting it into chunks
	ends      []trace.ProgramEnd
	broken    error    // the machine's own error
	panicked  string   // with what
	stack     []string // of the panic
}

// validator reads bytes, validates them, and runs whatever was read.
type validator struct{ machine system }

func (validator) Name() string { return "the validator and the machine behind it" }

// hardLimits keep programs that were never meant to end from lasting.
var hardLimits = program.Limits{Steps: 1000, Memory: 1 << 16, Workers: 64, CallDepth: 50, Time: 1000}

func (v validator) Run(ctx context.Context, rt *sched.Runtime, data []byte) (j judged, _ error) {
	defer func() {
		if p := recover(); p != nil {
			j.panicked, j.stack = evidence.Line(fmt.Sprint(p)), evidence.Stack(string(debug.Stack()))
		}
	}()
	var p program.Program
	if j.read = p.UnmarshalBinary(data); j.read != nil {
		return j, nil
	}
	j.valid = program.Validate(&p)
	_, j.specified = program.Run(&p, hardLimits)
	program.Disassemble(&p)
	analysis, err := vm.Analyze(&p, vm.ParallelConfig{})
	if j.analyzed = err; err == nil && analysis == nil {
		j.analyzed = errors.New("there is no analysis, and no error")
	}
	for _, mode := range []program.Mode{program.Sequential, program.Parallel} {
		w := program.Workload{Program: &p, Setup: program.Setup{Mode: mode, Workers: 2, ChunkSize: 3, MinChunkSize: 1, Limits: hardLimits}}
		o, err := v.machine.Run(ctx, rt, w)
		if err != nil {
			j.broken = err
			return j, nil
		}
		j.ends = append(j.ends, o.End)
	}
	return j, nil
}

// validation is V13.
func validation(s system) properties.Testable {
	happens := func(name string, holds func(judged) bool) properties.Condition[[]byte, judged] {
		return properties.Condition[[]byte, judged]{Name: name, Holds: func(_ []byte, j judged) bool { return holds(j) }}
	}
	return &properties.Property[[]byte, judged]{
		ID: "V13", Group: Group, Statement: "the validator accepts exactly what the machine runs without an internal error, and no bytes make either panic", Source: properties.Here(0),
		System: validator{s}, Unscheduled: true, Generator: binaries(),
		Checkers: []checkers.Checker[[]byte, judged]{accepted{}},
		Codec:    properties.Codec[[]byte]{Format: formatBytes, Parse: parseBytes},
		Sometimes: []properties.Condition[[]byte, judged]{
			happens("bytes that are no program", func(j judged) bool { return j.read != nil }),
			happens("a program that is invalid", func(j judged) bool { return j.valid != nil }),
			happens("a program that is valid", func(j judged) bool { return j.read == nil && j.valid == nil }),
		},
		Size: binarySize,
	}
}

// binarySize counts the instructions of a program in binary form; of bytes that are none, the bytes.
func binarySize(data []byte) int {
	var p program.Program
	if p.UnmarshalBinary(data) != nil {
		return len(data)
	}
	return instructions(&p)
}

// binaries draws mutated programs in binary form, and mutated binary forms.
func binaries() *rapid.Generator[[]byte] {
	o := programs.AnyProgram()
	programs, bytes := programs.MutatedPrograms(o), programs.MutatedBinaries(o)
	return rapid.Custom(func(t *rapid.T) []byte {
		if rapid.IntRange(0, 3).Draw(t, "bytes") == 3 {
			return bytes.Draw(t, "binary")
		}
		data, err := programs.Draw(t, "program").Program.MarshalBinary()
		if err != nil { // it has no binary form: then it is not read, either
			return nil
		}
		return data
	})
}

// accepted decides V13.
type accepted struct{}

func (accepted) Name() string { return "validator" }

func (accepted) Check(_ []byte, j judged) checkers.Verdict {
	switch {
	case j.panicked != "":
		return checkers.Failed("panic", "bytes made it panic: "+j.panicked, j.stack...)
	case j.read != nil && !refused(j.read):
		return checkers.Failed("untyped error", fmt.Sprintf("bytes were refused with an error of another kind: %v", j.read))
	case j.read != nil:
		return checkers.Passed()
	case j.valid != nil && !refused(j.valid):
		return checkers.Failed("untyped error", fmt.Sprintf("a program was refused with an error of another kind: %v", j.valid))
	case j.broken != nil:
		return checkers.Failed("internal error", fmt.Sprintf("the machine broke: %v (the validator says: %v)", j.broken, j.valid))
	case j.analyzed != nil && !refused(j.analyzed):
		return checkers.Failed("untyped error", fmt.Sprintf("it was not cut into chunks, with an error of another kind: %v", j.analyzed))
	case (j.valid == nil) != (j.analyzed == nil):
		return checkers.Failed("disagreement", fmt.Sprintf("the validator says %v, and who cuts it into chunks %v", j.valid, j.analyzed))
	case (j.valid == nil) != (j.specified == nil):
		return checkers.Failed("disagreement", fmt.Sprintf("the validator says %v, and the specification %v", j.valid, j.specified))
	}
	for _, end := range j.ends {
		if (end == trace.ProgramRefused) != (j.valid != nil) {
			return checkers.Failed("disagreement", fmt.Sprintf("the validator says %v, and the machine ended with %d", j.valid, end))
		}
	}
	return checkers.Passed()
}

// The files of bytes in a counterexample; the second is for a reader only.
const (
	bytesFile   = "program.hex"
	listingFile = "listing"
)

func formatBytes(data []byte) ([]txtar.File, error) {
	files := []txtar.File{{Name: bytesFile, Data: []byte(hex.Dump(data))}}
	var p program.Program
	if p.UnmarshalBinary(data) == nil {
		files = append(files, txtar.File{Name: listingFile, Data: []byte(program.Disassemble(&p))})
	}
	return files, nil
}

// parseBytes reads what hex.Dump writes, without the column for people.
func parseBytes(files []txtar.File) ([]byte, error) {
	for _, f := range files {
		if f.Name != bytesFile {
			continue
		}
		var data []byte
		for number, line := range strings.Split(string(f.Data), "\n") {
			digits, _, _ := strings.Cut(line, "|")
			_, digits, _ = strings.Cut(digits, " ") // the offset
			part, err := hex.DecodeString(strings.ReplaceAll(digits, " ", ""))
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", bytesFile, number+1, err)
			}
			data = append(data, part...)
		}
		return data, nil
	}
	return nil, fmt.Errorf("the file %q is missing", bytesFile)
}
