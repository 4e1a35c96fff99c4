package foreign

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"synchrony/executor/sched"
	"synchrony/generators/blocks"
	"synchrony/generators/choice"
	"synchrony/models/block"
)

// Finding is what [Conform] says of one thing that a program must do.
type Finding struct {
	What  string // it must do
	Wrong string // empty if it does
	// Slow says that what is wrong makes a search slower, and nothing false.
	Slow bool
}

// Conform says of a program whether it keeps to the protocol, by asking it some workloads and schedules. The error says that it could not be asked.
func Conform(ctx context.Context, command []string, kindName string, patience time.Duration) ([]Finding, error) {
	if _, err := Property(ctx, command, kindName, patience); err != nil {
		return nil, err
	}
	s, err := start(ctx, command, patience)
	if err != nil {
		return nil, err
	}
	s.close()
	p := &program{ctx, command, s.greeting, kindName, patience}
	switch kindName {
	case "batch":
		return conform(p, impossible, rapid.Custom(drawBlock), conflicting), nil
	case "program":
		m, err := machineProperty(p)
		if err != nil {
			return nil, err
		}
		return conform(p, unthinkable, m.Generator.Filter(forks), forks), nil
	default:
		return conform(p, inconceivable, rapid.Custom(drawClients), func(w Clients) bool { return len(w.Clients) > 1 }), nil
	}
}

// How many workloads a program is asked, and how many schedules of one.
const (
	conformCases     = 8
	conformSchedules = 20
)

// conform asks a program.
func conform[W, R any](p *program, check func(W, *R) string, g *rapid.Generator[W], interesting func(W) bool) []Finding {
	var workloads []W
	for seed := 1; len(workloads) < conformCases; seed++ {
		if w := g.Example(seed); seed == 1 || interesting(w) {
			workloads = append(workloads, w)
		}
	}
	system := &plain[W, R]{ctx: p.ctx, command: p.command, kind: p.kind, name: p.greeting.Name, patience: p.patience, check: check}
	defer system.close()
	var all []Finding
	if p.plainly() {
		all = append(all, find("answers workloads (level 1)", workloads, func(w W) string {
			o, _, err := system.ask(w, nil)
			return told(o, err)
		}))
	}
	if !slices.Contains(p.greeting.Levels, 2) {
		return all
	}
	c := &conformance[W, R]{system: &scheduled[W, R]{plain: system}}
	return append(all,
		find("does the same on the same schedule", workloads, c.same),
		find("goes the default way where it is told nothing", workloads, c.byDefault),
		find("takes the turns that it is told", workloads, c.turns),
		find("shows every schedule of a case, each with what its tasks share", workloads[:1], c.all),
		slow(find("draws by priorities", workloads, c.priorities)),
		find("ends after as many decisions as it is told", workloads, c.cut),
	)
}

// find is the finding of asking about each workload, up to the first that shows what is wrong.
func find[W any](what string, workloads []W, ask func(W) string) Finding {
	for i, w := range workloads {
		if wrong := ask(w); wrong != "" {
			return Finding{What: what, Wrong: fmt.Sprintf("workload %d: %s", i, wrong)}
		}
	}
	return Finding{What: what}
}

func slow(f Finding) Finding {
	f.Slow = f.Wrong != ""
	return f
}

// told is what is wrong with an observation.
func told[R any](o Observation[R], err error) string {
	if err != nil {
		return err.Error()
	}
	return o.NotJudged
}

// conformance asks a program of level 2.
type conformance[W, R any] struct {
	system *scheduled[W, R]
	runner sched.Runner
}

// options are those of its runs.
var conformOptions = sched.Options{MaxSteps: 10_000}

// run runs a workload under a strategy, and returns how often the program was asked.
func (c *conformance[W, R]) run(w W, s sched.Strategy) (rec sched.Record, asked int, wrong string) {
	before := c.asked()
	rec, o, err := c.system.RunScheduled(context.Background(), &c.runner, s, conformOptions, w)
	return rec, c.asked() - before, told(o, err)
}

func (c *conformance[W, R]) asked() int {
	if s := c.system.session; s != nil {
		return s.asked
	}
	return 0
}

func (c *conformance[W, R]) same(w W) string {
	first, _, wrong := c.run(w, sched.Default())
	if wrong != "" {
		return wrong
	}
	hash := first.Schedule.Hash
	again, _, wrong := c.run(w, sched.Default())
	if wrong == "" && again.Schedule.Hash != hash {
		wrong = "two runs on the default schedule differ"
	}
	return wrong
}

// byDefault: a choice other than the default would have to be asked for again.
func (c *conformance[W, R]) byDefault(w W) string {
	c.system.last = nil // forget what it did
	_, asked, wrong := c.run(w, sched.Default())
	if wrong == "" && asked > 1 {
		wrong = "it leaves the default: the task that took the last step goes on while it can, then the next by number, then the lowest"
	}
	return wrong
}

func (c *conformance[W, R]) turns(w W) string {
	base, _, wrong := c.run(w, sched.Default())
	if wrong != "" {
		return wrong
	}
	base = base.Clone()
	tried := 0
	for d := range sched.SingleDeviations(base) {
		if tried++; tried > conformSchedules {
			break
		}
		rec, _, wrong := c.run(w, sched.Deviate(append(base.Schedule.Deviations[:0:0], d)))
		if wrong != "" {
			return wrong
		}
		if len(rec.Schedule.Deviations) != 1 {
			return fmt.Sprintf("told to leave the default once, it did %d times", len(rec.Schedule.Deviations))
		}
	}
	if tried == 0 {
		return "it has one schedule only: its tasks announce nothing that they could do in another order"
	}
	return ""
}

func (c *conformance[W, R]) all(w W) string {
	e := sched.NewExplorer(conformOptions, sched.Bounds{Preemptions: sched.Unbounded, Schedules: 10 * conformSchedules})
	for s, ok := e.Next(); ok; s, ok = e.Next() {
		rec, _, wrong := c.run(w, s)
		if wrong != "" {
			return wrong
		}
		if err := e.Ran(&rec); err != nil {
			return err.Error()
		}
	}
	return ""
}

func (c *conformance[W, R]) priorities(w W) string {
	for seed := range uint64(conformSchedules) {
		for _, by := range []struct {
			name     string
			strategy sched.Strategy
		}{{"fresh ones", sched.POS(seed)}, {"changes", sched.PCT(seed, 3, 20)}} {
			_, asked, wrong := c.run(w, by.strategy)
			if wrong != "" {
				return wrong
			}
			if asked > 1 {
				return fmt.Sprintf("by priorities with %s it makes other decisions than those that they come to, so that it had to be asked %d times", by.name, asked)
			}
		}
	}
	return ""
}

func (c *conformance[W, R]) cut(w W) string {
	for most := range 4 {
		o, t, err := c.system.ask(w, &plan{Turns: [][2]int{}, Decisions: most})
		if wrong := told(o, err); wrong != "" {
			return wrong
		}
		if t == nil {
			return "it gives no trace"
		}
		if _, err := (objects{}).trace(t, most); err != nil {
			return err.Error()
		}
	}
	return ""
}

// Wrong is all that a program does wrong, as one error; nil if that is nothing but slow.
func Wrong(findings []Finding) error {
	var all []error
	for _, f := range findings {
		if f.Wrong != "" && !f.Slow {
			all = append(all, fmt.Errorf("%s: %s", f.What, f.Wrong))
		}
	}
	return errors.Join(all...)
}

func drawBlock(t *rapid.T) block.Block { return blocks.Draw(choice.From(t), &batchProfile) }

// conflicting reports whether a transaction reads what another wrote.
func conflicting(b block.Block) bool {
	s := block.Execute(&b, block.Isolate, block.Departure{})
	return slices.ContainsFunc(s.Read, func(list []block.Access) bool {
		return slices.ContainsFunc(list, func(a block.Access) bool { return a.Writer >= 0 })
	})
}
