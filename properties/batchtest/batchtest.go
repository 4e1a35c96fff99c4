package batchtest

import (
	"strings"
	"testing"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
	"synchrony/properties"
	"synchrony/properties/internal/hosted"
)

// Check tests an executor: it replays known counterexamples, then tests blocks, each in many runs. See [properties.Check] for what it replays, saves and
// reads from the environment, and the package's documentation for what it controls. The test fails if the final state of a run is not the serial one, or
// a report of the executor is wrong, or a run panics or never ends; and if no block was tested that met what the options are about.
//
// Run by verify test, it draws one block, from the seed that it is given, and runs it once: the command tries schedules and blocks together.
func Check(t testing.TB, e Executor, options ...Option) {
	t.Helper()
	if e.Name == "" {
		e.Name = strings.TrimPrefix(t.Name(), "Test")
	}
	c, err := newConfig(options)
	if err == nil {
		err = e.check()
	}
	if err != nil {
		t.Fatal(err)
	}
	if h, ok := t.(hosted.Host); ok {
		checkHosted(t, h, system{e, c})
		return
	}
	properties.Check(t, property(e, c), c.properties...)
}

// Property is what [Check] checks, for who runs properties otherwise: see package properties. It panics if the executor or the options cannot be.
func Property(e Executor, options ...Option) *properties.Property[Block, Outcome] {
	c, err := newConfig(options)
	if err == nil {
		err = e.check()
	}
	if err != nil {
		panic(err)
	}
	if e.Name == "" {
		e.Name = "executor"
	}
	return property(e, c)
}

func property(e Executor, c *config) *properties.Property[Block, Outcome] {
	p := propertyOf(e.Name, system{e, c}, func(_ *Block, o *Outcome) (*Outcome, error) { return o, nil }, c)
	p.Group, p.Source, p.Hosted, p.Patience, p.PatientClock = "batchtest", properties.Here(2), e.On == nil, c.patience, true
	p.Explain, p.Acts = story, acts
	return p
}

// acts are the reads and writes of a run.
func acts(b Block, o Outcome) (list []properties.Act) {
	verbs := map[action]string{got: "reads ", scanned: "reads ", put: "writes ", deleted: "deletes "}
	for _, e := range o.events {
		if verb := verbs[e.what]; verb != "" {
			key := string(e.key)
			list = append(list, properties.Act{Who: b.Name(e.tx), What: verb + key, Object: key, Changes: e.what == put || e.what == deleted})
		}
	}
	return list
}

// story tells what happened in a run, in order.
func story(b Block, o Outcome, rec *sched.Record) []string {
	lines := tell(&b, o.events)
	if rec != nil {
		lines = append(lines, properties.TellSchedule(rec, schedule.Object.String)...)
	}
	return lines
}
