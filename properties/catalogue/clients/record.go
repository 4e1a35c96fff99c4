package clients

import (
	_ "embed"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"

	"synchrony/checkers"
	"synchrony/checkers/isolation"
	"synchrony/checkers/linearizability"
	"synchrony/checkers/serializability"
	"synchrony/checkers/spoiled"
	"synchrony/checkers/workload"
	"synchrony/generators/blocks"
	"synchrony/generators/choice"
	"synchrony/generators/histories"
	"synchrony/models/block"
	"synchrony/models/history"
	"synchrony/properties"
	"synchrony/properties/catalogue/internal/record"
)

//go:embed verdicts/histories.txt
var historyVerdicts string

// recordedHistories is X12. What a checker shows for its verdict, for which there is no definition, is on record.
func recordedHistories() properties.Testable {
	return record.Property(record.Of{
		ID: "X12", Statement: "each checker of what clients recorded says of drawn histories, small ones and large ones, what is on record, with the evidence that is", Source: properties.Here(0),
		Checkers: "checkers of drawn histories", Record: historyVerdicts, Part: partOf, Ask: askPart,
	})
}

// class is a class of questions: history number n of so many, and what a checker says of it.
type class struct {
	name string // the part that it belongs to, and what is special about it
	n    int
	ask  func(s choice.Source) (checker string, v checkers.Verdict)
}

// partOf is the part that a class belongs to: its name up to a colon.
func partOf(class string) string {
	part, _, _ := strings.Cut(class, ":")
	return part
}

func askPart(part string) (record.Table, error) {
	t := record.Table{}
	for _, c := range classes() {
		if partOf(c.name) != part {
			continue
		}
		r, seed := t.Row(c.name), fnv.New64a() // so that what is drawn of one class does not depend on the others
		seed.Write([]byte(c.name))
		for i := range c.n {
			checker, v := c.ask(choice.Seeded(seed.Sum64() + uint64(i)))
			r.Questions++
			r.Add(checker, v)
		}
	}
	return t, nil
}

// parts are all parts, each once.
func parts() (all []string) {
	for _, c := range classes() {
		if p := partOf(c.name); len(all) == 0 || all[len(all)-1] != p {
			all = append(all, p)
		}
	}
	return all
}

func classes() []class {
	var all []class
	for _, name := range judgedModels() {
		all = append(all, classesOfCalls(name)...)
	}
	all = append(all, classesOfTransactions()...)
	for _, name := range append(histories.Workloads(), kafka) {
		all = append(all, classesOfOperations(name)...)
	}
	return append(append(all, classesOfVersions()...), classesOfBlocks()...)
}

// spoil makes one thing of what somebody recorded wrong.
func spoil[O any](s choice.Source, o O) O {
	if c, some := spoiled.Draw(rand.New(rand.NewPCG(s.Bits(64), 0x5902)), &o, nil); some {
		return spoiled.Apply(c, o)
	}
	return o
}

// answer adds to the evidence of a verdict what else was found out.
func answer(v checkers.Verdict, found ...any) checkers.Verdict {
	for _, x := range found {
		v.Evidence = append(v.Evidence[:len(v.Evidence):len(v.Evidence)], fmt.Sprint(x))
	}
	return v
}

func classesOfCalls(name string) []class {
	ask := func(draw func(choice.Source) called, o linearizability.Options) func(choice.Source) (string, checkers.Verdict) {
		return func(s choice.Source) (string, checkers.Verdict) {
			o.Timeout = -1
			c := draw(s)
			r, err := theOrdering.ask(c, o)
			if err != nil {
				return "linearizability", checkers.Undecided("%v", err)
			}
			return "linearizability", answer(r.Verdict, r.Searched, r.Prefix, r.Longest, r.Core, r.Minimal)
		}
	}
	short := func(s choice.Source) called { return drawCalls(s, name) }
	untimed := func(s choice.Source) called {
		c := short(s)
		own := *c.Calls
		own.Untimed = true
		c.Calls = &own
		return c
	}
	stranger := func(s choice.Source) called { // which is mostly malformed
		c := drawCalls(s, builtInModels()...)
		c.Model = name
		return c
	}
	unfit := func(s choice.Source) called { // one action has a value of another kind
		c := short(s)
		if n := len(c.Calls.Calls); n > 0 {
			values := []history.Value{{}, history.NumberOf(3), history.TextOf("3"), history.ListOf(nil), history.ListOf([]string{"1", "2"})}
			a := &c.Calls.Calls[choice.Below(s, n)].Actions[0]
			a.Value = values[choice.Below(s, len(values))]
		}
		return c
	}
	all := []class{
		{name + ": with a value of another kind", 20, ask(unfit, linearizability.Options{})},
		{name + ": calls of any model", 20, ask(stranger, linearizability.Options{})},
		{name + ": short", 120, ask(short, linearizability.Options{})},
		{name + ": without times", 10, ask(untimed, linearizability.Options{})},
		{name + ": of 3 calls at most", 10, ask(short, linearizability.Options{MaxCalls: 3})},
		{name + ": the second half", 10, ask(short, linearizability.Options{Part: 1, Parts: 2})},
	}
	if m, err := linearizability.Lookup(name); err == nil && name != "barrier" {
		long := func(s choice.Source) called {
			c := called{Model: name}
			c.long(clientsOf(m).Long(s, 20+choice.Below(s, 120)))
			return c
		}
		all = append(all, class{name + ": long", 12, ask(long, linearizability.Options{})}, class{name + ": long, the first half", 4, ask(long, linearizability.Options{Part: 0, Parts: 2})})
	}
	if m, err := linearizability.Lookup(name); err == nil && m.Streams() {
		n := 20
		if name == "counter" { // of which few have additions of unknown outcome before a cut
			n = 80
		}
		all = append(all, class{name + ": while it is read", n, func(s choice.Source) (string, checkers.Verdict) {
			c := short(s)
			if !streams(c) || c.Model != name {
				return "linearizability", checkers.Undecided("it is not judged while it is read")
			}
			stream, err := streamOf(m, c.Calls)
			if err != nil {
				return "linearizability", checkers.Undecided("%v", err)
			}
			v, searched, err := stream.Check(linearizability.Options{Timeout: -1})
			if err != nil {
				return "linearizability", checkers.Undecided("%v", err)
			}
			v = answer(v, searched, stream.Kept())
			for _, f := range stream.Failures() {
				v = answer(v, f.Key, f.Begins, f.Lines)
			}
			return "linearizability", v
		}})
	}
	if name == "register" {
		replacing := func(s choice.Source) called { return called{Model: name, Calls: histories.Replacing(s, 40)} }
		all = append(all, class{name + ": long, read and written", 40, ask(readAndWritten, linearizability.Options{})}, class{name + ": replaced", 300, ask(replacing, linearizability.Options{})})
	}
	if m, err := linearizability.Lookup(name); err == nil && slices.Contains([]string{"register", "counter", "fifo-queue", "stack", "priority-queue", "unordered-queue", "linear-set"}, name) {
		longer := func(s choice.Source) called { // than what is searched without a monitor
			c := called{Model: name}
			c.long(clientsOf(m).Long(s, 600+choice.Below(s, 300)))
			return c
		}
		all = append(all, class{name + ": very long", 12, ask(longer, linearizability.Options{})})
		if start, ok := map[string]history.Value{"counter": history.NumberOf(5), "linear-set": history.ListOf([]string{"a", "b"})}[name]; ok {
			begun := func(s choice.Source) called {
				c := longer(s)
				begin(c.Calls, history.Entry{Key: "x", Value: start})
				return c
			}
			all = append(all, class{name + ": very long, with something there", 12, ask(begun, linearizability.Options{})})
		}
	}
	return all
}

// begin lets a counter or a set begin with something, which all see who look, but for one.
func begin(h *history.Calls, e history.Entry) {
	h.Initial = []history.Entry{e}
	for i := range h.Calls {
		a := &h.Calls[i].Actions[0]
		switch {
		case a.Key != e.Key || i == 700:
		case a.Value.Kind == history.Number:
			a.Value.Number += e.Value.Number
		case a.Value.Kind == history.List && a.Kind == history.ReadKey:
			members := slices.Concat(a.Value.Elements(), e.Value.Elements())
			slices.Sort(members)
			a.Value = history.ListOf(members)
		}
	}
}

// readAndWritten draws long histories of registers that nobody does anything else with.
func readAndWritten(s choice.Source) called {
	c, clients := called{Model: "register"}, clientsOf(linearizability.Register())
	clients.Kinds = []history.ActionKind{history.ReadKey, history.WriteKey}
	c.long(clients.Long(s, 40+choice.Below(s, 200)))
	return c
}

func classesOfTransactions() []class {
	ask := func(draw func(choice.Source) *history.Transactions) func(choice.Source) (string, checkers.Verdict) {
		return func(s choice.Source) (string, checkers.Verdict) {
			levels := isolation.Levels()
			r, err := isolation.Judge(draw(s), levels[choice.Below(s, len(levels))])
			if err != nil {
				return "isolation", checkers.Undecided("%v", err)
			}
			v := answer(r.Verdict, r.Standings, r.Strongest(), r.Weakest(), r.Cycle, r.Blamed)
			for _, a := range r.Anomalies {
				v = answer(v, a)
			}
			for _, e := range r.Cycle {
				v = answer(v, r.Why(e))
			}
			return "isolation", v
		}
	}
	few := func(n choice.Length) func(choice.Source) *history.Transactions {
		return func(s choice.Source) *history.Transactions { return histories.TransactionsOf(s, n) }
	}
	serial := func(lists bool, n int) func(choice.Source) *history.Transactions {
		return func(s choice.Source) *history.Transactions { return histories.Serial(s, lists, n) }
	}
	nearly := func(n int) func(choice.Source) *history.Transactions {
		return func(s choice.Source) *history.Transactions {
			return histories.Nearly(s, choice.Chance(s, 50), n/4+choice.Below(s, n))
		}
	}
	concurrent := func(lists bool) func(choice.Source) *history.Transactions {
		return func(s choice.Source) *history.Transactions {
			return histories.Concurrent(s, lists, 10+choice.Below(s, 50))
		}
	}
	after := func(s choice.Source) *history.Transactions {
		f := histories.Transactions(s)
		return histories.Then(histories.Serial(s, f.Lists, 30), f)
	}
	knotted := func(n int) func(choice.Source) *history.Transactions {
		return func(s choice.Source) *history.Transactions {
			h := histories.Knotted(s)
			for range n - 1 {
				h = histories.Then(h, histories.Knotted(s))
			}
			return h
		}
	}
	return []class{
		{"transactions: few", 300, ask(few(choice.Length{Min: 2, Max: 4}))},
		{"transactions: some", 120, ask(few(choice.Length{Min: 4, Max: 9}))},
		{"transactions: more", 40, ask(few(choice.Length{Min: 8, Max: 40}))},
		{"serial transactions: of lists", 8, ask(serial(true, 200))},
		{"serial transactions: of registers", 8, ask(serial(false, 100))},
		{"serial transactions: many, of registers", 1, ask(serial(false, 1500))},
		{"serial transactions: and a few", 20, ask(after)},
		{"concurrent transactions: of registers", 40, ask(concurrent(false))},
		{"concurrent transactions: of lists", 20, ask(concurrent(true))},
		{"nearly serial transactions: some", 200, ask(nearly(16))},
		{"nearly serial transactions: more", 40, ask(nearly(60))},
		{"knotted transactions: one", 120, ask(knotted(1))},
		{"knotted transactions: four", 12, ask(knotted(4))},
	}
}

func classesOfOperations(name string) []class {
	draw := func(s choice.Source) performed { return drawPerformed(s, name) }
	wrong := func(s choice.Source) performed {
		p := draw(s)
		for range 1 + choice.Below(s, 3) {
			p.Operations = spoil(s, p.Operations)
		}
		return p
	}
	ask := func(draw func(choice.Source) performed, o workload.Options) func(choice.Source) (string, checkers.Verdict) {
		return func(s choice.Source) (string, checkers.Verdict) {
			p := draw(s)
			m, _ := workload.Lookup(name)
			r, err := m.Check(p.Operations, o)
			if err != nil {
				return "workload", checkers.Undecided("%v", err)
			}
			return "workload", answer(r.Verdict, r.Blamed)
		}
	}
	all := []class{{name + ": drawn", 120, ask(draw, workload.Options{})}, {name + ": spoiled", 300, ask(wrong, workload.Options{})}}
	if name == "bank-total" {
		all = append(all, class{name + ": with a total", 60, ask(draw, workload.Options{Total: 10, Given: true})}, class{name + ": with debts", 60, ask(draw, workload.Options{Negative: true})})
	}
	return all
}

func classesOfVersions() []class {
	unhurried := linearizability.Options{Timeout: -1}
	graph := func(draw func(choice.Source) histories.History) func(choice.Source) (string, checkers.Verdict) {
		return func(s choice.Source) (string, checkers.Verdict) {
			h := draw(s).History
			r := serializability.Judge(h)
			v := answer(r.Verdict, r.Order, r.Cycle)
			for _, e := range r.Cycle {
				v = answer(v, serializability.Why(h, e))
			}
			return "serializability", v
		}
	}
	search := func(draw func(choice.Source) histories.History) func(choice.Source) (string, checkers.Verdict) {
		return func(s choice.Source) (string, checkers.Verdict) {
			r := linearizability.Transactions(draw(s).History, unhurried)
			return "linearizability", answer(r.Verdict, r.Prefix, r.Longest, r.Core, r.Minimal)
		}
	}
	return []class{
		{"versions: by the graph", 400, graph(histories.Any)}, {"versions: by a search", 300, search(histories.Any)},
		{"versions of long transactions: by the graph", 30, graph(histories.Lasting)}, {"versions of long transactions: by a search", 5, search(histories.Lasting)},
		{"versions of more keys: by the graph", 300, graph(histories.Stale)}, {"versions of more keys: by a search", 600, search(histories.Stale)},
	}
}

func classesOfBlocks() []class {
	judge := func(r *block.Record) (string, checkers.Verdict) {
		b := serializability.JudgeBlock(r)
		return "serializability", answer(b.Verdict, b.Order, b.Cycle)
	}
	drawn := func(s choice.Source) (string, checkers.Verdict) { return judge(recordOf(s)) }
	wrong := func(s choice.Source) (string, checkers.Verdict) {
		r := spoil(s, *recordOf(s))
		return judge(&r)
	}
	return []class{{"blocks: drawn", 300, drawn}, {"blocks: spoiled", 300, wrong}}
}

// recordOf draws a block that was executed in some order, as somebody would have recorded it, of which something may be wrong.
func recordOf(s choice.Source) *block.Record {
	b := blocks.Draw(s, &blocks.Profile{MaxTransactions: 6, Workers: choice.Length{Min: 1, Max: 1}, Stores: 1, Failures: true})
	order := make([]int, b.Len())
	for i := range order {
		order[i] = i
	}
	for i := len(order) - 1; i > 0; i-- {
		k := choice.Below(s, i+1)
		order[i], order[k] = order[k], order[i]
	}
	departure := block.Departure{Order: order}
	if choice.Chance(s, 50) {
		departure.Hidden = func(int, int, block.Key) bool { return choice.Chance(s, 15) }
	}
	run := block.Execute(&b, block.Isolate, departure)
	r := &block.Record{Initial: b.Initial, Final: run.State, Free: choice.Chance(s, 30)}
	told := choice.Chance(s, 50) // who wrote what was read
	for _, tx := range run.Ran {
		e := block.Effect{Name: b.Name(tx), Aborted: run.Errors[tx] != nil}
		for _, a := range run.Read[tx] {
			seen := block.Seen{Key: a.Key, Value: a.Value}
			if name := ""; told {
				if a.Writer >= 0 {
					name = b.Name(a.Writer)
				}
				seen.From = &name
			}
			e.Reads = append(e.Reads, seen)
		}
		for _, k := range run.Wrote[tx] {
			for _, v := range run.Versions[k] {
				if v.Writer == tx {
					e.Writes = append(e.Writes, block.Change{Key: k, Value: v.Value})
				}
			}
		}
		if r.Transactions = append(r.Transactions, e); !e.Aborted {
			r.Order = append(r.Order, e.Name)
		}
	}
	spoilRecord(s, r)
	return r
}

// spoilRecord makes something of a record wrong, in two thirds of them.
func spoilRecord(s choice.Source, r *block.Record) {
	n := len(r.Order)
	t := &block.Effect{}
	if len(r.Transactions) > 0 {
		t = &r.Transactions[choice.Below(s, len(r.Transactions))]
	}
	switch way := choice.Below(s, 9); {
	case way == 0 && n > 1:
		i := choice.Below(s, n-1)
		r.Order[i], r.Order[i+1] = r.Order[i+1], r.Order[i]
	case way == 1 && n > 0:
		r.Order = r.Order[:n-1]
	case way == 2 && len(t.Reads) > 0:
		t.Reads[choice.Below(s, len(t.Reads))].Value++
	case way == 3 && len(t.Writes) > 0:
		t.Writes[choice.Below(s, len(t.Writes))].Value++
	case way == 4 && len(t.Writes) > 0:
		t.Writes = t.Writes[1:]
	case way == 5:
		for k := range r.Final.Sorted() {
			r.Final = r.Final.Clone()
			r.Final[k]++
			break
		}
	}
}
