package foreign

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"synchrony/executor/sched"
	"synchrony/generators/blocks"
	"synchrony/generators/choice"
	"synchrony/models/block"
	"synchrony/properties"
	"synchrony/properties/batchtest"
)

// Result is what an executor of blocks shows.
type Result struct {
	// State has each key that is there at the end. A key with 0 may be left out.
	State block.State `json:"state"`
	// Failed names the transactions that failed; nil if the executor does not say.
	Failed []string `json:"failed,omitempty"`
	// Reads are those of the transactions that took effect, each with where it was from; none if the executor does not say.
	Reads []ReadOf `json:"reads,omitempty"`
	// Order names all transactions in the order in which they are to be understood, if that is another than the block's.
	Order []string `json:"order,omitempty"`
	// Error is why the executor gave up the block, if it did.
	Error string `json:"error,omitempty"`
}

// ReadOf is a read by a transaction, of what another one, which From names, had written; or of what was there at first, if From is empty.
type ReadOf struct {
	Transaction string      `json:"transaction"`
	Key         block.Key   `json:"key"`
	Value       block.Value `json:"value"`
	From        string      `json:"from,omitempty"`
}

// executed is what an executor of blocks shows.
type executed = Observation[Result]

// Bounds of the blocks that a program gets.
const (
	batchTransactions = 8
	batchWorkers      = 4
)

// batchProfile is what they are.
var batchProfile = blocks.Profile{
	MaxTransactions: batchTransactions, Workers: choice.Length{Min: 2, Max: batchWorkers}, Stores: 1, Failures: true, Simple: true,
}

// batch is the property of executors of blocks: that of package batchtest.
func batch(p *program) (properties.Testable, error) {
	b, err := batchtest.PropertyOf(p.id(), system(p, impossible), func(b *block.Block, o *executed) (*batchtest.Outcome, error) {
		if o.NotJudged != "" {
			return nil, o.notJudged()
		}
		return o.Result.outcome(b), nil
	}, batchtest.MaxTxs(batchTransactions), batchtest.Workers(2, batchWorkers), batchtest.Failures(batchtest.Isolate), batchtest.Simple(), batchtest.ZeroIsGone())
	if err != nil {
		return nil, err
	}
	b.Group, b.Real, b.Explain = "foreign", func(block.Block) bool { return p.plainly() }, tellBlock
	return b, nil
}

// impossible says what no executor can show of a block: it names what is not there.
func impossible(b block.Block, r *Result) string {
	known := func(name string) bool { return b.Index(name) >= 0 }
	if r.State == nil && r.Error == "" {
		return "it has no state, and no error"
	}
	keys := b.Keys()
	for k := range r.State.Sorted() {
		if !slices.Contains(keys, k) {
			return fmt.Sprintf("the state has the key %.40q, which is not in the block", k)
		}
	}
	for _, list := range [][]string{r.Failed, r.Order} {
		seen := map[string]bool{}
		for _, name := range list {
			if !known(name) || seen[name] {
				return fmt.Sprintf("transaction %.40q is not in the block, or named twice", name)
			}
			seen[name] = true
		}
	}
	if len(r.Order) > 0 && len(r.Order) != b.Len() {
		return fmt.Sprintf("its order has %d of %d transactions", len(r.Order), b.Len())
	}
	for _, s := range r.Reads {
		if !known(s.Transaction) || s.From != "" && !known(s.From) {
			return fmt.Sprintf("a read by %.40q from %.40q, which are not both in the block", s.Transaction, s.From)
		}
	}
	return ""
}

// errSaid is why a transaction failed of which the executor says only that it did.
var errSaid = errors.New("it is among those that failed")

// outcome is what the result says, in the terms of package batchtest.
func (r *Result) outcome(b *block.Block) *batchtest.Outcome {
	report := batchtest.Report{State: r.State}
	if r.Failed != nil {
		report.Errors = make([]error, b.Len())
		for _, name := range r.Failed {
			report.Errors[b.Index(name)] = errSaid
		}
	}
	for _, name := range r.Order {
		report.Order = append(report.Order, b.Index(name))
	}
	var err error
	if r.Error != "" {
		err = fmt.Errorf("%.400s", r.Error)
	}
	o := batchtest.Ended(report, err)
	if len(r.Reads) > 0 {
		o.Tell(r.accesses(b))
	}
	return &o
}

// accesses are what the transactions that took effect did if they read what is reported. An error says why that cannot be: others are reported than they make.
func (r *Result) accesses(b *block.Block) ([][]block.Access, error) {
	type place struct{ transaction, key string }
	reads := map[place][]ReadOf{} // in order
	for _, s := range r.Reads {
		at := place{s.Transaction, s.Key}
		reads[at] = append(reads[at], s)
	}
	all, keys, used := make([][]block.Access, b.Len()), b.Keys(), 0
	for tx := range all {
		t := &b.Transactions[tx]
		if slices.Contains(r.Failed, t.Name) {
			continue
		}
		missing, own := "", map[block.Key]block.Value{}
		err := t.Apply(tx, keys, &block.View{
			Get: func(k block.Key) (block.Value, bool) {
				if v, wrote := own[k]; wrote {
					return v, true
				}
				at := place{t.Name, k}
				if len(reads[at]) == 0 {
					missing = k
					return 0, false
				}
				s := reads[at][0]
				reads[at] = reads[at][1:]
				used++
				all[tx] = append(all[tx], block.Access{Key: k, Value: s.Value, Writer: b.Index(s.From)}) // that of no name is [block.Initially]
				return s.Value, true
			},
			Set: func(k block.Key, v block.Value) {
				own[k] = v
				all[tx] = append(all[tx], block.Access{Key: k, Value: v, Write: true})
			},
		})
		switch {
		case missing != "":
			return nil, fmt.Errorf("%s reads %s, and that is not reported", t.Name, missing)
		case err != nil:
			return nil, fmt.Errorf("%s is said to have taken effect, and fails on what it read: %w", t.Name, err)
		}
	}
	if used != len(r.Reads) {
		return nil, fmt.Errorf("%d reads are reported, and the transactions that took effect make %d", len(r.Reads), used)
	}
	return all, nil
}

// tellBlock tells what happened to a block.
func tellBlock(b block.Block, o executed, rec *sched.Record) []string {
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if o.NotJudged == "" {
		lines = append(lines, "After: "+o.Result.State.String())
	}
	return story(o, rec, lines...)
}
