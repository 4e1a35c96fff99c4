package mutants

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"synchrony/properties"
	"synchrony/properties/isolate/process"
)

// Budget bounds the run of a variant.
type Budget struct {
	Seed       uint64
	Iterations int           // cases for each property
	Patience   time.Duration // how long a property may show no sign of life
	Time       time.Duration // for each property, shrinking included
	ShrinkTime time.Duration // 0 is as long as it takes
}

// Status is how a run of a variant ended.
type Status string

// How a run can end. Only Killed is a verdict against the variant.
const (
	Survived     Status = "survived"     // every property passed
	Killed       Status = "killed"       // a property was violated
	Inconclusive Status = "inconclusive" // none was violated, and one did not meet what it is about, or could not tell
	Broken       Status = "error"        // none was violated, and the harness failed: the variant may have broken that
	TimedOut     Status = "timed out"    // none was violated until the time was over
)

// Outcome is what a run of a variant came to.
type Outcome struct {
	Status   Status `json:"status"`
	Property string `json:"property,omitempty"` // that killed it, or that ended like Status if that was no pass
	Why      string `json:"why,omitempty"`      // of a Status that is neither Survived nor Killed
	// Failure is the violation, if it was Killed. Its File is in the workspace's folder.
	Failure   properties.Failure `json:"failure,omitzero"`
	Cases     int                `json:"cases"` // run in all
	Schedules int                `json:"schedules"`
	Seconds   float64            `json:"seconds"`
}

// report is what Run needs of the JSON that verify run writes.
type report struct {
	Properties []struct {
		Status    string
		Why       string
		Error     string
		Cases     int
		Schedules int
		Failures  []properties.Failure
	}
}

// run tests properties, given by ID, on a binary that Build made, one after another,
// until one is violated. The error says that the workspace itself failed, or ctx ended.
func (w *Workspace) run(ctx context.Context, binary string, ids []string, b Budget) (Outcome, error) {
	began := time.Now()
	total := Outcome{Status: Survived}
	for _, id := range ids {
		o, err := w.runOne(ctx, binary, id, b)
		if err != nil {
			return total, err
		}
		o.Cases += total.Cases
		o.Schedules += total.Schedules
		if o.Status == Survived && total.Status != Survived {
			o.Status, o.Property, o.Why = total.Status, total.Property, total.Why
		}
		if total = o; o.Status == Killed {
			break
		}
	}
	total.Seconds = time.Since(began).Seconds()
	return total, nil
}

// runOne tests one property.
func (w *Workspace) runOne(ctx context.Context, binary, id string, b Budget) (Outcome, error) {
	corpus := w.unused("corpus")
	args := []string{
		"run", id, "--json", "-", "--jobs", "1", "--corpus", corpus, "--seed", strconv.FormatUint(b.Seed, 10),
		"--iterations", strconv.Itoa(b.Iterations), "--hang-timeout", b.Patience.String(),
	}
	if b.ShrinkTime > 0 {
		args = append(args, "--shrink-time", b.ShrinkTime.String())
	}
	answer, err := w.call(ctx, binary, b.Time, args...)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Property: id}
	var r report
	switch err := json.Unmarshal(answer.stdout, &r); {
	case err == nil && len(r.Properties) == 1:
	case answer.late:
		o.Status, o.Why = TimedOut, fmt.Sprintf("%s did not end within %v", id, b.Time)
		return o, nil
	default: // it died before it could answer
		o.Status, o.Why = Broken, answer.lastWords()
		return o, nil
	}
	p := &r.Properties[0]
	o.Cases, o.Schedules, o.Why = p.Cases, p.Schedules, p.Why
	switch {
	case len(p.Failures) > 0:
		o.Status, o.Failure, o.Why = Killed, p.Failures[0], ""
	case answer.late:
		o.Status, o.Why = TimedOut, fmt.Sprintf("%s did not end within %v", id, b.Time)
	case p.Status == "pass":
		return Outcome{Status: Survived, Cases: p.Cases, Schedules: p.Schedules}, nil
	case p.Status == "inconclusive":
		o.Status = Inconclusive
	default:
		o.Status, o.Why = Broken, p.Error
	}
	return o, nil
}

// answer is how a call of a binary ended.
type answer struct {
	stdout, stderr []byte
	code           int    // -1 if a signal ended it
	outside        string // what ended it, if nothing in it did
	late           bool   // its time was over
}

// lastWords is the line of standard error that says why the process ended.
func (a *answer) lastWords() string {
	if a.outside != "" {
		return "the process was ended, twice: " + a.outside
	}
	first := ""
	for line := range strings.Lines(string(a.stderr)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") || strings.HasPrefix(line, "verify: ") {
			return line
		}
		if first == "" {
			first = line
		}
	}
	if first == "" {
		return fmt.Sprintf("the process ended with code %d and said nothing", a.code)
	}
	return first
}

// Limited is a shell script that runs its "$0" with its address space bounded to 8 GiB,
// where the shell can do that: a mutant that eats memory must not take the machine with it.
const Limited = `ulimit -v 8388608 2>/dev/null; exec "$0" "$@"`

// grace is how long a binary may take to say what it has when its time is over.
const grace = 10 * time.Second

// maxReport is how many bytes of a binary's standard output are kept, and maxSaid of its
// standard error.
const (
	maxReport = 64 << 20
	maxSaid   = 64 << 10
)

// call runs a binary in the workspace's folder. A binary that fails, or whose time is over,
// is no error. One that was killed from outside is run once more.
func (w *Workspace) call(ctx context.Context, binary string, limit time.Duration, args ...string) (*answer, error) {
	a, err := w.callOnce(ctx, binary, limit, args...)
	if err == nil && a.outside != "" {
		a, err = w.callOnce(ctx, binary, limit, args...)
	}
	return a, err
}

func (w *Workspace) callOnce(ctx context.Context, binary string, limit time.Duration, args ...string) (*answer, error) {
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	stdout, stderr := process.NewOutput(maxReport), process.NewOutput(maxSaid)
	command := process.Command{
		Path: "/bin/sh", Args: append([]string{"-c", Limited, binary}, args...), Dir: w.folder, Grace: grace,
		Stdout: stdout, Stderr: stderr,
	}
	e, err := command.Run(timed, nil, nil)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && timed.Err() == nil:
		return nil, fmt.Errorf("cannot run %s: %w", filepath.Base(binary), err)
	}
	return &answer{stdout.Bytes(), stderr.Bytes(), e.Code, e.Outside(), timed.Err() != nil}, nil
}
