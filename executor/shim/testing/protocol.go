//go:build go1.26

package testing

import "time"

// Version is the protocol's. It changes when a parent and a binary of different ones would misunderstand each other.
const Version = 1

// A test binary answers on the descriptor whose number is in the environment variable VERIFY_TEST_FD. It takes requests from the variable
// VERIFY_TEST_REQUEST if that is set, and else from its standard input: in both, one JSON object a line, done one after the other.
// Answers are one JSON object a line; the last one to a request has done or error.

// Request asks for one thing: a list, a search, or a replay.
type Request struct {
	List   bool    `json:"list,omitempty"`
	Test   string  `json:"test,omitempty"` // for search and replay: one of those listed
	Search *Search `json:"search,omitempty"`
	Replay *Replay `json:"replay,omitempty"`
}

// Settings are those of a run, as far as what it does depends on them.
type Settings struct {
	MaxSteps  int    `json:"max_steps,omitempty"`  // before a run is given up; 0 is 20,000
	Impatient bool   `json:"impatient,omitempty"`  // timers may fire while tasks can run: the machine is slow
	Seed      uint64 `json:"seed,omitempty"`       // of the random numbers that the test draws
	Short     bool   `json:"short,omitempty"`      // what testing.Short says
	Leaks     bool   `json:"leaks,omitempty"`      // any goroutine that is left when the test has ended is a leak, though it be so in every schedule, or it may end yet
	LateRings int    `json:"late_rings,omitempty"` // how often time may pass when the test has ended; 0 is the scheduler's own
	Racy      bool   `json:"racy,omitempty"`       // races are known of, and do not count: what else is wrong is looked for
	// DataChoices has the schedule say what Go leaves open, too: the order of a range over a map, random numbers, what a pool gives back. Else
	// these are the same in every run.
	DataChoices bool `json:"data_choices,omitempty"`
	// Workload is the input of the test, in its own text form, in place of what it draws: see [T.Input].
	Workload string `json:"workload,omitempty"`
}

// Search asks for many schedules of a test.
type Search struct {
	Settings
	// Schedules is how many to try, from number First on; the default schedule, number 0, is run in any case, and counts among them
	// where First is 0. The schedule of a number depends on nothing but the seed and the test.
	Schedules int `json:"schedules"`
	First     int `json:"first,omitempty"`
	// Strategies are those to mix, of default, deviation, pos, pct3, pct6 and random; none is all but random.
	Strategies []string `json:"strategies,omitempty"`
	// Explore tries every schedule instead, up to Schedules of them if that is not 0.
	Explore bool `json:"explore,omitempty"`
	// Within ends the search after so much time, whatever is left of it; 0 is never. In nanoseconds.
	Within time.Duration `json:"within,omitempty"`
	// Cold is for a process per schedule: the schedule First is tried once, and no other, nor is it minimised. Length is that of
	// the default schedule, as another process has measured it; Strategy, if not empty, chooses the schedule instead, in the text form of
	// package sched. Record asks for what minimising needs to know of the run.
	Cold     bool   `json:"cold,omitempty"`
	Length   int    `json:"length,omitempty"`
	Strategy string `json:"strategy,omitempty"`
	Record   bool   `json:"record,omitempty"`
	// Positions asks for the findings' steps, each with its position.
	Positions bool `json:"positions,omitempty"`
}

// Replay asks for one schedule.
type Replay struct {
	Settings
	Schedule  string `json:"schedule"` // in the text form of package schedule
	Positions bool   `json:"positions,omitempty"`
	Cold      bool   `json:"cold,omitempty"` // it is of a process of its own
}

// Answer is a line of an answer; one of its fields is set.
type Answer struct {
	Version  int       `json:"version,omitempty"` // of the first line of a process
	Tests    []Test    `json:"tests,omitempty"`
	Progress *Progress `json:"progress,omitempty"`
	Finding  *Finding  `json:"finding,omitempty"`
	Done     *Done     `json:"done,omitempty"`
	Error    string    `json:"error,omitempty"` // the request could not be done: wrong use, or the harness failed
}

// Test is a test of the binary.
type Test struct {
	Name string `json:"name"`
	Kind string `json:"kind"` // test, fuzz, or benchmark, which is not run
}

// Progress says how far a search is.
type Progress struct {
	Schedules int `json:"schedules"`
}

// The kinds of findings. Running and those after it are not conclusive.
const (
	Deadlock     = "deadlock"
	Livelock     = "livelock" // see [sched.Stuck.Endless]; in a search, where another run ends
	Leak         = "leak"
	Panic        = "panic"
	Failed       = "failed"
	Race         = "race"
	SlowOnly     = "slow-only"
	Running      = "running" // the test ended, and goroutines are left that go on from time to time: they may end yet
	StepLimit    = "step-limit"
	Uncontrolled = "uncontrolled"
	Undecided    = "undecided" // the test says so itself: see [T.Undecided]
	Stale        = "stale"     // of a replay: the schedule is of another program
)

// Finding is a schedule and what is wrong with it.
type Finding struct {
	Test    string `json:"test"`
	Kind    string `json:"kind"`
	Message string `json:"message"`
	// Slow is what a slow-only finding would be if it were not.
	Slow string `json:"slow,omitempty"`
	// Every says of a leak that it was there in every schedule tried.
	Every bool `json:"every,omitempty"`

	Settings
	Schedule   string `json:"schedule"`
	Hash       string `json:"hash"`
	Found      int    `json:"found"`      // the number of the schedule
	After      int    `json:"after"`      // how many schedules had been tried when it was known
	Strategy   string `json:"strategy"`   // that led to it
	Deviations int    `json:"deviations"` // of the schedule as found
	Minimised  int    `json:"minimised"`  // of Schedule

	Position string   `json:"position,omitempty"` // of a panic or a failed test: file:line function
	Tasks    []Task   `json:"tasks,omitempty"`
	Steps    []Step   `json:"steps,omitempty"`   // of a long run the first FirstSteps and the last LastSteps
	Left     int      `json:"left,omitempty"`    // steps left out between these
	Subtest  string   `json:"subtest,omitempty"` // that failed; empty if it is the test itself
	Log      []string `json:"log,omitempty"`
	Cut      int      `json:"cut,omitempty"`    // entries of the log left out
	Stack    string   `json:"stack,omitempty"`  // of a panic
	Report   string   `json:"report,omitempty"` // the race detector's
	Raced    *Raced   `json:"raced,omitempty"`  // when it reported that, if that is known
}

// Raced is when a race was reported: by an access of a task, after the step before and not after the step.
type Raced struct {
	Task int32 `json:"task"`
	Step int   `json:"step"`
}

// FirstSteps and LastSteps are how many steps a finding tells of a run that has more.
const (
	FirstSteps = 2000
	LastSteps  = 8000
)

// Length is how many steps the run took, if they were asked for.
func (f *Finding) Length() int { return len(f.Steps) + f.Left }

// Number is the number of the step that is Steps[i].
func (f *Finding) Number(i int) int {
	if i >= FirstSteps {
		i += f.Left
	}
	return i
}

// StepPosition is the position of the step with a number; empty if it has none, or is left out.
func (f *Finding) StepPosition(number int) string {
	i := number
	if i >= FirstSteps {
		i -= f.Left
	}
	if i < 0 || i >= len(f.Steps) || f.Number(i) != number {
		return ""
	}
	return f.Steps[i].Position
}

// Task is a task at the end of a run.
type Task struct {
	Number   int32    `json:"number"`
	Name     string   `json:"name"`
	State    string   `json:"state"`              // over, waiting, ready, or asleep: it waits for a time that will come
	Op       string   `json:"op,omitempty"`       // what it waits to do
	Objects  []string `json:"objects,omitempty"`  // to what
	Position string   `json:"position,omitempty"` // where: file:line function
	Started  string   `json:"started,omitempty"`  // where it was started
	Holds    []string `json:"holds,omitempty"`    // locks
	Manner   string   `json:"manner,omitempty"`   // see [schedule.Locks.Manner]
	Behind   string   `json:"behind,omitempty"`   // the task that waits to write what this one waits to read, and goes first
	Stack    []string `json:"stack,omitempty"`    // positions from the innermost outwards
	Function string   `json:"function,omitempty"` // the outermost of the program's that its steps were taken in; empty if that is not known
}

// Name is what a task is called.
func (f *Finding) Name(task int32) string {
	if task >= 0 && int(task) < len(f.Tasks) {
		return f.Tasks[task].Name
	}
	return "the clock"
}

// Step is a step of a run.
type Step struct {
	Task     int32  `json:"task"` // -1 is the clock
	Op       string `json:"op"`
	Object   string `json:"object,omitempty"`
	Position string `json:"position,omitempty"`
	Waits    bool   `json:"waits,omitempty"` // after it the task has to wait: see [sched.Record.Parked]
	Case     int    `json:"case,omitempty"`  // that a select has taken: see [sched.Record.Selected]
}

// DataChoice is what Go leaves open, as the order of a map is.
type DataChoice struct {
	What     string `json:"what"`
	Position string `json:"position,omitempty"` // file:line function
}

// Done ends an answer.
type Done struct {
	Schedules int            `json:"schedules"`          // tried: at most as many as were asked for, or one; what was run again is not counted
	Steps     int            `json:"steps"`              // of the default schedule
	Longest   int            `json:"longest"`            // steps
	Tasks     int            `json:"tasks"`              // the most in a run
	Total     int64          `json:"total"`              // steps of all runs
	Kinds     map[string]int `json:"kinds,omitempty"`    // of runs; a run that passed is of kind passed or skipped
	Complete  bool           `json:"complete,omitempty"` // every schedule was explored, with every data choice
	// But is where something else could come that was not tried, though every schedule was explored. Some of it.
	But     []DataChoice `json:"but,omitempty"`
	Isolate string       `json:"isolate,omitempty"` // why each schedule needs a process of its own
	// FirstDiffers says that the default schedule led to another run when it was the first of the process than later on.
	FirstDiffers bool `json:"first_differs,omitempty"`
	// Uncontrolled is how many uncontrolled goroutines a run starts: the default run, or the first that does if every schedule is explored.
	// What they do, no schedule decides.
	Uncontrolled int    `json:"uncontrolled,omitempty"`
	Touched      int    `json:"touched,omitempty"` // objects, by uncontrolled goroutines
	Hash         string `json:"hash,omitempty"`    // of a replay
	Run          *Run   `json:"run,omitempty"`     // if it was asked for
	Race         bool   `json:"race,omitempty"`    // the race detector watches
}
