package checker

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/recorded"
	"synchrony/executor/sched"
	"synchrony/properties"
	"synchrony/properties/catalogue/checks"
)

// batchChecker is a checker of batches.
type batchChecker = checkers.OfBatch

// recordedCheckers are those that the recorded runs have verdicts of.
func recordedCheckers() []batchChecker { return checks.Recorded(checks.Batches()) }

// sample is some recorded runs.
type sample []recorded.Run

// has reports whether one of the runs has a verdict with these words; with none, whether one has only passes.
func (s sample) has(words string) bool {
	return slices.ContainsFunc(s, func(r recorded.Run) bool {
		if words == "" {
			return len(r.Verdicts) == 0
		}
		return slices.ContainsFunc(r.Verdicts, func(v string) bool { return strings.Contains(v, words) })
	})
}

// said is what the checkers say of each run, in the form of recorded.Run.Verdicts.
type said [][]string

// allCheckers asks all the checkers about each run.
type allCheckers struct{ checkers []batchChecker }

func (allCheckers) Name() string { return "checkers of batches" }

func (c allCheckers) Run(_ context.Context, _ *sched.Runtime, s sample) (said, error) {
	var all said
	for _, r := range s {
		var lines []string
		for _, checker := range c.checkers {
			switch v := checker.Check(r.Workload, r.Seen); v.Status {
			case checkers.Fail:
				lines = append(lines, fmt.Sprintf("%s: fail: %s", checker.Name(), v.Rule))
			case checkers.Unknown:
				lines = append(lines, checker.Name()+": unknown")
			}
		}
		slices.Sort(lines)
		all = append(all, lines)
	}
	return all, nil
}

// deserved judges whether each run has its verdicts.
type deserved struct{}

func (deserved) Name() string { return "deserved verdicts" }

func (deserved) Check(s sample, all said) checkers.Verdict {
	for i, r := range s {
		for _, want := range r.Verdicts {
			if !slices.Contains(all[i], want) {
				checker, _, _ := strings.Cut(want, ":")
				return checkers.Failed("verdict missed", fmt.Sprintf("of the run %s, want %q, and %s", r.Name, want, instead(checker, all[i])))
			}
		}
		for _, got := range all[i] {
			if !slices.Contains(r.Verdicts, got) {
				return checkers.Failed("false alarm", fmt.Sprintf("of the run %s somebody says %q", r.Name, got))
			}
		}
	}
	return checkers.Passed()
}

// instead is what a checker says.
func instead(checker string, lines []string) string {
	for _, line := range lines {
		if strings.HasPrefix(line, checker+":") {
			return fmt.Sprintf("it is %q", line)
		}
	}
	return fmt.Sprintf("%s passes", checker)
}

// samples draws a few of the recorded runs. What is drawn is a number of 64 bits, hashed, since drawn small numbers
// are drawn more often, and no run is to be.
func samples() *rapid.Generator[sample] {
	runs, err := recorded.All()
	return rapid.Custom(func(t *rapid.T) sample {
		if err != nil {
			t.Fatalf("the recorded runs: %v", err)
		}
		one := rapid.Map(rapid.Uint64(), func(n uint64) recorded.Run { return runs[spread(n)%uint64(len(runs))] })
		n := rapid.IntRange(1, 12).Draw(t, "runs")
		return rapid.SliceOfN(one, n, n).Draw(t, "sample")
	})
}

// spread mixes the bits of a number (the finalizer of MurmurHash3).
func spread(n uint64) uint64 {
	n = (n ^ n>>33) * 0xff51afd7ed558ccd
	n = (n ^ n>>33) * 0xc4ceb9fe1a85ec53
	return n ^ n>>33
}

// sampleCodec has each run's files in a folder of the run's number and name.
var sampleCodec = properties.Codec[sample]{Format: formatSample, Parse: parseSample}

func formatSample(s sample) ([]txtar.File, error) {
	var files []txtar.File
	for i, r := range s {
		for _, f := range r.Files {
			files = append(files, txtar.File{Name: fmt.Sprintf("%d-%s/%s", i+1, r.Name, f.Name), Data: f.Data})
		}
	}
	return files, nil
}

func parseSample(files []txtar.File) (sample, error) {
	var s sample
	for len(files) > 0 {
		folder, _, found := strings.Cut(files[0].Name, "/")
		_, name, numbered := strings.Cut(folder, "-")
		if !found || !numbered {
			return nil, fmt.Errorf("the file %q is not NUMBER-RUN/FILE", files[0].Name)
		}
		var own []txtar.File
		for len(files) > 0 && strings.HasPrefix(files[0].Name, folder+"/") {
			own = append(own, txtar.File{Name: strings.TrimPrefix(files[0].Name, folder+"/"), Data: files[0].Data})
			files = files[1:]
		}
		r, err := recorded.Parse(name, own)
		if err != nil {
			return nil, err
		}
		s = append(s, r)
	}
	return s, nil
}
