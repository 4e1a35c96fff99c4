package broken

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor"
	"synchrony/executor/sched"
	"synchrony/properties"
)

// Properties returns a property for each broken system: "the counter ends at the
// number of workers". None of them holds.
func Properties() []properties.Testable {
	var out []properties.Testable
	for _, s := range systems {
		out = append(out, property(s.name, s))
	}
	return out
}

// New returns a property of one more system like these: a counter to which each worker adds in
// a way of its own.
func New(name string, add func(rt *sched.Runtime, c *Counter, worker int)) properties.Testable {
	return property(name, system{name, add})
}

func property(name string, s executor.System[workload, observation]) properties.Testable {
	return &properties.Property[workload, observation]{
		ID:        "broken-" + name,
		Group:     properties.BrokenGroup,
		Statement: "a counter ends at the number of its workers (broken on purpose: " + name + ")",
		Source:    properties.Here(0),
		System:    s,
		Generator: rapid.Custom(func(t *rapid.T) workload {
			return workload(rapid.IntRange(0, 6).Draw(t, "workers"))
		}),
		Checkers: []checkers.Checker[workload, observation]{complete{}},
		Codec:    properties.Codec[workload]{Format: format, Parse: parse},
		Size:     func(w workload) int { return int(w) },
		Real:     func(workload) bool { return true },
	}
}

// complete decides whether every worker's addition counted.
type complete struct{}

func (complete) Name() string { return "complete" }

func (complete) Check(w workload, o observation) checkers.Verdict {
	if int(w) == int(o) {
		return checkers.Passed()
	}
	return checkers.Failed("lost update", fmt.Sprintf("%d workers added one each, and the counter is %d", w, o))
}

const workloadFile = "workers"

func format(w workload) ([]txtar.File, error) {
	return []txtar.File{{Name: workloadFile, Data: fmt.Appendln(nil, int(w))}}, nil
}

func parse(files []txtar.File) (workload, error) {
	for _, f := range files {
		if f.Name == workloadFile {
			n, err := strconv.Atoi(strings.TrimSpace(string(f.Data)))
			if err != nil || n < 0 {
				return 0, fmt.Errorf("%s: %q is no number of workers", workloadFile, strings.TrimSpace(string(f.Data)))
			}
			return workload(n), nil
		}
	}
	return 0, fmt.Errorf("the file %q is missing", workloadFile)
}
