// Package record holds checkers to what is on record that they say. Begin with [Property]: its cases are some parts of a
// long list of questions, and each part's questions are asked when the part is first drawn.
//
// A record says of each class of questions how many of them get which verdict, by which rule, and in which words. Whoever changes a checker
// writes the new record, and reads what has changed in it: each line that is lost is something that a checker does not say any more.
package record

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/generators/choice"
	"synchrony/properties"
	"synchrony/properties/catalogue/checker"
)

// Said is what checkers say of the questions of some parts.
type Said map[string]Table

// Of is a record, and who can be asked for what is on it.
type Of struct {
	ID, Statement, Source string
	Checkers              string // what they are called together
	Record                string // as [Table.String] has it
	// Part is the part that a class of questions belongs to.
	Part func(class string) string
	// Ask asks all questions of a part, of one part at a time. What is said of one does not change.
	Ask func(part string) (Table, error)
}

// Property is that what is said is what is on record.
func Property(of Of) *properties.Property[[]string, Said] {
	want, err := Parse(of.ID, of.Record)
	record := want.By(of.Part)
	parts := slices.Sorted(maps.Keys(record))
	return &properties.Property[[]string, Said]{
		ID: of.ID, Group: checker.Group, Statement: of.Statement, Source: of.Source, Unscheduled: true,
		System: &system{of: of, known: Said{}}, Checkers: []checkers.Checker[[]string, Said]{onRecord{record}}, Codec: codec(parts),
		Generator: rapid.Custom(func(t *rapid.T) []string {
			if err != nil {
				t.Fatalf("%v", err)
			}
			return draw(choice.From(t), parts)
		}),
		Sometimes: []properties.Condition[[]string, Said]{
			{Name: "a refusal", Holds: says(checkers.Fail)}, {Name: "a malformed recording", Holds: says(checkers.Unknown)},
		},
		Classify: func(parts []string, _ Said) []string { return parts },
		Size:     func(parts []string) int { return len(parts) },
	}
}

// By divides the table into parts.
func (t Table) By(part func(class string) string) Said {
	all := Said{}
	for class, r := range t {
		p := part(class)
		if all[p] == nil {
			all[p] = Table{}
		}
		all[p][class] = r
	}
	return all
}

// system asks about parts, about each once.
type system struct {
	of    Of
	mu    sync.Mutex
	known Said
}

func (s *system) Name() string { return s.of.Checkers }

// Run asks all questions of some parts.
func (s *system) Run(_ context.Context, _ *sched.Runtime, parts []string) (Said, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := Said{}
	for _, p := range parts {
		if s.known[p] == nil {
			t, err := s.of.Ask(p)
			if err != nil {
				return nil, err
			}
			s.known[p] = t
		}
		all[p] = s.known[p]
	}
	return all, nil
}

// onRecord judges whether what was said is what is on record.
type onRecord struct{ record Said }

func (onRecord) Name() string { return "verdicts on record" }

func (c onRecord) Check(parts []string, got Said) checkers.Verdict {
	for _, p := range parts {
		if rule, reason := got[p].Difference(c.record[p]); rule != "" {
			return checkers.Failed(rule, reason)
		}
	}
	return checkers.Passed()
}

// says is the condition that some checker gives a verdict of that status.
func says(status checkers.Status) func([]string, Said) bool {
	return func(_ []string, got Said) bool {
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

func draw(s choice.Source, all []string) []string {
	var parts []string
	for range 1 + choice.Below(s, maxParts) {
		s.Group(func(s choice.Source) { parts = append(parts, all[choice.Below(s, len(all))]) })
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}

// partsFile has a part on each line.
const partsFile = "parts"

func codec(all []string) properties.Codec[[]string] {
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
					return nil, fmt.Errorf("%s: nothing on record is a part %q: there are %s", partsFile, p, strings.Join(all, ", "))
				}
			}
			return parts, nil
		},
	}
}
