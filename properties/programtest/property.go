package programtest

import (
	"slices"
	"strings"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor"
	"synchrony/generators"
	"synchrony/generators/choice"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/properties"
)

// PropertyOf is what a system of another kind is held to that runs programs: a program elsewhere, say. outcome is what an observation shows; its error is why
// it shows nothing, which leaves the run undecided. The error is that of options that cannot be.
func PropertyOf[O any](id string, s executor.System[*program.Program, O], outcome func(*program.Program, *O) (*Outcome, error), options ...Option) (*properties.Property[*program.Program, O], error) {
	c, err := newConfig(options)
	if err != nil {
		return nil, err
	}
	return propertyOf(id, s, outcome, c), nil
}

func propertyOf[O any](id string, s executor.System[*program.Program, O], outcome func(*program.Program, *O) (*Outcome, error), c *config) *properties.Property[*program.Program, O] {
	judge := judge()
	p := &properties.Property[*program.Program, O]{
		ID: id, Statement: "a program shows what running it one instruction after another shows", System: s,
		Generator: generator(c.profile()),
		Codec:     codec, Size: size,
		Real:   func(*program.Program) bool { return true },
		Reduce: func(p *program.Program, fails func(*program.Program) bool) { programs.Reduce(p, *c.profile(), fails) },
		Outcome: func(p *program.Program, o O) string {
			shown, err := outcome(p, &o)
			if err != nil {
				return err.Error()
			}
			return shown.line(p)
		},
		Checkers: []checkers.Checker[*program.Program, O]{checkers.New("outcome", func(p *program.Program, o O) checkers.Verdict {
			shown, err := outcome(p, &o)
			if err != nil {
				return checkers.Undecided("%v", err)
			}
			return judge(p, shown)
		})},
	}
	labels := checkers.Remember(classify)
	p.Classify = func(p *program.Program, _ O) []string { return labels(p) }
	for _, k := range c.conditions() {
		p.Sometimes = append(p.Sometimes, properties.Condition[*program.Program, O]{
			Name: k.name, Generator: generator(k.profile), Holds: func(p *program.Program, _ O) bool { return k.met(labels(p)) },
		})
	}
	return p
}

// generator draws programs; nil of no profile.
func generator(o *programs.Options) *rapid.Generator[*program.Program] {
	if o == nil {
		return nil
	}
	return rapid.Custom(func(t *rapid.T) *program.Program { return programs.Draw(choice.From(t), *o).Program })
}

// size is how many instructions a program has.
func size(p *program.Program) (n int) {
	for i := range p.Functions {
		n += len(p.Functions[i].Code)
	}
	return n
}

// codec is the text form of a program, in a file of its own.
var codec = func() properties.Codec[*program.Program] {
	c := properties.Text(programFile, program.Disassemble, parse)
	c.Unset = program.Unset
	return c
}()

// programFile is the file's name.
const programFile = "program.zxasm"

// parse reads a program, and refuses what none can be.
func parse(text string) (*program.Program, error) {
	p, err := program.Assemble(programFile, []byte(text))
	if err != nil {
		return nil, err
	}
	return p, program.Validate(p)
}

// classify labels a program, as far as it does not matter how that is run.
func classify(p *program.Program) generators.Labels {
	return slices.DeleteFunc(programs.Classify(program.Workload{Program: p}), func(label string) bool {
		aspect, _, _ := strings.Cut(label, ": ")
		return !slices.Contains([]string{"size", "code", "parallel", "shared", "outcome"}, aspect)
	})
}
