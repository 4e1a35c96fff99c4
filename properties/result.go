package properties

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"synchrony/checkers"
)

// Spec says what part of which run to do. The same Spec gives the same Result,
// but for times.
type Spec struct {
	Seed  uint64 `json:"seed"`
	First int    `json:"first"` // number of the first case
	Count int    `json:"count"` // how many cases
	// Schedules ends the run early, after the case with which so many were run, if it is not zero.
	Schedules int    `json:"schedules,omitempty"`
	Budget    Budget `json:"budget"` // of schedules for each case
	Corpus    string `json:"corpus"` // folder of counterexamples: replayed first, new ones saved there; empty for none
	// Program says in a counterexample what a person runs to replay it: the import path of a main package; "go test" and that of a
	// package; flags of command verify, which begin with a dash; empty is command verify.
	Program string `json:"program,omitempty"`
	// Unsaved leaves writing files to the caller: a Failure that is new then has its Text, and no
	// File, and the File of one that is Refreshed is still to be written.
	Unsaved bool `json:"unsaved,omitempty"`
	// Deadline ends the run early if it is not zero, and testing Reserve before it, so
	// that there is time to shrink what is found last.
	Deadline time.Time     `json:"deadline,omitzero"`
	Reserve  time.Duration `json:"reserve,omitempty"` // nanoseconds
	// ShrinkTime ends shrinking early if it is not zero.
	ShrinkTime time.Duration `json:"shrinkTime,omitempty"` // nanoseconds
	// Patience is how long a run of a property that has none of its own may take in real time before the watchdog looks at it: one in which nothing moves
	// any more is a violation, and any other is waited for. Zero is for ever.
	Patience time.Duration `json:"patience,omitempty"` // nanoseconds
	// KeepGoing goes on after a violation, to the last case: see Property.Run.
	KeepGoing bool `json:"keepGoing,omitempty"`
}

// ShrinkUntil is when shrinking what was found now must end; zero is never.
func (s *Spec) ShrinkUntil(now time.Time) time.Time {
	if s.ShrinkTime == 0 {
		return s.Deadline
	}
	if until := now.Add(s.ShrinkTime); s.Deadline.IsZero() || until.Before(s.Deadline) {
		return until
	}
	return s.Deadline
}

// Budget bounds the schedules tried for one case.
type Budget struct {
	Single int `json:"single"` // single deviations from the default schedule
	Random int `json:"random"` // sampled schedules: about 70% POS, the rest PCT of depth 3 and 6
	// Sampling, if not empty, is how all of these are sampled: "random", "PCT depth 3",
	// "PCT depth 6" or "POS".
	Sampling string `json:"sampling,omitempty"`
	// Exhaustive is up to how many schedules a case is tried on all of them, by partial
	// order reduction; 0 is never. Partial runs so many of them also where there are more.
	Exhaustive int  `json:"exhaustive"`
	Partial    bool `json:"partial,omitempty"`
	Real       int  `json:"real"`   // runs on plain goroutines with random pauses
	Shrink     int  `json:"shrink"` // schedules run while shrinking; 0 leaves what is found as it is
}

// DefaultBudget is what a run spends on a case unless told otherwise.
var DefaultBudget = Budget{Single: 48, Random: 10, Exhaustive: 40, Real: 1, Shrink: 30_000}

// Progress is how far a run has come.
type Progress struct {
	Property  string `json:"property"`
	Case      int    `json:"case"` // the case about to run
	Schedules int    `json:"schedules"`
	Phase     string `json:"phase,omitempty"` // one of those below
	File      string `json:"file,omitempty"`  // the counterexample being replayed
	// Done is about how much of the case's schedules is covered, from 0 to 1, while exploring.
	Done float64 `json:"done,omitempty"`
}

// The phases of a run.
const (
	PhaseReplaying = "replaying" // known counterexamples
	PhaseTesting   = "testing"
	PhaseShrinking = "shrinking" // what was found
	PhaseExploring = "exploring" // every schedule of a case
)

// Result is what a run of a property showed. Results of disjoint parts of a run
// add up: see Merge.
type Result struct {
	Cases      int        `json:"cases"`
	Covered    int        `json:"covered"`              // cases tried on every schedule, up to the order of steps that commute
	Replayed   int        `json:"replayed"`             // counterexamples of the corpus
	Schedules  int        `json:"schedules"`            // controlled runs, and those on plain goroutines beside them
	Strategies []Strategy `json:"strategies,omitempty"` // what chose the schedules, by name; not known of a process that died
	// Beside is what else was run of a Go test, by what for: it is not among Schedules, which are no more than were asked for.
	Beside    []Strategy `json:"beside,omitempty"`
	Unknown   int        `json:"unknown"` // observations that a checker could not judge
	UnknownBy string     `json:"unknownReason,omitempty"`
	Undecided int        `json:"-"`                   // the case that UnknownBy is about, where it was run in this process
	Labels    []Count    `json:"labels,omitempty"`    // cases with each label, by name
	Sometimes []Count    `json:"sometimes,omitempty"` // cases that met each condition, in the property's order
	Failures  []Failure  `json:"failures,omitempty"`
	Stale     []Stale    `json:"stale,omitempty"` // files of the corpus that no longer fit, and pass
	// Uncontrolled is how many cases were not under control, for the reason given of the first;
	// Idle is how many others took no step on the runtime. If those are all there are, nothing was
	// controlled either. Both are run as they come, Stress times in all.
	Uncontrolled   int    `json:"uncontrolled,omitempty"`
	UncontrolledBy string `json:"uncontrolledReason,omitempty"`
	Idle           int    `json:"idle,omitempty"`
	Stress         int    `json:"stress,omitempty"`
	// Notes are what a reader should know beside the verdict, a line each.
	Notes   []string `json:"notes,omitempty"`
	Seconds float64  `json:"seconds"`
}

// Stale is a counterexample whose schedule no longer fits the system. Its case was
// searched anew, without finding a violation.
type Stale struct {
	File      string `json:"file"`
	Why       string `json:"reason"`    // what no longer fits
	Schedules int    `json:"schedules"` // that passed
}

// String says so.
func (s Stale) String() string {
	return fmt.Sprintf("%s is of a system that has changed since (%s); its case passes %d schedules searched anew", s.File, s.Why, s.Schedules)
}

// Lost says why the run, or a part of it, was not under control; empty if all of it was.
func (r *Result) Lost() string {
	switch {
	case r.Uncontrolled > 0:
		return fmt.Sprintf("%d of %d cases were not under control: %s", r.Uncontrolled, r.Cases, r.UncontrolledBy)
	case r.Cases > 0 && r.Idle == r.Cases:
		return "no case took a step on the runtime" + nothingChosen
	}
	return ""
}

// Reproduce is what a person runs to see the failure of f.File again.
func (f *Failure) Reproduce() string {
	c, err := ParseCounterexample(f.File, []byte(f.Text))
	if err != nil { // of another process, which kept the text
		c = &Counterexample{}
	}
	return c.Reproduce(f.File)
}

// Control says how far the schedules of the run were chosen: of all cases, of some, or of none.
func (r *Result) Control() string {
	lost := r.Uncontrolled + r.Idle
	switch {
	case r.Cases == 0:
		return "nothing was run"
	case r.Uncontrolled == 0 && r.Idle < r.Cases:
		return "controlled"
	case lost < r.Cases:
		return fmt.Sprintf("%d cases controlled, %d disturbed: run %d times as they come, with pauses at random", r.Cases-lost, lost, r.Stress)
	}
	return fmt.Sprintf("disturbed: run %d times as they come, with pauses at random", r.Stress)
}

// Repeats says how often a failure that does not come each time came again, or that it was not run again, and why; empty if it comes each time.
func (f *Failure) Repeats() string {
	switch {
	case f.NotRepeated != "":
		return "the shrunk case was not run again: " + f.NotRepeated
	case f.Runs == 0 && !f.Replayed:
		return "the shrunk case did not fail again when it was replayed: it does not fail every time"
	case f.Hits == f.Runs:
		return ""
	}
	text := fmt.Sprintf("it failed again in %d of %d repeats", f.Hits, f.Runs)
	if r := (rate{f.Hits, f.Runs}); f.Hits > 0 && f.Runs >= mostForRate {
		text += fmt.Sprintf(": %d runs show it again in 99 of 100 tries", r.needed())
	}
	if f.Differs != "" {
		text += "; " + f.Differs
	}
	return text
}

// Count is how many cases had something.
type Count struct {
	Name  string `json:"name"`
	Cases int    `json:"cases"`
}

// Strategy is how many schedules a strategy chose; "corpus" and "shrinking" stand for what
// was run to replay and to shrink counterexamples.
type Strategy struct {
	Name      string `json:"name"`
	Schedules int    `json:"schedules"`
}

// Failure is a violation that was found, shrunk and saved.
type Failure struct {
	Checker    string   `json:"checker"`
	Rule       string   `json:"rule"`
	Reason     string   `json:"reason"`
	Evidence   []string `json:"evidence,omitempty"`
	Cause      *Cause   `json:"cause,omitempty"` // nil if no more is known than this failure
	Case       int      `json:"case"`            // its number; -1 for one from the corpus
	Strategy   string   `json:"strategy"`        // which found it
	Size       int      `json:"size"`            // of the shrunk workload
	Deviations int      `json:"deviations"`      // of the shrunk schedule
	Replayed   bool     `json:"replayed"`        // the shrunk case was replayed, and failed again
	// NotRepeated is why it was not run again; empty if it was.
	NotRepeated string `json:"notRepeated,omitempty"`
	// Hits is in how many of Runs repeats it failed again, if it does not each time; Differs is why.
	Hits    int    `json:"hits,omitempty"`
	Runs    int    `json:"runs,omitempty"`
	Differs string `json:"differs,omitempty"`
	// Refreshed says that the file of a known counterexample was written anew: its schedule no longer fitted.
	Refreshed bool    `json:"refreshed,omitempty"`
	File      string  `json:"file,omitempty"`           // where it was saved
	Text      string  `json:"counterexample,omitempty"` // the file's content
	Cut       bool    `json:"shrinkingCut,omitempty"`   // shrinking ended before nothing was smaller
	Schedules int     `json:"schedules"`                // run until it was found
	Found     float64 `json:"foundSeconds"`             // from the start of the run until found
	Shrunk    float64 `json:"shrunkSeconds"`            // spent on shrinking
	// Output is what a process that died had printed, line by line, as much as was kept of it.
	// It may differ from run to run.
	Output []string `json:"output,omitempty"`
	// Waits are what the tasks that were left wait for, if the failure is that they do for ever.
	Waits []Wait `json:"waits,omitempty"`
	// Position is the line of the code under test that it is about, "file:line"; empty if none is known.
	Position string `json:"position,omitempty"`
	// Lines are those of the source that the steps are of which it depends on, with their places, if the source is on this machine. They are
	// no part of the file, which is the same on all machines.
	Lines []string `json:"lines,omitempty"`
}

// Group is what failures are reported as one by: the rule that was broken first, and the checker that says so. A failure of which no
// cause is known is by itself, with those of its rule in its property.
type Group struct{ Checker, Rule, Alone string }

func (g Group) String() string { return g.Checker + ", " + g.Rule }

// Group is that of a failure of the property id.
func (f *Failure) Group(id string) Group {
	c := f.RootCause()
	if f.Cause != nil {
		id = ""
	}
	return Group{c.Checker, c.Rule, id}
}

// RootCause is the failure's cause: what it says itself, if no other is known.
func (f *Failure) RootCause() Cause {
	if f.Cause != nil {
		return *f.Cause
	}
	return Cause{f.Checker, f.Rule, f.Reason}
}

// Because is what was wrong first, if it is known to be something else than the failure says itself; else nil.
func (f *Failure) Because() *Cause { return f.Cause.but(f.Checker, f.Rule) }

// Status is the verdict of the whole run: Fail if any case failed; Unknown if
// nothing was tested, a checker was undecided, or a sometimes condition was never
// met; else Pass.
func (r *Result) Status() checkers.Status {
	switch {
	case len(r.Failures) > 0:
		return checkers.Fail
	case r.Cases == 0 || r.Unknown > 0 || len(r.Unmet()) > 0:
		return checkers.Unknown
	}
	return checkers.Pass
}

// Unmet returns the names of the sometimes conditions that no case met.
func (r *Result) Unmet() []string {
	var names []string
	for _, c := range r.Sometimes {
		if c.Cases == 0 {
			names = append(names, c.Name)
		}
	}
	return names
}

// Why says in a few words why the run is inconclusive; empty if it is not.
func (r *Result) Why() string {
	switch {
	case r.Status() != checkers.Unknown:
		return ""
	case r.Unknown > 0:
		return "a checker could not decide: " + r.UnknownBy
	case r.Cases == 0:
		return "no case was run"
	}
	return "never happened: " + r.Unmet()[0]
}

// Merge adds the result of another part of the same run.
func (r *Result) Merge(o Result) {
	r.Cases += o.Cases
	r.Covered += o.Covered
	r.Replayed += o.Replayed
	r.Schedules += o.Schedules
	r.Strategies, r.Beside = slices.Clone(r.Strategies), slices.Clone(r.Beside)
	for _, s := range o.Strategies {
		addSchedules(&r.Strategies, s.Name, s.Schedules)
	}
	for _, s := range o.Beside {
		addSchedules(&r.Beside, s.Name, s.Schedules)
	}
	r.Uncontrolled += o.Uncontrolled
	if r.UncontrolledBy == "" {
		r.UncontrolledBy = o.UncontrolledBy
	}
	r.Idle += o.Idle
	r.Stress += o.Stress
	r.Unknown += o.Unknown
	if r.UnknownBy == "" {
		r.UnknownBy = o.UnknownBy
	}
	r.Labels = addCounts(r.Labels, o.Labels)
	slices.SortFunc(r.Labels, func(a, b Count) int { return cmp.Compare(a.Name, b.Name) })
	r.Sometimes = addCounts(r.Sometimes, o.Sometimes)
	r.Failures = append(r.Failures, o.Failures...)
	r.Stale = append(r.Stale, o.Stale...)
	r.Notes = append(r.Notes, o.Notes...)
	r.Seconds += o.Seconds
}

// Ran counts n more schedules of a strategy.
func (r *Result) Ran(strategy string, n int) {
	r.Schedules += n
	addSchedules(&r.Strategies, strategy, n)
}

// RanBeside counts n more runs that are not among the schedules asked for.
func (r *Result) RanBeside(what string, n int) { addSchedules(&r.Beside, what, n) }

// addSchedules counts n more schedules under a name in a list by name.
func addSchedules(list *[]Strategy, name string, n int) {
	if n == 0 {
		return
	}
	i, found := slices.BinarySearchFunc(*list, name, func(s Strategy, name string) int { return cmp.Compare(s.Name, name) })
	if !found {
		*list = slices.Insert(*list, i, Strategy{Name: name})
	}
	(*list)[i].Schedules += n
}

func addCounts(a, b []Count) []Count {
	a = slices.Clone(a)
	for _, c := range b {
		if i := slices.IndexFunc(a, func(x Count) bool { return x.Name == c.Name }); i >= 0 {
			a[i].Cases += c.Cases
		} else {
			a = append(a, c)
		}
	}
	return a
}

// counts turns a tally into Counts ordered by name.
func counts(m map[string]int) []Count {
	var out []Count
	for _, name := range slices.Sorted(maps.Keys(m)) {
		out = append(out, Count{name, m[name]})
	}
	return out
}
