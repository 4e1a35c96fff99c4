package clients

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/isolation"
	"synchrony/executor/sched"
	"synchrony/generators/choice"
	"synchrony/generators/histories"
	"synchrony/models/history"
	"synchrony/models/text"
	"synchrony/properties"
)

// observed is what clients saw of transactions: of many that are right by how they were made, perhaps, and, after them, of a few on other keys by other
// processes, which decide. Level is the one that is asked for.
type observed struct {
	Before *history.Transactions // nil if there are none
	Few    *history.Transactions
	Level  string
}

// whole is all of the history.
func (o observed) whole() *history.Transactions {
	if o.Before == nil {
		return o.Few
	}
	return histories.Then(o.Before, o.Few)
}

// observedTransactions draws histories, of which one in eight has many transactions.
func observedTransactions() *rapid.Generator[observed] {
	names := definitions()
	return rapid.Custom(func(t *rapid.T) observed {
		s := choice.From(t)
		o := observed{Level: names[choice.Below(s, len(names))].name}
		if o.Few = histories.Transactions(s); choice.Chance(s, 12) {
			o.Before = histories.Serial(choice.Seeded(s.Bits(32)), o.Few.Lists, 10+choice.Below(s, 120))
		}
		if choice.Chance(s, 3) {
			o.repeat(s)
		}
		return o
	})
}

// repeat has a write write what another one of its key does, if there are two: a read could not tell which it saw.
func (o observed) repeat(s choice.Source) {
	var writes []int
	for i := range o.Few.Ops {
		if o.Few.Ops[i].Write {
			writes = append(writes, i)
		}
	}
	if len(writes) < 2 {
		return
	}
	first, second := &o.Few.Ops[writes[0]], &o.Few.Ops[writes[1+choice.Below(s, len(writes)-1)]]
	second.Key, second.Value = first.Key, first.Value
}

// levelsSeen is what the checker of isolation levels says of a history: a report, or that it is malformed.
type levelsSeen struct {
	*isolation.Report
	Malformed string
	Changed   bool // whether it changed the history
}

// judging is a checker of isolation levels as a system of its own.
type judging func(*history.Transactions, isolation.Level) (*isolation.Report, error)

func (judging) Name() string { return "the checker of isolation levels" }

func (judge judging) Run(_ context.Context, _ *sched.Runtime, list []observed) ([]levelsSeen, error) {
	var all []levelsSeen
	for _, o := range list {
		l, err := isolation.ParseLevel(o.Level)
		if err != nil {
			return nil, err
		}
		h := o.whole()
		before := history.FormatTransactions(h)
		r, err := judge(h, l)
		seen := levelsSeen{Report: r, Changed: history.FormatTransactions(h) != before}
		var malformed *text.MalformedError
		switch {
		case errors.As(err, &malformed):
			seen.Malformed = malformed.Error()
		case err != nil:
			return nil, err
		}
		all = append(all, seen)
	}
	return all, nil
}

// leveled is X10, of a checker.
func leveled(judge judging) properties.Testable {
	p := &properties.Property[[]observed, []levelsSeen]{
		ID: "X10", Group: group, Unscheduled: true, Source: properties.Here(0),
		Statement: "a history of transactions satisfies exactly the isolation levels whose definitions some order meets, by trying all; and it has the anomalies that it is said to have",
		System:    judge, Generator: sheets(observedTransactions(), 8), Codec: observedCodec,
		Checkers: []checkers.Checker[[]observed, []levelsSeen]{eachOf("definition", judgeLevels, func(observed) string { return "" })},
		Classify: func(_ []observed, rs []levelsSeen) []string {
			var labels []string
			for _, r := range rs {
				if r.Report == nil {
					labels = append(labels, "malformed")
					continue
				}
				for _, s := range r.Standings {
					labels = append(labels, s.Level.String()+": "+s.Status.String())
				}
				for _, a := range r.Anomalies {
					labels = append(labels, "anomaly: "+a.Name)
				}
			}
			slices.Sort(labels)
			return slices.Compact(labels)
		},
		Size: func(list []observed) (n int) {
			for _, o := range list {
				n += len(o.whole().Ops)
			}
			return n
		},
	}
	for _, d := range definitions() {
		for _, status := range []checkers.Status{checkers.Pass, checkers.Fail} {
			p.Sometimes = append(p.Sometimes, properties.Condition[[]observed, []levelsSeen]{
				Name: d.name + ": " + status.String(), Holds: func(_ []observed, rs []levelsSeen) bool {
					return slices.ContainsFunc(rs, func(r levelsSeen) bool { return r.Report != nil && standing(r.Report, d.name).Status == status })
				},
			})
		}
	}
	return p
}

// standing is that of the level of a name; without a status if the report has none.
func standing(r *isolation.Report, name string) isolation.Standing {
	for _, s := range r.Standings {
		if s.Level.String() == name {
			return s
		}
	}
	return isolation.Standing{}
}

// observedCodec is the text form of histories of transactions, each in a folder of its number.
var observedCodec = properties.Codec[[]observed]{Format: formatObserved, Parse: parseObserved}

const (
	fewFile    = "transactions"
	beforeFile = "before"
	levelFile  = "level"
)

func formatObserved(list []observed) ([]txtar.File, error) {
	var files numbered
	for i, o := range list {
		files.add(i, levelFile, o.Level+"\n")
		if o.Before != nil {
			files.add(i, beforeFile, history.FormatTransactions(o.Before))
		}
		files.add(i, fewFile, history.FormatTransactions(o.Few))
	}
	return files, nil
}

func parseObserved(files []txtar.File) ([]observed, error) {
	list, err := folders(files, func(o *observed, name string, f txtar.File) (err error) {
		switch name {
		case levelFile:
			o.Level = strings.TrimSpace(string(f.Data))
			if _, err := isolation.ParseLevel(o.Level); err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
		case beforeFile:
			o.Before, err = history.ParseTransactions(f.Name, string(f.Data))
		case fewFile:
			o.Few, err = history.ParseTransactions(f.Name, string(f.Data))
		default:
			return fmt.Errorf("the file %q is not known: a history of transactions is %s, %s and perhaps %s", f.Name, levelFile, fewFile, beforeFile)
		}
		return err
	})
	for i, o := range list {
		switch {
		case err != nil:
		case o.Level == "" || o.Few == nil:
			err = fmt.Errorf("of history %d, the file %q or %q is missing", i+1, levelFile, fewFile)
		case o.Before != nil && o.Before.Lists != o.Few.Lists:
			err = fmt.Errorf("of history %d, one file is of lists and one of registers", i+1)
		}
	}
	return list, err
}
