package programtest

import (
	"strings"
	"testing"

	"synchrony/executor/sched"
	"synchrony/generators/choice"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/models/schedule"
	"synchrony/properties"
	"synchrony/properties/internal/hosted"
)

// Check tests an interpreter: it replays known counterexamples, then tests programs, each in many runs. See [properties.Check] for what it replays, saves and
// reads from the environment, and the package's documentation for what it controls. The test fails if a run does not show what running the program sequentially
// shows, or panics or never ends; and if no program was tested that met what the options are about.
//
// Run by verify test, it draws one program, from the seed that it is given, and runs it once: the command tries schedules and programs together.
func Check(t testing.TB, i Interpreter, options ...Option) {
	t.Helper()
	if i.Name == "" {
		i.Name = strings.TrimPrefix(t.Name(), "Test")
	}
	c, err := newConfig(options)
	if err == nil {
		err = i.check()
	}
	if err != nil {
		t.Fatal(err)
	}
	p := property(i, c)
	if h, ok := t.(hosted.Host); ok {
		hosted.Check(t, h, p, hosted.Input[*program.Program]{
			Name: "program", Draw: func(seed uint64) *program.Program { return programs.Draw(choice.Seeded(seed), *c.profile()).Program }, Format: program.Disassemble, Parse: parse,
		}, system{i}.hosted)
		return
	}
	properties.Check(t, p, c.properties...)
}

// Property is what [Check] checks, for who runs properties otherwise: see package properties. It panics if the interpreter or the options cannot be.
func Property(i Interpreter, options ...Option) *properties.Property[*program.Program, Outcome] {
	c, err := newConfig(options)
	if err == nil {
		err = i.check()
	}
	if err != nil {
		panic(err)
	}
	if i.Name == "" {
		i.Name = "interpreter"
	}
	return property(i, c)
}

func property(i Interpreter, c *config) *properties.Property[*program.Program, Outcome] {
	p := propertyOf(i.Name, system{i}, func(_ *program.Program, o *Outcome) (*Outcome, error) { return o, nil }, c)
	p.Group, p.Source, p.Hosted, p.Patience, p.PatientClock = "programtest", properties.Here(2), i.On == nil, c.patience, true
	p.Explain = story
	return p
}

// story tells what happened in a run.
func story(p *program.Program, o Outcome, rec *sched.Record) []string {
	lines := Tell(p, &o)
	if rec != nil {
		lines = append(lines, properties.TellSchedule(rec, schedule.Object.String)...)
	}
	return lines
}

// Tell tells what a run showed, and what it should have.
func Tell(p *program.Program, o *Outcome) []string {
	lines := []string{"It showed: " + o.line(p)}
	if want, err := program.Run(p, program.Limits{}); err == nil {
		lines = append(lines, "One instruction after another, it shows: "+want.Line(p.Names))
	}
	return lines
}
