package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/generators/batches"
	"synchrony/models/batch"
	"synchrony/models/text"
	"synchrony/properties"
)

// source is a batch in its language, and what its author meant: the transactions
// in order, and the one that is written twice, if any.
type source struct {
	text  string
	ids   []string
	twice string
}

// parsed is what the parser made of a source.
type parsed struct {
	ids []string
	err error
}

// parser is the system under test: models/batch's.
type parser struct{}

func (parser) Name() string { return "the .ae parser" }

func (parser) Run(_ context.Context, _ *sched.Runtime, s source) (parsed, error) {
	b, err := batch.Parse("batch.ae", []byte(s.text))
	if err != nil {
		return parsed{err: err}, nil
	}
	var p parsed
	for i := range b.Transactions {
		p.ids = append(p.ids, b.Transactions[i].ID)
	}
	return p, nil
}

// parsing is S16 and S17.
func parsing() []properties.Testable {
	prop := func(id, statement string, duplicate bool, c checkers.Checker[source, parsed]) properties.Testable {
		return &properties.Property[source, parsed]{
			ID: id, Group: Group, Statement: statement, Source: properties.Here(1), System: parser{}, Unscheduled: true,
			Generator: sources(duplicate), Checkers: []checkers.Checker[source, parsed]{c},
			Codec: properties.Codec[source]{Format: formatSource, Parse: parseSource},
			Size:  func(s source) int { return len(s.ids) },
			Sometimes: []properties.Condition[source, parsed]{{
				Name: "a batch of two or more", Holds: func(s source, _ parsed) bool { return len(s.ids) > 1 },
			}},
		}
	}
	return []properties.Testable{
		prop("S16", "parsing extracts every intent, in order", false, extraction{}),
		prop("S17", "duplicate names are refused", true, refusal{}),
	}
}

// sources draws a batch's text; with a duplicate, one transaction is written again.
func sources(duplicate bool) *rapid.Generator[source] {
	return rapid.Custom(func(t *rapid.T) source {
		w, _ := batches.Workload(t, batches.Anything())
		b := *w.Batch
		var s source
		if duplicate && len(b.Transactions) > 0 {
			i := rapid.IntRange(0, len(b.Transactions)-1).Draw(t, "written twice")
			at := rapid.IntRange(0, len(b.Transactions)).Draw(t, "where")
			s.twice = b.Transactions[i].ID
			again := b.Transactions[i]
			again.ID += twiceSuffix // a correct batch, until its text is changed below
			b.Transactions = slices.Insert(slices.Clone(b.Transactions), at, again)
		}
		for i := range b.Transactions {
			s.ids = append(s.ids, strings.TrimSuffix(b.Transactions[i].ID, twiceSuffix))
		}
		text, err := batch.Format(&b)
		if err != nil {
			panic(fmt.Sprintf("a generated batch has no text form: %v", err))
		}
		s.text = strings.ReplaceAll(string(text), s.twice+twiceSuffix, s.twice)
		return s
	})
}

// twiceSuffix marks the second of two transactions of one name. It is digits, so
// that it is the same intent's name.
const twiceSuffix = "000000"

// extraction decides whether parsing found the transactions, in order.
type extraction struct{}

func (extraction) Name() string { return "extraction" }

func (extraction) Check(s source, p parsed) checkers.Verdict {
	if p.err != nil {
		return checkers.Failed("refused", fmt.Sprintf("a correct batch is refused: %v", p.err))
	}
	if !slices.Equal(s.ids, p.ids) {
		return checkers.Failed("wrong transactions", fmt.Sprintf("written %v, extracted %v", s.ids, p.ids))
	}
	return checkers.Passed()
}

// refusal decides whether a name given twice was refused, by that name.
type refusal struct{}

func (refusal) Name() string { return "refusal" }

func (refusal) Check(s source, p parsed) checkers.Verdict {
	if s.twice == "" {
		return extraction{}.Check(s, p)
	}
	if p.err == nil {
		return checkers.Failed("accepted", fmt.Sprintf("a batch with two transactions named %s is accepted", s.twice))
	}
	var dup *text.Error
	if !errors.As(p.err, &dup) || dup.Line == 0 {
		return checkers.Failed("no position", fmt.Sprintf("the error does not say where: %v", p.err))
	}
	return checkers.Passed()
}

// The files of a source in a counterexample.
const (
	sourceFile = "source.ae"
	idsFile    = "transactions"
	twiceFile  = "written-twice"
)

func formatSource(s source) ([]txtar.File, error) {
	var ids []byte
	for _, id := range s.ids {
		ids = fmt.Appendln(ids, id)
	}
	return []txtar.File{
		{Name: sourceFile, Data: []byte(s.text)},
		{Name: idsFile, Data: ids},
		{Name: twiceFile, Data: fmt.Appendln(nil, s.twice)},
	}, nil
}

func parseSource(files []txtar.File) (source, error) {
	var s source
	for _, f := range files {
		text := string(f.Data)
		switch f.Name {
		case sourceFile:
			s.text = text
		case idsFile:
			s.ids = strings.Fields(text)
		case twiceFile:
			s.twice = strings.TrimSpace(text)
		default:
			return source{}, fmt.Errorf("the file %q is not known: a source is %s, %s and %s", f.Name, sourceFile, idsFile, twiceFile)
		}
	}
	if s.text == "" {
		return source{}, fmt.Errorf("the file %q is missing", sourceFile)
	}
	return s, nil
}
