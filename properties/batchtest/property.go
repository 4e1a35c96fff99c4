package batchtest

import (
	"slices"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor"
	"synchrony/generators/blocks"
	"synchrony/generators/choice"
	"synchrony/models/block"
	"synchrony/properties"
)

// PropertyOf is what a system of another kind is held to that executes blocks: a program elsewhere, say. outcome is what an observation shows; its error is why
// it shows nothing, which leaves the run undecided. The error is that of options that cannot be.
func PropertyOf[O any](id string, s executor.System[Block, O], outcome func(*Block, *O) (*Outcome, error), options ...Option) (*properties.Property[Block, O], error) {
	c, err := newConfig(options)
	if err != nil {
		return nil, err
	}
	return propertyOf(id, s, outcome, c), nil
}

// Ended is the outcome of a run that reported something, or failed.
func Ended(r Report, err error) Outcome {
	o := Outcome{ended: true, report: r}
	o.fail(err)
	return o
}

// Tell adds what transactions read and wrote to the report, or why what is said of it cannot be.
func (o *Outcome) Tell(accesses [][]Access, err error) {
	if o.report.Accesses = accesses; err != nil {
		o.mistold = err.Error()
	}
}

func propertyOf[O any](id string, s executor.System[Block, O], outcome func(*Block, *O) (*Outcome, error), c *config) *properties.Property[Block, O] {
	p := &properties.Property[Block, O]{
		ID: id, Statement: "a block has the effect of its transactions one after another", System: s,
		Generator: rapid.Custom(func(t *rapid.T) Block { return blocks.Draw(choice.From(t), c.profile()) }),
		Codec:     codec,
		Size:      func(b Block) int { return b.Len() },
		Real:      func(Block) bool { return true },
		Reduce:    c.reduce,
		Within:    func(b Block) bool { return b.Workers >= c.lo && b.Workers <= c.hi },
		Classify: func(b Block, o O) []string {
			if shown, err := outcome(&b, &o); err == nil {
				return classify(&b, shown)
			}
			return nil
		},
		Outcome: func(b Block, o O) string {
			shown, err := outcome(&b, &o)
			if err != nil {
				return err.Error()
			}
			return shown.String()
		},
		Diagnose: func(b Block, o O, v checkers.Verdict) checkers.Verdict {
			if shown, err := outcome(&b, &o); err == nil {
				return c.diagnose(&b, shown, v)
			}
			return v
		},
	}
	for _, k := range c.checkers() {
		p.Checkers = append(p.Checkers, checkers.New(k.name, func(b Block, o O) checkers.Verdict {
			shown, err := outcome(&b, &o)
			if err != nil {
				return checkers.Undecided("%v", err)
			}
			return k.judge(c, &b, shown)
		}))
	}
	for _, k := range c.conditions() {
		p.Sometimes = append(p.Sometimes, properties.Condition[Block, O]{Name: k.name, Generator: k.generator, Holds: func(b Block, _ O) bool {
			return k.holds(&b, block.Execute(&b, c.policy, block.Departure{}))
		}})
	}
	return p
}

// reduce makes a block smaller; of simple ones, to such in which all keys are there at first.
func (c *config) reduce(b Block, fails func(Block) bool) {
	if !c.simple {
		blocks.Reduce(b, fails)
		return
	}
	blocks.Reduce(b, func(b Block) bool {
		there := func(k Key) bool { _, is := b.Initial[k]; return is }
		return !slices.ContainsFunc(b.Keys(), func(k Key) bool { return !there(k) }) && fails(b)
	})
}

// codec is the text form of a block, in a file of its own.
var codec = properties.Text("block", func(b Block) string { return b.String() }, block.Parse)
