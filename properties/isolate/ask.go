package isolate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"synchrony/checkers"
	"synchrony/properties"
	"synchrony/properties/evidence"
	"synchrony/properties/isolate/process"
)

// outcome is how a child ended: with an answer, by a death, or without a verdict. One of
// answer, death and unjudged is set.
type outcome struct {
	answer   *message
	death    *death
	unjudged string              // why nobody knows what it would have done, in a few words
	last     properties.Progress // the first it reported of the last case it was busy with
}

// death is a child that crashed or hung: a violation.
type death struct {
	rule   string // "crash" or "hang"
	reason string
	silent time.Duration // of one that hangs: for how long it had shown no sign of life
	words  []string      // its last: a message and stacks
	// output is what it printed before, as much as was kept. It may differ from run to run.
	output []string
}

// The rules of deaths.
const (
	crash = "crash"
	hang  = "hang"
)

// verdict judges a child that died.
func (d *death) verdict() checkers.Verdict {
	reason := "the process crashed: " + d.reason
	if d.rule == hang {
		reason = "the process hangs: " + d.reason
	}
	return checkers.Failed(d.rule, reason, d.words...)
}

// noSign is what a child lacks that hangs.
const noSign = "no sign of life"

// silence is the reason of a child that hangs.
func silence(d time.Duration) string { return fmt.Sprintf("%s for %v", noSign, d) }

// after is the death of a case that was run again, made smaller or not, after it had died as first: it says of one that hangs how long each of the two was waited
// for, since another run of a case may have less time than the first.
func (d *death) after(first *death) *death {
	if d.rule != hang || first.rule != hang || d.silent == first.silent {
		return d
	}
	both := *d
	both.reason = fmt.Sprintf("%s when it was found, and for %v when it was run again", silence(first.silent), d.silent)
	return &both
}

// alike is for comparing what is said of two deaths: how long one that hangs was waited for is not its own.
func alike(text string) string {
	if before, _, found := strings.Cut(text, noSign); found {
		return before + noSign
	}
	return text
}

// limits bound a child.
type limits struct {
	patience time.Duration
	until    time.Time // zero is never
}

// How much time a child has to end that is asked to, in general and at least where the time of the run is
// over; and how much later than its time it is asked, for it looks at the clock itself.
const (
	grace     = 3 * time.Second
	lateGrace = 300 * time.Millisecond
	lateBy    = 200 * time.Millisecond
)

// answerTime is how long a child that had so much time is waited for when that is over: what it has done
// is lost without its answer, so the longer it worked, the longer it may be starved of a processor.
func answerTime(had time.Duration) time.Duration {
	return min(max(had/10, lateGrace), grace)
}

// errLate ends a child whose time is over.
var errLate = errors.New("the time was over before the case had ended")

// ask has a child answer q. A child that could not be judged, because something else than itself
// ended it or the machine had no room, is asked once more, while no other child of the runner's
// runs. The error is the context's, or of the harness.
func (r *Runner) ask(ctx context.Context, q request, l limits, progress func(properties.Progress)) (outcome, error) {
	r.alone.RLock()
	o, err := r.once(ctx, q, l, progress)
	r.alone.RUnlock()
	if err != nil || o.unjudged == "" || o.unjudged == errLate.Error() {
		return o, err
	}
	r.alone.Lock()
	defer r.alone.Unlock()
	o, err = r.once(ctx, q, l, progress)
	if o.unjudged != "" {
		o.unjudged += ", twice"
	}
	return o, err
}

// once has a child answer q.
func (r *Runner) once(ctx context.Context, q request, l limits, progress func(properties.Progress)) (outcome, error) {
	q.Memory = r.Memory
	body, err := json.Marshal(q)
	if err != nil {
		return outcome{}, err
	}
	command := process.Command{
		Path: r.Executable, Args: r.Arguments, Env: append([]string{"GOTRACEBACK=all"}, r.Environment...),
		Patience: l.patience, Grace: grace, Memory: r.Memory,
	}
	limited := ctx
	if !l.until.IsZero() {
		var cancel context.CancelFunc
		limited, cancel = context.WithDeadlineCause(ctx, l.until.Add(lateBy), errLate)
		defer cancel()
		command.Grace = answerTime(time.Until(l.until))
		command.Until = l.until.Add(lateBy + command.Grace)
	}
	printed := process.NewOutput(maxPrinted)
	words := &evidence.Words{Printed: printed}
	command.Stdout, command.Stderr = printed, words
	var o outcome
	e, err := command.Run(limited, body, func(line []byte) error { return o.hear(line, &q, progress) })
	switch what := process.Exhausted(err); {
	case ctx.Err() != nil && (err != nil || o.answer == nil || !e.Clean()):
		return o, ctx.Err()
	case what != "":
		o.unjudged = what
	case err != nil && limited.Err() != nil:
		o.unjudged = errLate.Error()
	case err != nil:
		return o, err
	default:
		o.conclude(&e, words, l)
		if o.death != nil {
			o.death.output = evidence.Lines(string(printed.Bytes()))
		}
	}
	return o, nil
}

// maxPrinted is how many bytes are kept of the beginning of what a child prints, and as many
// of the end.
const maxPrinted = 4 << 10

// hear takes a line of the child's. What cannot be an answer to q is an error.
func (o *outcome) hear(line []byte, q *request, progress func(properties.Progress)) error {
	m, err := parseMessage(line, q)
	switch {
	case err != nil:
		return err
	case o.answer != nil:
		return errors.New("it has answered twice")
	case m.Progress == nil:
		o.answer = m
		return nil
	}
	progress(*m.Progress)
	// Later signs of the same case come when time has passed; the first does not depend on time.
	if p := *m.Progress; p.Case != o.last.Case || p.Phase != o.last.Phase || p.File != o.last.File {
		o.last = p
	}
	return nil
}

// conclude decides what an ending means. An answer counts only if the child ended well after it.
func (o *outcome) conclude(e *process.Ending, words *evidence.Words, l limits) {
	answered := o.answer
	o.answer = nil
	reason, last := words.Crash()
	switch outside := e.Outside(); {
	case e.Cause == process.Refused:
		o.unjudged = "its answer is not understood: " + e.Refusal.Error()
	case e.Cause == process.Hung && reason == "": // else it was dying, slowly
		o.death = &death{rule: hang, reason: silence(l.patience), silent: l.patience, words: words.Hang()}
	case answered != nil && e.Clean() && answered.Unjudged != "":
		o.unjudged = evidence.Line(answered.Unjudged)
	case answered != nil && e.Clean():
		o.answer = answered
	case e.Cause == process.Cancelled: // of its time, for that of the caller is known
		o.unjudged = errLate.Error()
	case outside != "":
		o.unjudged = outside
	case words.Exhausted() != "":
		o.unjudged = words.Exhausted()
	default:
		if reason == "" {
			reason = e.String() + " without an answer"
			if answered != nil {
				reason = e.String() + " after its answer"
			}
		}
		o.death = &death{rule: crash, reason: reason, words: last}
	}
}

// where says what the child was busy with when it ended.
func (o *outcome) where() string {
	if o.last.File != "" {
		return "replaying " + o.last.File
	}
	return fmt.Sprintf("case %d", o.last.Case)
}

// NotJudgedError says that a child ended, twice, for a reason that is not its own, so that it
// is not known what it would have shown.
type NotJudgedError struct{ What, Why string }

func (e *NotJudgedError) Error() string {
	return fmt.Sprintf("%s: not judged: %s", e.What, e.Why)
}
