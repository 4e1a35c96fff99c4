package vm

import (
	"fmt"

	"golang.org/x/tools/txtar"

	"synchrony/models/program"
	"synchrony/properties"
)

// programFile is the workload's file in a counterexample: the program's text with its
// settings.
const programFile = "program.zxasm"

// codec is the text form of a workload.
var codec = properties.Codec[program.Workload]{Format: formatWorkload, Parse: parseWorkload, Unset: program.Unset}

func formatWorkload(w program.Workload) ([]txtar.File, error) {
	return []txtar.File{{Name: programFile, Data: []byte(w.Format())}}, nil
}

func parseWorkload(files []txtar.File) (program.Workload, error) {
	var found *program.Workload
	for _, f := range files {
		switch {
		case f.Name != programFile:
			return program.Workload{}, fmt.Errorf("the file %q is not known: a workload is %s", f.Name, programFile)
		case found != nil:
			return program.Workload{}, fmt.Errorf("the file %q is there twice", programFile)
		}
		var err error
		if found, err = program.ParseWorkload(f.Name, f.Data); err != nil {
			return program.Workload{}, err
		}
	}
	if found == nil {
		return program.Workload{}, fmt.Errorf("the file %q is missing", programFile)
	}
	return *found, nil
}

// Files returns the text form of a workload, for [properties.ExploreSpec].
func Files(w program.Workload) ([]txtar.File, error) { return formatWorkload(w) }

// Codec returns the text form of a workload.
func Codec() properties.Codec[program.Workload] { return codec }
