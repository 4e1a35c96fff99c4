package programtest

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"synchrony/executor/sched"
	"synchrony/generators/choice"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/properties"
)

// sequentially is the simplest interpreter that is right.
func sequentially(_ context.Context, p *program.Program) (program.Outcome, error) {
	return program.Run(p, program.Limits{})
}

func TestOptionsRefused(t *testing.T) {
	for want, options := range map[string][]Option{
		"MaxStatements(0)": {MaxStatements(0)},
		"MaxWorkers(1)":    {MaxWorkers(1)},
		"MaxWorkers(17)":   {MaxWorkers(17)},
		"Patience(1ns)":    {Patience(time.Nanosecond)},
		"Maps needs":       {Maps()},
		"index 0 is nil":   {nil},
	} {
		if _, err := newConfig(options); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	on := func(ctx context.Context, _ *sched.Runtime, p *program.Program) (program.Outcome, error) {
		return sequentially(ctx, p)
	}
	for _, i := range []Interpreter{{}, {Run: sequentially, On: on}} {
		if i.check() == nil {
			t.Errorf("%+v is taken", i)
		}
	}
}

// TestConditionsAreDrawn: what the options are about is met by one in ten of the programs that are drawn for all, or by two in five of those that are drawn for it.
func TestConditionsAreDrawn(t *testing.T) {
	for name, options := range map[string][]Option{
		"plain": nil, "failures": {Failures()},
		"all": {Values(), Maps(), Barriers(), Failures(), Races(), MaxWorkers(8)},
	} {
		c, err := newConfig(options)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range c.conditions() {
			profile, least := c.profile(), 10
			if k.profile != nil {
				profile, least = k.profile, 40
			}
			met := 0
			const drawn = 200
			for seed := range uint64(drawn) {
				if k.met(classify(programs.Draw(choice.Seeded(seed), *profile).Program)) {
					met++
				}
			}
			if met*100 < least*drawn {
				t.Errorf("%s: %d of %d programs meet %q", name, met, drawn, k.name)
			}
		}
	}
}

// hostT is a T that gives a test its input, as verify test does, and keeps what it fails with.
type hostT struct {
	testing.TB
	draws        bool   // the input
	given, drawn string // else it is given
	reduce       func(string, func(string) bool)
	failed       string
}

func (h *hostT) Undecided(reason string) { h.Fatal("undecided: " + reason) }

func (h *hostT) Input(draw func() string, reduce func(string, func(string) bool)) string {
	h.drawn, h.reduce = draw(), reduce
	if h.draws {
		return h.drawn
	}
	return h.given
}

func (h *hostT) Helper()      {}
func (h *hostT) Name() string { return "TestMachine" }
func (h *hostT) Fatal(args ...any) {
	if h.failed == "" { // it goes on, as a real one would not
		h.failed, _ = args[0].(string)
	}
}

// TestHosted: under a host, Check runs the program that it is given once, and proposes smaller ones as texts.
func TestHosted(t *testing.T) {
	mute := Interpreter{Run: func(ctx context.Context, p *program.Program) (program.Outcome, error) {
		o, err := sequentially(ctx, p)
		o.Output = nil
		return o, err
	}}
	const given = "LOAD_CONST 7\nSTORE_NAME a\nFORK_EXECUTION 3\nLOAD_NAME a\nPRINT\nJOIN_WORKERS 0\n"
	h := &hostT{TB: t, given: given}
	Check(h, mute)
	for _, want := range []string{"outcome, wrong output: the outcome is not that of sequential execution", "the program:\n  LOAD_CONST 7\n"} {
		if !strings.Contains(h.failed, want) {
			t.Errorf("it does not say %q:\n%s", want, h.failed)
		}
	}
	smallest := given
	h.reduce(given, func(text string) bool {
		again := &hostT{TB: t, given: text}
		Check(again, mute)
		if again.failed == "" {
			return false
		}
		smallest = text
		return true
	})
	if smallest != "LOAD_CONST 0\nPRINT\n" {
		t.Errorf("the smallest is\n%s", smallest)
	}
	right := &hostT{TB: t, draws: true}
	t.Setenv(properties.SeedVariable, "7")
	Check(right, Interpreter{Run: sequentially})
	first := right.drawn
	t.Setenv(properties.SeedVariable, "8")
	Check(right, Interpreter{Run: sequentially})
	if right.failed != "" || first == right.drawn {
		t.Errorf("%s; two seeds draw\n%s%s", right.failed, first, right.drawn)
	}
}

// TestDocument: the programs that the document shows give what they say, and could have been drawn.
func TestDocument(t *testing.T) {
	page, err := os.ReadFile("../../docs/programtest.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile("(?ms)^```zxasm\n(.*?)^```$").FindAllSubmatch(page, -1)
	for _, m := range shown {
		p, err := parse(string(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		o, err := sequentially(t.Context(), p)
		if wrong := p.Expect.Check(o); err != nil || len(wrong) > 0 || !programs.OneOutcome(p) {
			t.Errorf("%v: %v", err, wrong)
		}
	}
	if len(shown) == 0 {
		t.Error("there is none")
	}
}

// FuzzProgram: whatever a counterexample has as its program, it is refused in a line, or is one that is written and read again as it is.
func FuzzProgram(f *testing.F) {
	f.Add([]byte("FORK_EXECUTION 2\nLOAD_CONST 1\nATOMIC_ADD n\nPOP\nJOIN_WORKERS 0\n"))
	f.Add([]byte(".func f(p)\nLOAD_NAME p\n.end\nLOAD_CONST 1\nCALL_FUNC_CONST @f 1\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := codec.Parse([]txtar.File{{Name: programFile, Data: text}})
		if err != nil {
			return
		}
		files, err := codec.Format(p)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := codec.Parse(files); err != nil || !again.Equal(p) {
			t.Errorf("%v: it is read as another:\n%s", err, files[0].Data)
		}
	})
}
