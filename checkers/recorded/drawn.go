package recorded

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/tools/txtar"

	"synchrony/models/program"
	"synchrony/models/trace"
)

// ProgramRun is a recorded run of a program.
type ProgramRun struct {
	Name     string
	Workload program.Workload
	Seen     trace.ProgramObservation
}

// ProgramFile is a program's text with its settings, of a recorded run of a program.
const ProgramFile = "program.zxasm"

//go:embed drawn
var drawn embed.FS

// Batches returns complete runs of batches of the executors of this module, which are right: they were drawn, and of very
// many those were kept that show checkers the most. They have no list of verdicts.
func Batches() ([]Run, error) { return readAll("batches", Parse) }

// Programs returns such runs of programs.
func Programs() ([]ProgramRun, error) { return readAll("programs", ParseProgram) }

func readAll[R any](folder string, parse func(name string, files []txtar.File) (R, error)) ([]R, error) {
	paths, err := fs.Glob(drawn, "drawn/"+folder+"/*.txt")
	if err != nil {
		return nil, err
	}
	var all []R
	for _, p := range paths {
		data, err := drawn.ReadFile(p)
		if err != nil {
			return nil, err
		}
		r, err := parse(strings.TrimSuffix(path.Base(p), ".txt"), txtar.Parse(data).Files)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// ParseProgram reads a run of some name.
func ParseProgram(name string, files []txtar.File) (ProgramRun, error) {
	r := ProgramRun{Name: name}
	for _, f := range files {
		place := name + "/" + f.Name
		switch f.Name {
		case ProgramFile:
			w, err := program.ParseWorkload(place, f.Data)
			if err != nil {
				return ProgramRun{}, err
			}
			r.Workload = *w
		case TraceFile:
			var err error
			if r.Seen, err = trace.ParseProgram(place, string(f.Data)); err != nil {
				return ProgramRun{}, err
			}
		default:
			return ProgramRun{}, fmt.Errorf("%s: a run of a program is %s and %s", place, ProgramFile, TraceFile)
		}
	}
	if r.Workload.Program == nil {
		return ProgramRun{}, fmt.Errorf("%s: the file %q is missing", name, ProgramFile)
	}
	return r, nil
}
