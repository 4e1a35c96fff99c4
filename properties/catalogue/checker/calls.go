package checker

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/executor/sched"
	"synchrony/generators/choice"
	"synchrony/generators/histories"
	"synchrony/models/history"
	"synchrony/properties"
)

// called is what clients of the objects of a model saw.
type called struct {
	Model string
	*history.Calls
}

// objects are the objects as they are at first, by their specification.
func (c called) objects() *history.Objects {
	o := history.NewObjects(c.Initial)
	m, _ := linearizability.Lookup(c.Model)
	o.Sets = m.Sets()
	return o
}

// right decides by the definition.
func (c called) right() bool { return history.Linearizable(c.Calls, c.objects()) }

// judgedModels are the models whose calls take effect at one instant each: all but the barrier.
func judgedModels() []linearizability.Model {
	return slices.DeleteFunc(linearizability.Models(), func(m linearizability.Model) bool {
		return slices.Contains(m.Kinds(), history.AwaitAll)
	})
}

// callsOf draws what clients of a model's objects saw.
func callsOf(models ...linearizability.Model) *rapid.Generator[called] {
	return rapid.Custom(func(t *rapid.T) called {
		s := choice.From(t)
		m := models[choice.Below(s, len(models))]
		return called{m.Name(), clientsOf(m).Draw(s)}
	})
}

func clientsOf(m linearizability.Model) histories.Clients {
	lists := m.Name() == linearizability.ListAppend().Name()
	return histories.Clients{Kinds: m.Kinds(), Several: m.Several(), Given: m.Given(), Sets: m.Sets(), Lists: lists}
}

// blamed is what the checker of calls says of them.
type blamed struct {
	checkers.Verdict
	Prefix int   // see [linearizability.Result]
	Core   []int // calls that cannot be explained together; of small histories, it is minimal
}

// ordering is a checker of calls as a system of its own.
type ordering func(linearizability.Model, *history.Calls, linearizability.Options) linearizability.Result

func (ordering) Name() string { return "the checker of calls" }

func (check ordering) Run(_ context.Context, _ *sched.Runtime, c called) (blamed, error) {
	m, err := linearizability.Lookup(c.Model)
	if err != nil {
		return blamed{}, err
	}
	r := check(m, c.Calls, linearizability.Options{Timeout: -1})
	return blamed{r.Verdict, r.Prefix, r.Core}, nil
}

// asDefined decides X9.
type asDefined struct{}

func (asDefined) Name() string { return "definition" }

func (asDefined) Check(c called, b blamed) checkers.Verdict {
	right := c.right()
	switch {
	case b.Status == checkers.Unknown:
		return checkers.Failed("undecided", "of a small history nothing was decided", b.Reason)
	case right && b.Status == checkers.Fail:
		return checkers.Failed("refused", "an order of the calls explains all of them, and the history was refused", b.Reason)
	case !right && b.Status == checkers.Pass:
		return checkers.Failed("accepted", "no order of the calls explains all of them, and the history was accepted")
	case b.Status == checkers.Fail && !touching(c.Calls):
		return checkBlame(c, b)
	}
	return checkers.Passed()
}

// touching reports whether a call begins when the one before it of its process ends. They are in order all the same, but no longer once one of
// them may happen at any later time.
func touching(h *history.Calls) bool {
	ends := map[int32]time.Duration{}
	for i := range h.Calls {
		c := &h.Calls[i]
		if end, ok := ends[c.Process]; ok && end == c.Invoked {
			return true
		}
		ends[c.Process] = c.Returned
	}
	return false
}

// checkBlame holds the calls to blame to be so: with the effects of the others free to happen or not, they cannot be explained, and without any
// one of them they can.
func checkBlame(c called, b blamed) checkers.Verdict {
	if len(b.Core) == 0 || b.Prefix < 0 || b.Prefix >= len(c.Calls.Calls) {
		return checkers.Failed("nobody blamed", fmt.Sprintf("the calls to blame are %v, up to call %d", b.Core, b.Prefix))
	}
	if !history.Linearizable(upTo(c, b.Prefix, false), c.objects()) || history.Linearizable(upTo(c, b.Prefix, true), c.objects()) {
		return checkers.Failed("wrong place", fmt.Sprintf("it is said that all can be explained up to the return of call %d, and not with it", b.Prefix))
	}
	if history.Linearizable(without(c, b, -1), c.objects()) {
		return checkers.Failed("wrong blame", fmt.Sprintf("the calls to blame, %v, can be explained together", b.Core))
	}
	for _, spared := range b.Core {
		if !history.Linearizable(without(c, b, spared), c.objects()) {
			return checkers.Failed("too much blame", fmt.Sprintf("of the calls to blame, %v, call %d is not needed", b.Core, spared))
		}
	}
	return checkers.Passed()
}

// upTo is the history up to the return of a call, with it or without: what was under way then may have happened or not. Objects are judged each on
// its own, so it is that of the call's.
func upTo(c called, last int, with bool) *history.Calls {
	m, _ := linearizability.Lookup(c.Model)
	at := &c.Calls.Calls[last]
	h := relaxed(c, at.Returned, func(_ int, call *history.Call) bool {
		return call.Returned > at.Returned || call.Returned == at.Returned && !with
	})
	h.Calls = slices.DeleteFunc(h.Calls, func(call history.Call) bool { return !m.Several() && call.Actions[0].Key != at.Actions[0].Key })
	return h
}

// without is the history up to where it is at fault, in which all calls but those to blame, and the spared one, may have happened or not.
func without(c called, b blamed, spared int) *history.Calls {
	return relaxed(c, c.Calls.Calls[b.Prefix].Returned, func(i int, _ *history.Call) bool { return !slices.Contains(b.Core, i) || i == spared })
}

// relaxed is the calls that were invoked by some time, of which those that are unsure may have happened or not.
func relaxed(c called, end time.Duration, unsure func(i int, call *history.Call) bool) *history.Calls {
	weaker := &history.Calls{Initial: c.Initial}
	for i, call := range c.Calls.Calls {
		switch a := call.Actions[0]; {
		case call.Invoked > end:
			continue
		case !unsure(i, &call) || call.Pending():
		case a.Kind == history.TakeAny && a.Value.Kind == history.Absent:
			continue // it took nothing
		default:
			call.Returned = history.Forever
		}
		weaker.Calls = append(weaker.Calls, call)
	}
	return weaker
}

// ordered is X9, of a checker.
func ordered(check ordering) properties.Testable {
	p := &properties.Property[called, blamed]{
		ID: "X9", Group: Group, Unscheduled: true, Source: properties.Here(0),
		Statement: "a history of calls is accepted if and only if some order explains it, by trying every order; and those are blamed that are to blame",
		System:    check, Generator: callsOf(judgedModels()...), Codec: calledCodec,
		Checkers: []checkers.Checker[called, blamed]{asDefined{}},
		Classify: func(c called, b blamed) []string { return []string{c.Model + ": " + b.Status.String()} },
		Size:     func(c called) int { return len(c.Calls.Calls) },
	}
	for _, m := range judgedModels() {
		for _, status := range []checkers.Status{checkers.Pass, checkers.Fail} {
			p.Sometimes = append(p.Sometimes, properties.Condition[called, blamed]{
				Name: m.Name() + ": " + status.String(), Generator: callsOf(m).Filter(func(c called) bool { return c.right() == (status == checkers.Pass) }),
				Holds: func(c called, b blamed) bool { return c.Model == m.Name() && b.Status == status },
			})
		}
	}
	return p
}

// calledCodec is the text form of a history of calls: the calls, and the name of the model.
var calledCodec = properties.Codec[called]{Format: formatCalled, Parse: parseCalled}

const (
	callsFile = "calls"
	modelFile = "model"
)

func formatCalled(c called) ([]txtar.File, error) {
	return []txtar.File{
		{Name: modelFile, Data: []byte(c.Model + "\n")},
		{Name: callsFile, Data: []byte(history.FormatCalls(c.Calls))},
	}, nil
}

func parseCalled(files []txtar.File) (called, error) {
	var c called
	for _, f := range files {
		switch f.Name {
		case modelFile:
			c.Model = strings.TrimSpace(string(f.Data))
			if _, err := linearizability.Lookup(c.Model); err != nil {
				return called{}, fmt.Errorf("%s: %w", f.Name, err)
			}
		case callsFile:
			var err error
			if c.Calls, err = history.ParseCalls(f.Name, string(f.Data)); err != nil {
				return called{}, err
			}
		default:
			return called{}, fmt.Errorf("the file %q is not known: a history of calls is %s and %s", f.Name, modelFile, callsFile)
		}
	}
	if c.Model == "" || c.Calls == nil {
		return called{}, fmt.Errorf("the file %q or %q is missing", modelFile, callsFile)
	}
	return c, nil
}
