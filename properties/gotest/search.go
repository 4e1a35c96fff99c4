package gotest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	protocol "synchrony/executor/shim/testing"
	"synchrony/models/text"
	"synchrony/properties"
	"synchrony/properties/isolate/process"
)

const (
	probe      = 64  // schedules after which it is known whether a test is small
	smallSteps = 250 // of the default schedule, up to which every schedule may be within reach
	chunk      = 500 // schedules between two looks at the clock
)

// search is what is known of the search of one test under way.
type search struct {
	test     *Test
	spec     Search
	deadline time.Time // zero is none
	until    time.Time // of the input and kind of machine that is searched, its share of the time; zero is none
	began    time.Time
	tell     *describer
	progress func(properties.Progress)
	res      properties.Result
	stage    int          // number of the stage under way
	of       int          // how many stages there are
	next     int          // number of the next schedule
	most     int          // schedules of the stage, its share of spec.Schedules; 0 is as many as fit into its time
	tried    int          // of these
	as       string       // what the schedules count as that are not among those; empty if they are: see aside
	over     bool         // nothing more is to be found out
	doubtful string       // what was found only after other runs of its process
	skipped  *NotRunError // why the test showed nothing
}

// errSkipped is a test that did not want to be run.
var errSkipped = &NotRunError{"it skipped itself"}

// errNoTest says that the program ended well, as TestMain may do, before it came to any test.
var errNoTest = &NotRunError{"it skipped itself: its program ends with exit status 0 before any test"}

// Infos are the tests as properties.
func (s *Suite) Infos() []properties.Info {
	infos := make([]properties.Info, len(s.Tests))
	for i := range s.Tests {
		infos[i] = s.Tests[i].Info
	}
	return infos
}

// Run searches the test with an ID: its known counterexamples first, then schedules until the first failure. It ends early, with what it
// has, when the deadline, if spec has one, has passed, or with its error when ctx is done; the rest of spec is as [Options] say. A [*NotRunError] says that
// there was nothing to search. Any other error means that the harness broke. With Run, a Suite is a campaign.Runner.
func (s *Suite) Run(ctx context.Context, id string, spec properties.Spec, progress func(properties.Progress)) (properties.Result, error) {
	return s.one(ctx, id, spec.Deadline, progress, func(h *search) error { return h.all(ctx, s.options.Tags) })
}

// Known replays the known counterexamples of the test with an ID, as Run does first.
func (s *Suite) Known(ctx context.Context, id string, progress func(properties.Progress)) (properties.Result, error) {
	return s.one(ctx, id, time.Time{}, progress, func(h *search) error { return h.known(ctx) })
}

// one does something with the test with an ID.
func (s *Suite) one(ctx context.Context, id string, deadline time.Time, progress func(properties.Progress), do func(*search) error) (properties.Result, error) {
	t, err := s.test(id)
	if err != nil {
		return properties.Result{}, err
	}
	h := &search{
		test: t, spec: s.options.Search, deadline: deadline, until: deadline, began: time.Now(), tell: &describer{names: namer{s.options.Dir}}, progress: progress,
	}
	if h.test.broken != "" {
		h.unknown(h.test.broken)
		return h.res, nil
	}
	err = do(h)
	h.res.Seconds = time.Since(h.began).Seconds()
	switch {
	case ctx.Err() != nil && (err == nil || errors.Is(err, ctx.Err()) || isDied(err)):
		err = nil
		if len(h.res.Failures) == 0 {
			err = ctx.Err()
		}
	case err == nil && h.skipped != nil:
		err = h.skipped
	}
	return h.res, err
}

// test is the test with an ID.
func (s *Suite) test(id string) (*Test, error) {
	i := slices.IndexFunc(s.Tests, func(t Test) bool { return t.Info.ID == id })
	if i < 0 {
		return nil, fmt.Errorf("there is no test %s", id)
	}
	return &s.Tests[i], nil
}

func isDied(err error) bool {
	var died *diedError
	return errors.As(err, &died)
}

func (h *search) all(ctx context.Context, tags string) error {
	if err := h.known(ctx); err != nil || len(h.res.Failures) > 0 {
		return err
	}
	stages := h.stages()
	h.of = len(stages)
	for i, at := range stages {
		c := Case{
			Package: h.test.Package, Test: h.test.Name, Race: h.test.binary.race, Tags: tags, Input: at.input, Identity: h.test.binary.identity,
			Settings: protocol.Settings{MaxSteps: h.spec.MaxSteps, Seed: scheduleSeed(h.spec.Seed, at.input), Short: h.spec.Short, Leaks: h.spec.Leaks, Impatient: at.slow},
		}
		if h.stage = i; !h.allot(len(stages) - i) {
			return nil
		}
		if err := h.input(ctx, c); err != nil {
			return err
		}
		if h.over || ctx.Err() != nil || len(h.res.Failures) > 0 || past(h.deadline) {
			return nil
		}
	}
	return nil
}

// stage is an input, on a machine of one kind.
type stage struct {
	input int
	slow  bool
}

// stages are what is searched, one after the other: every input, on a fast machine and, if that was asked for, on a slow one.
func (h *search) stages() (list []stage) {
	for input := range h.inputs() {
		if h.test.seeded {
			input = inputOf(h.spec.Seed, input+1) // 0 is no seed
		}
		list = append(list, stage{input: input})
		if h.spec.Slow {
			list = append(list, stage{input: input, slow: true})
		}
	}
	return list
}

// done reports that the search of the input is to end.
func (h *search) done(ctx context.Context) bool {
	return h.over || ctx.Err() != nil || len(h.res.Failures) > 0 || h.late()
}

func (h *search) late() bool { return past(h.until) }

// past reports that a time is over; zero never is.
func past(t time.Time) bool { return !t.IsZero() && !time.Now().Before(t) }

// input searches the schedules of one input of the test.
func (h *search) input(ctx context.Context, c Case) error {
	if h.spec.Isolate {
		return h.isolated(ctx, c, coldRuns)
	}
	s, err := h.test.binary.start(ctx, c.environment(), c.arguments())
	if err != nil {
		return h.unjudged(err)
	}
	defer s.close()
	h.next, h.tried = 0, 0
	h.res.Cases++
	before := h.mark()
	done, err := h.ask(ctx, s, c, protocol.Search{Schedules: h.share(probe)})
	if err != nil || h.settled(ctx, done) {
		return h.ended(ctx, err)
	}
	if done.Isolate != "" {
		return h.apart(ctx, s, c, before, done.Isolate)
	}
	firsts := done.FirstDiffers || h.test.stateful && done.Tasks > 1
	if firsts {
		if err := h.firsts(ctx, c, done.FirstDiffers); err != nil || h.done(ctx) || h.res.Unknown > 0 {
			return err
		}
	}
	if done.Uncontrolled > 0 {
		h.note(fmt.Sprintf("a run starts %s, which no schedule decides about", text.Plural(done.Uncontrolled, "uncontrolled goroutine")))
	}
	if q := h.exploration(); q.Schedules > 0 && done.Steps <= smallSteps && done.Uncontrolled == 0 && !firsts {
		if done, err = h.ask(ctx, s, c, q); err != nil {
			return h.ended(ctx, err)
		}
		if clean := len(h.res.Failures) == 0 && h.res.Unknown == 0 && done.Isolate == ""; clean && done.Complete {
			h.res.Covered++
			return nil
		} else if clean && len(done.But) > 0 {
			h.note("complete but for " + h.tell.choices(done.But))
		}
	}
	for !h.settled(ctx, done) && done.Isolate == "" {
		n := h.share(chunk)
		if n == 0 {
			return nil
		}
		if done, err = h.ask(ctx, s, c, protocol.Search{Schedules: n, First: h.next}); err != nil {
			return h.ended(ctx, err)
		}
	}
	if done.Isolate != "" && !h.done(ctx) {
		return h.apart(ctx, s, c, before, done.Isolate)
	}
	return nil
}

// apart goes on with a process for each schedule. What was found only after other runs of its process is told, if nothing is found there.
func (h *search) apart(ctx context.Context, s *session, c Case, before mark, why string) error {
	h.note("each schedule has a process of its own: " + why)
	s.close()
	h.res.Cases--
	h.discount(before, inCommon)
	err := h.isolated(ctx, c, coldRuns)
	if h.doubtful != "" && len(h.res.Failures) == 0 {
		h.unknown(h.doubtful)
	}
	return err
}

// firstRuns is how many processes try what may be there in the first run only, if no step shows that anything is.
const firstRuns = 32

// firsts tries schedules as the first ones of their processes, within half of the time that is left: what is set up once, and for good, is set
// up there alone. differs says that steps show it.
func (h *search) firsts(ctx context.Context, c Case, differs bool) error {
	n := firstRuns
	if differs {
		h.note("its first run in a process does what later ones do not do again: schedules are tried as the first one, too")
		n = coldRuns
	}
	if n = min(n, h.firstsOf()); n == 0 {
		return nil
	}
	until, tried, cases := h.until, h.tried, h.res.Cases
	if !until.IsZero() {
		h.until = time.Now().Add(time.Until(until) / 2)
	}
	err := h.aside(asFirst, func() error { return h.isolated(ctx, c, n) })
	h.until, h.tried, h.res.Cases = until, tried, cases
	return err
}

// firstsOf is how many processes try what may be there in the first run only, of the stage: the inputs of a test that has many share them.
func (h *search) firstsOf() int {
	switch {
	case h.of <= 1:
		return coldRuns
	case h.stage < coldRuns%h.of:
		return coldRuns/h.of + 1
	}
	return coldRuns / h.of
}

// settled reports that an answer leaves nothing to look for.
func (h *search) settled(ctx context.Context, done protocol.Done) bool {
	if n := done.Kinds[protocol.Skipped]; n > 0 && n == done.Schedules {
		h.notRun(errSkipped)
	}
	return h.done(ctx) || h.res.Unknown > 0
}

// ask asks for a part of the search, and takes what it found.
func (h *search) ask(ctx context.Context, s *session, c Case, q protocol.Search) (protocol.Done, error) {
	q.Settings, q.Positions = c.Settings, true
	if q.Within == 0 && !h.until.IsZero() {
		q.Within = max(time.Until(h.until), 1)
	}
	before := h.res.Schedules
	findings, done, err := s.ask(protocol.Request{Test: c.Test, Search: &q}, h.sign)
	if !q.Explore {
		h.next = q.First + max(q.Schedules, 1)
	}
	name := "mixture"
	if q.Explore {
		name = "exploration"
	}
	h.ran(name, done.Schedules)
	h.sign(0) // of many short inputs, no process tells anything itself
	for i := range findings {
		findings[i].After = min(before+findings[i].After, h.res.Schedules)
		sure, err := h.confirm(ctx, c, &findings[i])
		if err != nil {
			return done, err
		}
		if !sure {
			done.Isolate = h.doubtful
		}
	}
	return done, err
}

// confirm files a finding of a process that has run other schedules before as one of a process that runs nothing else. If it does not come to the
// same there, it may be due to what the other runs have left behind, and is doubtful.
func (h *search) confirm(ctx context.Context, c Case, f *protocol.Finding) (sure bool, err error) {
	switch {
	case f.Kind == protocol.StepLimit, f.Kind == protocol.Uncontrolled, f.Kind == protocol.Undecided, f.Kind == protocol.Running, f.Kind == protocol.Leak && f.Every:
		return true, h.take(c, f)
	}
	c.Settings, c.Cold = f.Settings, true
	g, again, err := h.repeat(ctx, c, f)
	if err != nil || ctx.Err() != nil {
		return true, err
	}
	if !again {
		h.doubtful = fmt.Sprintf("it came to a %s (%s) after other runs of its process, and to none without: it keeps something from run to run", f.Kind, h.tell.reason(f))
		return false, nil
	}
	return true, h.take(c, foundAs(&g, f))
}

// take files a finding as a failure, a note, or as what could not be judged.
func (h *search) take(c Case, f *protocol.Finding) error {
	switch {
	case f.Kind == protocol.StepLimit, f.Kind == protocol.Uncontrolled, f.Kind == protocol.Undecided:
		h.unknown(f.Kind + ": " + f.Message)
		return nil
	case f.Kind == protocol.Running:
		h.note(h.tell.reason(f))
		return nil
	case f.Kind == protocol.Leak && f.Every:
		h.note("in every schedule tried, " + h.tell.reason(f))
		return nil
	}
	c.Settings = f.Settings
	failure, err := h.failure(c, f)
	if err != nil {
		return err
	}
	h.res.Failures = append(h.res.Failures, failure)
	return h.save(&h.res.Failures[len(h.res.Failures)-1])
}

func (h *search) failure(c Case, f *protocol.Finding) (properties.Failure, error) {
	x, err := h.test.counterexample(h.tell, c, f)
	if err != nil {
		return properties.Failure{}, err
	}
	position := h.tell.position(f)
	if position == "" {
		position = h.test.Info.Source
	}
	return properties.Failure{
		Checker: Checker, Rule: f.Kind, Reason: x.Reason, Evidence: x.Evidence, Case: c.Input, Strategy: properties.StrategyName(f.Strategy), Size: f.Length(),
		Deviations: f.Minimised, Replayed: true, Text: string(x.Format()), Schedules: f.After, Found: time.Since(h.began).Seconds(),
		Position: position, Waits: h.tell.held(f),
	}, nil
}

// save saves a new counterexample.
func (h *search) save(f *properties.Failure) error {
	if h.spec.Corpus == "" {
		return nil
	}
	x, err := properties.ParseCounterexample("counterexample", []byte(f.Text))
	if err != nil {
		return fmt.Errorf("its own counterexample cannot be read: %w", err)
	}
	if f.File, err = x.Save(h.spec.Corpus); err != nil {
		f.File = ""
		return &properties.SaveError{Err: err, Text: f.Text}
	}
	return nil
}

func (h *search) note(text string) {
	if !slices.Contains(h.res.Notes, text) {
		h.res.Notes = append(h.res.Notes, text)
	}
}

func (h *search) unknown(why string) {
	h.res.Unknown++
	if h.res.UnknownBy == "" {
		h.res.UnknownBy = strings.Join(strings.Fields(why), " ") // a panic's message may have lines
	}
}

// unjudged makes of a process that could not be started a test that is undecided, if the machine is to blame.
func (h *search) unjudged(err error) error {
	if what := process.Exhausted(err); what != "" {
		h.unknown("the machine is " + what)
		return nil
	}
	return err
}

// ended judges the end of a process that had not answered: what the test did to it. Any other error is the harness's.
func (h *search) ended(ctx context.Context, err error) error {
	var died *diedError
	if !errors.As(err, &died) {
		return h.unjudged(err)
	}
	h.over = true
	switch e := died.ending; {
	case e.Cause == process.Cancelled:
	case e.Clean() && e.Cause == 0 && !died.greeted:
		h.notRun(errNoTest)
	case e.Cause == process.Hung:
		h.stuck(ctx, died, "it shows no sign of life: ")
	case e.Outside() != "":
		h.unknown("its process was " + e.Outside())
	default:
		h.crashed(ctx, died)
	}
	return nil
}

// stuck judges a run that got no further. What the very first one waits for, natively, is what the test is about.
func (h *search) stuck(ctx context.Context, died *diedError, words string) {
	n := nativeOf(died.output)
	if n.function != "" && !n.computes && h.res.Schedules == 0 && died.firstToo(ctx) {
		h.notRun(&NotRunError{h.tell.doing(n)})
		return
	}
	h.unknown(words + h.tell.doing(n))
}

// notRun ends the search of a test that shows nothing.
func (h *search) notRun(why *NotRunError) { h.res.Cases, h.over, h.skipped = 0, true, why }
