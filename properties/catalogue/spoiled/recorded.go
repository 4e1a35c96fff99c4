package spoiled

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/recorded"
	"synchrony/checkers/spoiled"
	"synchrony/executor/sched"
	"synchrony/generators/choice"
	"synchrony/models/batch"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
	"synchrony/properties/catalogue/checker"
	"synchrony/properties/catalogue/checks"
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

// said is what checkers say of the changes of some parts of recordings.
type said map[string]table

// witnesses are the recorded runs of one kind of workload, all checkers of these, and what they have said already.
type witnesses[W, O any] struct {
	subjects func() ([]subject[W, O], error)
	checkers []checkers.Checker[W, O]

	mu      sync.Mutex
	changes map[string][]spoiling[W, O] // by part; nil until they are needed
	known   said
}

// spoiling is one change of one run: of what was recorded, or of the workload that it is said to be a run of.
type spoiling[W, O any] struct {
	of    *subject[W, O]
	class string
	spoil func(W, O) (W, O) // nil if nothing is changed
}

func (*witnesses[W, O]) Name() string { return "checkers of spoiled recordings" }

// Run asks about all changes of some parts. What they said of one does not change.
func (s *witnesses[W, O]) Run(_ context.Context, _ *sched.Runtime, parts []string) (said, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return nil, err
	}
	all := said{}
	for _, p := range parts {
		if s.known[p] == nil {
			s.known[p] = s.ask(s.changes[p])
		}
		all[p] = s.known[p]
	}
	return all, nil
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
	s.changes, s.known = map[string][]spoiling[W, O]{}, said{}
	for i := range runs {
		s.changes[unspoiled] = append(s.changes[unspoiled], spoiling[W, O]{&runs[i], unspoiled, nil})
	}
	s.known[unspoiled] = s.ask(s.changes[unspoiled])
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
func (s *witnesses[W, O]) ask(changes []spoiling[W, O]) table {
	t := table{}
	for _, c := range changes {
		w, o := c.of.workload, c.of.seen
		if c.spoil != nil {
			w, o = c.spoil(w, o)
		}
		r := t.row(c.class)
		r.changes++
		for i, checker := range s.checkers {
			v := checker.Check(w, o)
			key := keyOf(checker.Name(), v)
			if c.spoil == nil {
				c.of.before = append(c.of.before, key)
			} else if key == c.of.before[i] {
				continue
			}
			r.add(key, v)
		}
	}
	return t
}

// onRecord judges whether what was said is what is on record.
type onRecord struct{ record map[string]table }

func (onRecord) Name() string { return "verdicts on record" }

func (c onRecord) Check(parts []string, got said) checkers.Verdict {
	for _, p := range parts {
		if rule, reason := got[p].difference(c.record[p]); rule != "" {
			return checkers.Failed(rule, reason)
		}
	}
	return checkers.Passed()
}

func recordedBatches(list []checks.Listed[checkers.OfBatch]) properties.Testable {
	return refusals("X7", "each checker gives recorded runs of batches, spoiled in each way, the verdicts that are on record", batchVerdicts, batchWitnesses(list))
}

func recordedPrograms(list []checks.Listed[checkers.OfProgram]) properties.Testable {
	return refusals("X8", "each checker gives recorded runs of programs, spoiled in each way, the verdicts that are on record", programVerdicts, programWitnesses(list))
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

// refusals is the property of a system's checkers. Its cases are some parts of recordings, all changes of which are tried.
func refusals[W, O any](id, statement, verdicts string, s *witnesses[W, O]) properties.Testable {
	want, err := parseTable(id, verdicts)
	record := want.byPart()
	parts := slices.Sorted(maps.Keys(record))
	return &properties.Property[[]string, said]{
		ID: id, Group: checker.Group, Statement: statement, Source: properties.Here(1), Unscheduled: true,
		System: s, Checkers: []checkers.Checker[[]string, said]{onRecord{record}}, Codec: partsCodec(parts),
		Generator: rapid.Custom(func(t *rapid.T) []string {
			if err != nil {
				t.Fatalf("%v", err)
			}
			return drawParts(choice.From(t), parts)
		}),
		Sometimes: []properties.Condition[[]string, said]{
			{Name: "a refusal", Holds: says(checkers.Fail)}, {Name: "a malformed recording", Holds: says(checkers.Unknown)},
		},
		Classify: func(parts []string, _ said) []string { return parts },
		Size:     func(parts []string) int { return len(parts) },
	}
}

// says is the condition that some checker gives a verdict of that status.
func says(status checkers.Status) func([]string, said) bool {
	return func(_ []string, got said) bool {
		for _, t := range got {
			for _, r := range t {
				for key := range r.verdicts {
					if strings.Contains(key, ": "+status.String()) {
						return true
					}
				}
			}
		}
		return false
	}
}

// maxParts bounds the parts of a case.
const maxParts = 6

func drawParts(s choice.Source, all []string) []string {
	var parts []string
	for range 1 + choice.Below(s, maxParts) {
		s.Group(func(s choice.Source) { parts = append(parts, all[choice.Below(s, len(all))]) })
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}

// partsFile has a part on each line.
const partsFile = "parts"

func partsCodec(all []string) properties.Codec[[]string] {
	return properties.Codec[[]string]{
		Format: func(parts []string) ([]txtar.File, error) {
			return []txtar.File{{Name: partsFile, Data: []byte(strings.Join(parts, "\n") + "\n")}}, nil
		},
		Parse: func(files []txtar.File) ([]string, error) {
			if len(files) != 1 || files[0].Name != partsFile {
				return nil, fmt.Errorf("the workload is one file, %q", partsFile)
			}
			parts := strings.Split(strings.TrimSpace(string(files[0].Data)), "\n")
			for _, p := range parts {
				if !slices.Contains(all, p) {
					return nil, fmt.Errorf("%s: no recording has a part %q: there are %s", partsFile, p, strings.Join(all, ", "))
				}
			}
			return parts, nil
		},
	}
}
