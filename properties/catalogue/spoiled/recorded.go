package spoiled

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"synchrony/checkers"
	"synchrony/checkers/recorded"
	"synchrony/checkers/spoiled"
	"synchrony/models/batch"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
	"synchrony/properties/catalogue/checks"
	"synchrony/properties/catalogue/internal/record"
)

//go:embed verdicts/batches.txt
var batchVerdicts string

//go:embed verdicts/programs.txt
var programVerdicts string

// subject is a recorded run that is spoiled.
type subject[W, O any] struct {
	name     string
	workload W
	seen     O
	before   []string // by checker: what it says of the run as it was
}

// How many changes of one class are made of what each run showed: of one that is right, and of one that is wrong as it is.
const (
	perClass      = 2
	perWrongClass = 1
	// perWorkloadClass is of each run, of a change of how it was to be run; and perWork, of changes of all classes together, of what
	// was to be run, if the run is right.
	perWorkloadClass = 1
	perWork          = 16
)

// witnesses are the recorded runs of one kind of workload, all checkers of these, and what they have said already.
type witnesses[W, O any] struct {
	subjects func() ([]subject[W, O], error)
	checkers []checkers.Checker[W, O]

	changes map[string][]spoiling[W, O] // by part; nil until they are needed
}

// spoiling is one change of one run: of what was recorded, or of the workload that it is said to be a run of.
type spoiling[W, O any] struct {
	of    *subject[W, O]
	class string
	spoil func(W, O) (W, O) // nil if nothing is changed
}

// Ask asks about all changes of a part.
func (s *witnesses[W, O]) Ask(part string) (record.Table, error) {
	if err := s.load(); err != nil {
		return nil, err
	}
	return s.ask(s.changes[part]), nil
}

// load makes the list of changes.
func (s *witnesses[W, O]) load() error {
	if s.changes != nil {
		return nil
	}
	runs, err := s.subjects()
	if err != nil {
		return fmt.Errorf("the recorded runs: %w", err)
	}
	s.changes = map[string][]spoiling[W, O]{}
	for i := range runs {
		s.changes[unspoiled] = append(s.changes[unspoiled], spoiling[W, O]{&runs[i], unspoiled, nil})
	}
	s.ask(s.changes[unspoiled]) // what is said of them as they were
	for i := range runs {
		wrong := slices.ContainsFunc(runs[i].before, func(key string) bool { return strings.Contains(key, ": fail: ") })
		most := perClass
		if wrong {
			most = perWrongClass
		}
		for _, c := range few(spoiled.All(&runs[i].seen, nil), most) {
			s.add(&runs[i], c.Class(), func(w W, o O) (W, O) { return w, spoiled.Apply(c, o) })
		}
		workloads := few(spoiled.All(&runs[i].workload, spoiled.ButSetup), perWorkloadClass)
		if !wrong {
			workloads = append(workloads, spread(few(spoiled.All(&runs[i].workload, spoiled.ButWork), perWorkloadClass), perWork, i)...)
		}
		for _, c := range workloads {
			s.add(&runs[i], c.Class(), func(w W, o O) (W, O) { return spoiled.Apply(c, w), o })
		}
		for _, c := range spoiled.Limits(&runs[i].workload, &runs[i].seen) {
			s.add(&runs[i], c.Class, c.Spoil)
		}
	}
	return nil
}

// add adds a change of a run to the list.
func (s *witnesses[W, O]) add(run *subject[W, O], class string, spoil func(W, O) (W, O)) {
	class = neighbours.ReplaceAllString(class, "$1")
	p := part(class)
	s.changes[p] = append(s.changes[p], spoiling[W, O]{run, class, spoil})
}

// neighbours are two elements of a list that a change is about: of what kinds they are there are too many pairs for a table.
var neighbours = regexp.MustCompile(`( swapped| replaced by the one before) .* and .*`)

// few are at most so many changes of each class: the first, and others at equal distances.
func few(all []spoiled.Change, most int) []spoiled.Change {
	of, seen := map[string]int{}, map[string]int{}
	for i := range all {
		of[all[i].Class()]++
	}
	var chosen []spoiled.Change
	for _, c := range all {
		k := seen[c.Class()]
		if seen[c.Class()]++; k%((of[c.Class()]+most-1)/most) == 0 {
			chosen = append(chosen, c)
		}
	}
	return chosen
}

// spread is at most so many of a list, at equal distances from place start on, round and round.
func spread(all []spoiled.Change, most, start int) []spoiled.Change {
	most = min(most, len(all))
	chosen := make([]spoiled.Change, most)
	for i := range chosen {
		chosen[i] = all[(start+i*len(all)/most)%len(all)]
	}
	return chosen
}

// ask asks all checkers about each of the changes. What a checker says of the run as it was, too, is said of that alone.
func (s *witnesses[W, O]) ask(changes []spoiling[W, O]) record.Table {
	t := record.Table{}
	for _, c := range changes {
		w, o := c.of.workload, c.of.seen
		if c.spoil != nil {
			w, o = c.spoil(w, o)
		}
		r := t.Row(c.class)
		r.Questions++
		for i, checker := range s.checkers {
			v := checker.Check(w, o)
			key := record.KeyOf(checker.Name(), v)
			if c.spoil == nil {
				c.of.before = append(c.of.before, key)
			} else if key == c.of.before[i] {
				continue
			}
			r.Add(checker.Name(), v)
		}
	}
	return t
}

const spoiledRecordings = "checkers of spoiled recordings"

// unspoiled is the class of recordings as they were.
const unspoiled = "nothing changed"

// part is what of a recording the changes of a class are about: the name of its field, or together, of several.
func part(class string) string {
	if class == unspoiled {
		return class
	}
	word, _, _ := strings.Cut(class, " ")
	name, _, _ := strings.Cut(word, ".")
	name, _, _ = strings.Cut(name, "[")
	if name[0] >= 'A' && name[0] <= 'Z' {
		return name
	}
	return "several"
}

func recordedBatches(list []checks.Listed[checkers.OfBatch]) properties.Testable {
	return record.Property(record.Of{
		ID: "X7", Statement: "each checker gives recorded runs of batches, spoiled in each way, the verdicts that are on record", Source: properties.Here(0),
		Checkers: spoiledRecordings, Record: batchVerdicts, Part: part, Ask: batchWitnesses(list).Ask,
	})
}

func recordedPrograms(list []checks.Listed[checkers.OfProgram]) properties.Testable {
	return record.Property(record.Of{
		ID: "X8", Statement: "each checker gives recorded runs of programs, spoiled in each way, the verdicts that are on record", Source: properties.Here(0),
		Checkers: spoiledRecordings, Record: programVerdicts, Part: part, Ask: programWitnesses(list).Ask,
	})
}

// batchWitnesses are of the runs that were drawn, and of those that X3 asks about, of which most are wrong already.
func batchWitnesses(list []checks.Listed[checkers.OfBatch]) *witnesses[batch.Workload, trace.Observation] {
	return &witnesses[batch.Workload, trace.Observation]{checkers: checks.All(list), subjects: func() (all []subject[batch.Workload, trace.Observation], err error) {
		for _, read := range []func() ([]recorded.Run, error){recorded.Batches, recorded.All} {
			runs, err := read()
			if err != nil {
				return nil, err
			}
			for _, r := range runs {
				all = append(all, subject[batch.Workload, trace.Observation]{name: r.Name, workload: r.Workload, seen: r.Seen})
			}
		}
		return all, nil
	}}
}

func programWitnesses(list []checks.Listed[checkers.OfProgram]) *witnesses[program.Workload, trace.ProgramObservation] {
	return &witnesses[program.Workload, trace.ProgramObservation]{checkers: checks.All(list), subjects: func() (all []subject[program.Workload, trace.ProgramObservation], err error) {
		runs, err := recorded.Programs()
		for _, r := range runs {
			all = append(all, subject[program.Workload, trace.ProgramObservation]{name: r.Name, workload: r.Workload, seen: r.Seen})
		}
		return all, err
	}}
}
