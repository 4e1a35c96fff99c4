package gotest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/tools/txtar"

	protocol "synchrony/executor/shim/testing"
	"synchrony/models/schedule"
	"synchrony/properties"
)

// system is what counterexamples of tests name as the system, and Checker who judged.
const (
	system  = "go test"
	Checker = "test"
)

// IsOf reports whether a counterexample is of a test.
func IsOf(c *properties.Counterexample) bool { return c.System == system }

// testFile is the file of a counterexample that says which test was run, and how; workloadFile has its input, if it has one.
const (
	testFile     = "test"
	workloadFile = "workload"
)

// Case is a test, and how it was run when it failed.
type Case struct {
	Package  string // import path
	Test     string
	Race     bool   // under the race detector
	Tags     string // build tags
	Input    int    // the seed that it read; 0 is none
	Cold     bool   // in a process of its own
	Identity string // of the binary
	protocol.Settings
}

// files is the text form of a case.
func (c *Case) files() []txtar.File {
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\ntest %s\n", c.Package, c.Test)
	for _, flag := range []struct {
		name string
		on   bool
	}{{"race", c.Race}, {"slow", c.Impatient}, {"short", c.Short}, {"leaks", c.Leaks}, {"racy", c.Racy}, {"cold", c.Cold}, {"data-choices", c.DataChoices}} {
		if flag.on {
			fmt.Fprintf(&b, "%s true\n", flag.name)
		}
	}
	if c.Tags != "" {
		fmt.Fprintf(&b, "tags %s\n", c.Tags)
	}
	if c.Input != 0 {
		fmt.Fprintf(&b, "input %d\n", c.Input)
	}
	if c.MaxSteps != 0 {
		fmt.Fprintf(&b, "steps %d\n", c.MaxSteps)
	}
	if c.LateRings != 0 {
		fmt.Fprintf(&b, "late-rings %d\n", c.LateRings)
	}
	fmt.Fprintf(&b, "seed %d\nbuild %s\n", c.Seed, c.Identity)
	files := []txtar.File{{Name: testFile, Data: []byte(b.String())}}
	if c.Workload != "" {
		files = append(files, txtar.File{Name: workloadFile, Data: []byte(c.Workload)})
	}
	return files
}

// caseOf is the case of a counterexample of a test; name is its file's, for the error.
func caseOf(name string, x *properties.Counterexample) (*Case, error) {
	c := &Case{}
	for _, f := range x.Workload {
		if f.Name == workloadFile {
			c.Workload = string(f.Data)
		}
		if f.Name != testFile {
			continue
		}
		seen := map[string]bool{}
		for line := range strings.Lines(string(f.Data)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
			err := c.set(key, value)
			if seen[key] {
				err = errors.New("it is there twice")
			}
			if seen[key] = true; err != nil {
				return nil, &properties.FormatError{File: name, What: fmt.Sprintf("in %q: %q: %v", testFile, strings.TrimSpace(line), err)}
			}
		}
	}
	switch {
	case strings.HasPrefix(c.Package, "-") || strings.ContainsFunc(c.Package+c.Test+c.Tags+c.Identity, isNoWord):
		return nil, &properties.FormatError{File: name, What: fmt.Sprintf("the file %q names a package, a test, tags or a build that cannot be", testFile)}
	case c.Input < 0 || c.MaxSteps < 0:
		return nil, &properties.FormatError{File: name, What: fmt.Sprintf("the file %q has a negative number", testFile)}
	case c.Package == "" || c.Test == "":
		return nil, &properties.FormatError{File: name, What: fmt.Sprintf("the file %q does not name a package and a test: was the counterexample cut short?", testFile)}
	case x.Schedule == nil:
		return nil, &properties.FormatError{File: name, What: "the schedule is missing: was the counterexample cut short?"}
	}
	return c, nil
}

// Adopt makes the counterexamples of the test with an ID, that another build of the same sources has found, those of the suite's own build: a binary
// knows in which folder it was built, so that builds of the same sources differ.
func (s *Suite) Adopt(id string, failures []properties.Failure) error {
	t, err := s.test(id)
	if err != nil {
		return err
	}
	for i := range failures {
		f := &failures[i]
		if f.Text == "" { // of a process that ended nothing is saved
			continue
		}
		x, err := properties.ParseCounterexample("counterexample", []byte(f.Text))
		if err != nil {
			return err
		}
		c, err := caseOf("counterexample", x)
		if err != nil {
			return err
		}
		c.Identity = t.binary.identity
		x.Workload = c.files()
		f.Text = string(x.Format())
	}
	return nil
}

// isNoWord reports whether a character stands in no name that a case has.
func isNoWord(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar
}

func (c *Case) set(key, value string) (err error) {
	switch key {
	case "package":
		c.Package = value
	case "test":
		c.Test = value
	case "tags":
		c.Tags = value
	case "build":
		c.Identity = value
	case "race":
		c.Race, err = strconv.ParseBool(value)
	case "slow":
		c.Impatient, err = strconv.ParseBool(value)
	case "short":
		c.Short, err = strconv.ParseBool(value)
	case "leaks":
		c.Leaks, err = strconv.ParseBool(value)
	case "racy":
		c.Racy, err = strconv.ParseBool(value)
	case "data-choices":
		c.DataChoices, err = strconv.ParseBool(value)
	case "cold":
		c.Cold, err = strconv.ParseBool(value)
	case "input":
		c.Input, err = strconv.Atoi(value)
	case "steps":
		c.MaxSteps, err = strconv.Atoi(value)
	case "late-rings":
		c.LateRings, err = strconv.Atoi(value)
	case "seed":
		c.Seed, err = strconv.ParseUint(value, 10, 64)
	default:
		return fmt.Errorf("%q is not known here", key)
	}
	if err != nil {
		return fmt.Errorf("%q is no value of %s", value, key)
	}
	return nil
}

// counterexample states a finding.
func (t *Test) counterexample(tell *describer, c Case, f *protocol.Finding) (*properties.Counterexample, error) {
	s, err := schedule.ParseSchedule(f.Schedule)
	if err != nil {
		return nil, fmt.Errorf("the test binary states a schedule that is none: %w", err)
	}
	return &properties.Counterexample{
		Property: t.Info.ID, System: system, Checker: Checker, Rule: f.Kind, Reason: tell.reason(f), Evidence: tell.evidence(f),
		Story: tell.story(f), Workload: c.files(), Schedule: &s,
	}, nil
}
