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
var codec = properties.Codec[program.Workload]{Format: formatWorkload, Parse: parseWorkload}

func formatWorkload(w program.Workload) ([]txtar.File, error) {
	return []txtar.File{{Name: programFile, Data: []byte(w.Format())}}, nil
}

func parseWorkload(files []txtar.File) (program.Workload, error) {
	for _, f := range files {
		if f.Name != programFile {
			return program.Workload{}, fmt.Errorf("the file %q is not known: a workload is %s", f.Name, programFile)
		}
		w, err := program.ParseWorkload(f.Name, f.Data)
		if err != nil {
			return program.Workload{}, err
		}
		return *w, nil
	}
	return program.Workload{}, fmt.Errorf("the file %q is missing", programFile)
}

// Files returns the text form of a workload, for [properties.ExploreSpec].
func Files(w program.Workload) ([]txtar.File, error) { return formatWorkload(w) }
