package gotest

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"synchrony/executor"
	"synchrony/executor/instrument"
	protocol "synchrony/executor/shim/testing"
	"synchrony/models/schedule"
	"synchrony/models/text"
	"synchrony/properties"
)

// Options say which tests to build, and how to search them.
type Options struct {
	Dir      string   // a folder of the module; empty is the current one
	Patterns []string // packages, as the go command names them; none is the one in Dir
	Tags     string   // build tags, separated by commas
	Race     bool     // with the race detector
	Debug    bool     // with what a debugger needs
	Cache    string   // folder of what was built; empty is the user's own
	Run      *regexp.Regexp
	Search
}

// Sources is the identity of what Build builds from: see [instrument.Sources].
func (o *Options) Sources(ctx context.Context) (string, error) {
	return instrument.Sources(ctx, o.config())
}

// DefaultMaxSteps is how many steps a run of a test may take unless it is told otherwise.
const DefaultMaxSteps = protocol.DefaultMaxSteps

// Search says how to search a test.
type Search struct {
	Schedules int           // at most so many for each test; 0 is as many as fit into its time
	Seed      uint64        // of the schedules, and of the random numbers that tests draw
	MaxSteps  int           // of a run, before it is given up; 0 is DefaultMaxSteps
	Short     bool          // what testing.Short says
	Slow      bool          // also on a machine on which timers may fire while goroutines can run
	Leaks     bool          // what is left when a test has ended is a failure, though it be so in every schedule
	Isolate   bool          // a process for each schedule
	Inputs    int           // seeds to try a test with that reads one; 0 is as many as a share of the schedules allows
	Corpus    string        // folder of counterexamples, replayed first; empty for none
	Patience  time.Duration // how much time of its own a test's process may show no sign of life
}

// Suite is the tests that were built.
type Suite struct {
	options Options
	Tests   []Test
	Left    []string // what stays native, with the place and the reason, sorted
	Others  []string // names of tests that Options.Run does not match
	Refused []string // tests and packages that are not run, with the reason; and what the packages have beside tests
}

// Test is a test of a binary.
type Test struct {
	Info     properties.Info
	Package  string // import path
	Name     string
	binary   binary
	seeded   bool   // it may read a seed: see seeds.go
	stateful bool   // its package has variables that outlive a run
	broken   string // it is a whole package that cannot be built once it is rewritten, for this reason
}

// runtimeSources are what the binaries are built on, by folder.
func runtimeSources() map[string]fs.FS {
	return map[string]fs.FS{
		"executor":        executor.Sources,
		"models/schedule": schedule.Sources,
		"models/text":     text.Sources,
	}
}

func (o *Options) config() instrument.Config {
	return instrument.Config{
		Dir: o.Dir, Patterns: o.Patterns, Tags: o.Tags, Race: o.Race, Debug: o.Debug, Cache: o.Cache, Runtime: runtimeSources(),
	}
}

// Build rewrites and builds the tests. An error is for people: one line that says what is wrong with the module, the packages
// or the folder.
func Build(ctx context.Context, o Options) (*Suite, error) {
	built, err := instrument.Build(ctx, o.config())
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, err
	}
	s := &Suite{options: o}
	names := namer{dir: o.Dir}
	for _, l := range built.Left {
		l.Pos.Filename = names.relative(l.Pos.Filename)
		s.Left = append(s.Left, l.String())
	}
	for _, p := range built.Packages {
		if err := s.add(&names, p); err != nil {
			return nil, err
		}
	}
	whole := len(s.Tests)
	for _, p := range built.Broken {
		b := instrument.BuildError{Packages: []string{p.Path}, Output: p.Output}
		if whole == 0 {
			return nil, &b
		}
		s.Tests = append(s.Tests, Test{Info: s.info(names.short(p), p.Path, ""), Package: p.Path, broken: b.Error()})
	}
	return s, nil
}

func (s *Suite) info(id, group, source string) properties.Info {
	return properties.Info{
		ID: id, Group: group, System: system, Checkers: []string{Checker}, Source: source, Statement: "ends well under every schedule",
	}
}

// add adds the selected tests of a package.
func (s *Suite) add(names *namer, p instrument.Package) error {
	identity, err := identityOf(p.Binary)
	if err != nil {
		return fmt.Errorf("read the test binary of %s: %w", p.Path, err)
	}
	files := sourceFiles(p.Dir)
	declared, stateful := declarations(files), hasState(files)
	b := binary{path: p.Binary, dir: p.Dir, identity: identity, race: s.options.Race, patience: s.options.Patience}
	if what := leftOut(p, s.options.Run); what != "" {
		s.Refused = append(s.Refused, names.short(p)+": "+what)
	}
	for _, name := range p.Tests {
		if s.options.Run != nil && !s.options.Run.MatchString(name) {
			s.Others = append(s.Others, name)
			continue
		}
		id := names.short(p) + "." + name
		if slices.ContainsFunc(s.Tests, func(t Test) bool { return t.Info.ID == id }) {
			id = p.Path + "." + name // in a workspace, of another module
		}
		source := ""
		if at, ok := declared.tests[name]; ok {
			source = fmt.Sprintf("%s:%d", names.relative(at.Filename), at.Line)
		}
		s.Tests = append(s.Tests, Test{
			Info:    s.info(id, p.Path, source),
			Package: p.Path, Name: name, binary: b, seeded: declared.shared || declared.seeded[name], stateful: stateful,
		})
	}
	return nil
}

// leftOut says which benchmarks and examples of a package are left out; only those examples, if run is not nil, that it matches.
func leftOut(p instrument.Package, run *regexp.Regexp) string {
	benchmarks, examples := p.Benchmarks, p.Examples
	if run != nil {
		benchmarks = nil // they were not asked for
		examples = slices.DeleteFunc(slices.Clone(examples), func(name string) bool { return !run.MatchString(name) })
	}
	var counts []string
	for _, list := range []struct {
		of   []string
		noun string
	}{{examples, "example"}, {benchmarks, "benchmark"}} {
		if n := len(list.of); n > 0 {
			counts = append(counts, text.Plural(n, list.noun))
		}
	}
	if len(counts) == 0 {
		return ""
	}
	return strings.Join(counts, ", ") + " left out: " + strings.Join(slices.Concat(examples, benchmarks), ", ")
}
