package mutants

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"synchrony/properties"
	"synchrony/properties/isolate"
)

// Result is what became of a mutant.
type Result string

// The results. All but AsExpected, KnownAlive and NotTried are failures: of a property, of
// the patch, or of the harness.
const (
	AsExpected    Result = "killed"                          // by its property, again and again, and only because of the mutation
	Alive         Result = "survived"                        // nobody noticed
	KnownAlive    Result = "survived, as its patch says"     // nobody noticed, and that is known
	NewlyKilled   Result = "killed, and was to survive"      // its patch is out of date: it says that nobody notices
	ByAnother     Result = "killed by another"               // and not by its property
	OtherVerdict  Result = "killed by another verdict"       // than the patch expects
	NotReproduced Result = "not reproduced"                  // its counterexample does not fail every time
	NotByMutation Result = "reproduced without the mutation" // its counterexample fails on the program as it is
	DoesNotApply  Result = "does not apply"                  // the source has changed under the patch
	DoesNotBuild  Result = "does not build"                  // the patch makes no program
	DoesNotRun    Result = "ended by an error"               // the harness failed on it
	NotTried      Result = "not tried"                       // the time was over
)

// Replays is how often a counterexample is replayed on the mutant.
const Replays = 10

// replayLimit bounds them together, and replayPatience how long each may show no sign of
// life: long, for a livelock is many steps; but hangPatience if it is to show none.
const (
	replayLimit    = 5 * time.Minute
	replayPatience = 20 * time.Second
	hangPatience   = 2 * time.Second
)

// Record is a line of the kill table.
type Record struct {
	Mutant   *Mutant `json:"-"`
	Result   Result  `json:"result"`
	Why      string  `json:"why,omitempty"`      // of a Result other than AsExpected; of KnownAlive, what is missing
	Outcome  Outcome `json:"outcome"`            // of the run that killed it, if any did
	Replayed int     `json:"replayed,omitempty"` // of 10 replays of the counterexample, those that failed again
	Seconds  float64 `json:"seconds"`            // in all: build, run, shrinking, replays
	// Counterexample is the content of the file of Outcome.Failure, which has no folder; nil if there is none.
	Counterexample []byte `json:"counterexample,omitempty"`
}

func (b *Bench) try(ctx context.Context, r *Record) error {
	m := r.Mutant
	v, err := b.Variant(m)
	var stale *ApplyError
	if errors.As(err, &stale) {
		r.Result, r.Why = DoesNotApply, err.Error()
		return nil
	}
	if err != nil {
		return err
	}
	binary, err := b.Build(ctx, v)
	var broken *BuildError
	if errors.As(err, &broken) {
		r.Result, r.Why = DoesNotBuild, err.Error()
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(b.judge(ctx, r, binary), os.Remove(binary))
}

// judge has the mutant's property find it, and whoever else can if that does not.
func (b *Bench) judge(ctx context.Context, r *Record, binary string) (err error) {
	m := r.Mutant
	if r.Outcome, err = b.run(ctx, binary, []string{m.KilledBy}, m.budget(b.Budget)); err != nil {
		return err
	}
	if r.Outcome.Status == Killed {
		err = b.confirm(ctx, r, binary)
	} else {
		err = b.askOthers(ctx, r, binary)
	}
	if err != nil {
		return err
	}
	r.holdAgainstPatch()
	return r.load()
}

// holdAgainstPatch gives the result of a mutant that is known to survive its name.
func (r *Record) holdAgainstPatch() {
	missing := r.Mutant.Survives
	switch {
	case missing == "":
	case r.Result == Alive:
		r.Result, r.Why = KnownAlive, missing
	case r.Outcome.Status == Killed:
		r.Result = NewlyKilled
		r.Why = fmt.Sprintf("%s finds it: the patch must say so, and Survives no longer", r.Outcome.Property)
	}
}

// load takes the counterexample out of the workspace's folder.
func (r *Record) load() (err error) {
	f := &r.Outcome.Failure
	if f.File == "" {
		return nil
	}
	r.Counterexample, err = os.ReadFile(f.File)
	f.File = filepath.Base(f.File)
	return err
}

// keep writes the counterexample into a folder, if it is wanted.
func (r *Record) keep(folder string) error {
	f := &r.Outcome.Failure
	name := f.File
	if f.File = ""; name == "" || folder == "" {
		return nil
	}
	f.File = filepath.Join(folder, r.Mutant.Name+filepath.Ext(name))
	return properties.WriteFile(f.File, r.Counterexample)
}

// budget is what the mutant's property gets.
func (m *Mutant) budget(b Budget) Budget {
	if m.Cases > 0 {
		b.Iterations = m.Cases
	}
	return b
}

// askOthers says what else notices a mutant that its property does not.
func (b *Bench) askOthers(ctx context.Context, r *Record, binary string) error {
	own := r.Outcome
	if own.Status == Broken || own.Status == TimedOut {
		r.Result, r.Why = DoesNotRun, own.Why
		return nil
	}
	others, err := b.run(ctx, binary, b.Others(r.Mutant.KilledBy), b.Budget)
	if err != nil {
		return err
	}
	if others.Status == Killed {
		r.Outcome = others
		r.Result = ByAnother
		r.Why = fmt.Sprintf("%s finds it, and %s does not in %d cases", others.Property, r.Mutant.KilledBy, own.Cases)
		return nil
	}
	r.Result = Alive
	r.Why = fmt.Sprintf("%s does not find it in %d cases", r.Mutant.KilledBy, own.Cases)
	if own.Status == Inconclusive {
		r.Why += ", which is inconclusive: " + own.Why
	}
	return nil
}

// confirm holds a kill against what the patch expects, and replays it.
func (b *Bench) confirm(ctx context.Context, r *Record, mutated string) error {
	m, f := r.Mutant, r.Outcome.Failure
	if m.Verdict != "" && m.Verdict != f.Rule {
		r.Result, r.Why = OtherVerdict, fmt.Sprintf("the verdict is %q (%s), and the patch expects %q", f.Rule, f.Reason, m.Verdict)
		return nil
	}
	patience := replayPatience
	if f.Checker == isolate.Checker && f.Rule == "hang" {
		patience = hangPatience
	}
	again, err := b.replay(ctx, mutated, f.File, Replays, patience)
	if err != nil {
		return err
	}
	if r.Replayed = again.hits; r.Replayed < Replays {
		r.Result, r.Why = NotReproduced, fmt.Sprintf("its counterexample fails in %d of %d replays%s", r.Replayed, Replays, again.words())
		return nil
	}
	healthy, err := b.replayPlain(ctx, b.plain, f.File)
	switch {
	case err != nil:
		return err
	case healthy.hits > 0:
		r.Result, r.Why = NotByMutation, "its counterexample fails on the program without the mutation, too"
	case healthy.failed:
		r.Result, r.Why = DoesNotRun, "its counterexample cannot be replayed without the mutation"+healthy.words()
	default:
		r.Result = AsExpected
	}
	return nil
}

// replayed is how replays of a counterexample ended.
type replayed struct {
	hits   int
	failed bool // there was an error
	stale  bool // which was that the schedule does not fit
	why    string
}

func (r *replayed) words() string {
	if r.why == "" {
		return ""
	}
	return ": " + r.why
}

// hitsOf finds in the words of verify replay how often a case was reproduced.
var hitsOf = regexp.MustCompile(`(?m)^(?:not )?reproduced: (\d+) of \d+`)

// replay replays a counterexample on a binary.
func (w *Workspace) replay(ctx context.Context, binary, file string, times int, patience time.Duration) (replayed, error) {
	a, err := w.call(ctx, binary, replayLimit, "replay", "--times", strconv.Itoa(times), "--hang-timeout", patience.String(), file)
	if err != nil {
		return replayed{}, err
	}
	switch {
	case a.code == 1:
		return replayed{hits: times}, nil
	case a.code == 4:
		r := replayed{}
		if found := hitsOf.FindSubmatch(a.stdout); found != nil {
			r.hits, _ = strconv.Atoi(string(found[1])) // digits, as matched
		}
		return r, nil
	case a.late:
		return replayed{failed: true, why: fmt.Sprintf("it did not end within %v", replayLimit)}, nil
	}
	why := a.lastWords()
	return replayed{failed: true, stale: strings.Contains(why, "stale: "), why: why}, nil
}

// replayPlain replays a mutant's counterexample on the program as it is. That may
// run through other steps than the mutant, so that the schedule does not fit; then
// schedules are searched anew.
func (w *Workspace) replayPlain(ctx context.Context, binary, file string) (replayed, error) {
	r, err := w.replay(ctx, binary, file, 1, replayPatience)
	if err != nil || !r.stale {
		return r, err
	}
	c, err := properties.LoadCounterexample(file)
	if err != nil {
		return replayed{}, err
	}
	c.Schedule = nil
	unscheduled := w.unused("unscheduled") + filepath.Ext(file)
	if err := os.WriteFile(unscheduled, c.Format(), 0o600); err != nil {
		return replayed{}, err
	}
	return w.replay(ctx, binary, unscheduled, 1, replayPatience)
}
