package vm

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/properties"
)

// forms is V12, V13 and V17: about what a program is written in, and which are programs.
func forms(s system) []properties.Testable {
	return []properties.Testable{roundTrips(), validation(s), depths(s)}
}

// printed forms of a program, and what was read back from them.
type written struct {
	text, again      string // printed, and printed again after it was read
	fromText         *program.Workload
	binary, secondly []byte
	fromBinary       *program.Program
	err              error
}

// writer prints workloads and reads them back.
type writer struct{}

func (writer) Name() string { return "the .zxasm and binary forms" }

func (writer) Run(_ context.Context, _ *sched.Runtime, w program.Workload) (x written, _ error) {
	x.text = w.Format()
	if x.fromText, x.err = program.ParseWorkload("program.zxasm", []byte(x.text)); x.err != nil {
		return x, nil
	}
	x.again = x.fromText.Format()
	if x.binary, x.err = w.Program.MarshalBinary(); x.err != nil {
		return x, nil
	}
	x.fromBinary = &program.Program{}
	if x.err = x.fromBinary.UnmarshalBinary(x.binary); x.err != nil {
		return x, nil
	}
	x.secondly, x.err = x.fromBinary.MarshalBinary()
	return x, nil
}

// roundTrips is V12.
func roundTrips() properties.Testable {
	return &properties.Property[program.Workload, written]{
		ID: "V12", Group: Group, Statement: "text and binary forms give back the program that was written", Source: properties.Here(0), System: writer{}, Unscheduled: true,
		Generator: rapid.Map(programs.Programs(programs.AnyProgram()), func(d programs.Drawn) program.Workload { return d.Workload }),
		Checkers:  []checkers.Checker[program.Workload, written]{sameAgain{}},
		Codec:     properties.Codec[program.Workload]{Format: formatTested, Parse: parseTested}, Size: size,
		Sometimes: []properties.Condition[program.Workload, written]{
			{Name: "a function", Holds: func(w program.Workload, _ written) bool { return len(w.Program.Functions) > 1 }},
			{Name: "a fault", Holds: func(w program.Workload, _ written) bool { return len(w.Setup.Faults) > 0 }},
			{Name: "a jump", Holds: func(w program.Workload, _ written) bool { return uses(w.Program, program.Jump) }},
		},
		Classify: func(w program.Workload, _ written) []string { return programs.Classify(w) },
	}
}

// sameAgain decides V12.
type sameAgain struct{}

func (sameAgain) Name() string { return "round trip" }

func (sameAgain) Check(w program.Workload, x written) checkers.Verdict {
	switch {
	case x.err != nil:
		return checkers.Failed("not read back", fmt.Sprintf("what was written is not read back: %v", x.err))
	case !x.fromText.Program.Equal(w.Program):
		return checkers.Failed("another program", "the text form gives another program", x.text)
	case x.again != x.text:
		return checkers.Failed("another text", "what was read from the text form has another text", x.text, x.again)
	case !x.fromBinary.Equal(w.Program):
		return checkers.Failed("another program", "the binary form gives another program")
	case !bytes.Equal(x.binary, x.secondly):
		return checkers.Failed("another binary", "what was read from the binary form has another binary form")
	}
	return checkers.Passed()
}

// refused reports whether an error is one of the two that readers and validator may
// give.
func refused(err error) bool {
	var format *program.FormatError
	var invalid *program.InvalidError
	return errors.As(err, &format) || errors.As(err, &invalid)
}

// formatTested is formatWorkload for a text form that may be wrong: a program that it does not give back is
// also written in binary.
func formatTested(w program.Workload) ([]txtar.File, error) {
	files, err := formatWorkload(w)
	if err != nil {
		return nil, err
	}
	if again, err := parseWorkload(files); err == nil && again.Program.Equal(w.Program) {
		return files, nil
	}
	data, err := w.Program.MarshalBinary()
	if err != nil {
		return files, nil // nothing is better than the text
	}
	return append(files, txtar.File{Name: bytesFile, Data: []byte(hex.Dump(data))}), nil
}

// parseTested reads what formatTested writes. The binary form counts, if it is there: the text, from which the settings
// are then, may be unreadable.
func parseTested(files []txtar.File) (program.Workload, error) {
	i := slices.IndexFunc(files, func(f txtar.File) bool { return f.Name == bytesFile })
	if i < 0 {
		return parseWorkload(files)
	}
	data, err := parseBytes(files[i : i+1])
	if err != nil {
		return program.Workload{}, err
	}
	w, err := parseWorkload(slices.Delete(slices.Clone(files), i, i+1))
	if err != nil {
		w = program.Workload{}
	}
	w.Program = &program.Program{}
	return w, w.Program.UnmarshalBinary(data)
}
