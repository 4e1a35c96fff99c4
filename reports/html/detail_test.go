package html

import (
	"slices"
	"strings"
	"testing"

	"synchrony/executor/vm"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
	batchprops "synchrony/properties/catalogue/batch"
)

// unpacked is a failure's data as the page has it.
func unpacked(t *testing.T, f Failure) *detail {
	t.Helper()
	d := toDetail(&f)
	if _, err := pack(d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestBatchDetail(t *testing.T) {
	f := lostUpdate("alice", "withdraw1", "withdraw2")
	d := unpacked(t, f)
	if got := putTogether(d.File); got != f.Text {
		t.Errorf("the file is\n%s\nwant\n%s", got, f.Text)
	}
	if !slices.Equal(d.Workload, []string{batch.BatchFile}) || d.Name != "S10-withdraw1.txtar" {
		t.Errorf("workload %q of %q", d.Workload, d.Name)
	}
	r := d.Batches[0]
	if !r.Serial.Differs || r.Serial.Outcome != "committed" || r.Serial.Balances[0] != 70 {
		t.Errorf("serially: %+v", r.Serial)
	}
	if len(r.Cycle) != 2 || r.Cycle[0].Why == "" || len(r.CycleGraph.Nodes) != 2 {
		t.Errorf("the cycle is %+v", r.Cycle)
	}
	if len(r.Graph.Edges) != 1 || r.Graph.Edges[0].Sort != missing || r.Graph.Edges[0].Label != "RAW WAR WAW · alice bob" {
		t.Errorf("the graph has %+v", r.Graph.Edges)
	}
	if s := d.Schedule; s.Total != 9 || !slices.Equal(s.Deviations, []int{2}) || !slices.Equal(s.Evidence, []int{3, 99}) {
		t.Errorf("the schedule is %+v", d.Schedule)
	}
}

// TestPlanIsNotMissing: what the plan orders, directly or not, is not missing; and of a refused batch nothing is.
func TestPlanIsNotMissing(t *testing.T) {
	sorts := func(o trace.Observation) (list []string) {
		set := []batch.AccountID{0}
		b := &batch.Batch{Accounts: []batch.Account{{Name: "a"}}}
		for _, id := range []string{"t1", "t2", "t3"} {
			b.Transactions = append(b.Transactions, batch.Transaction{ID: id, Reads: set, Writes: set})
		}
		b.Transactions[0].After = []string{"t3"}
		for _, e := range batchGraph(b, o, nil).Edges {
			list = append(list, e.Sort)
		}
		return list
	}
	edge := func(from, to int32) trace.Dependency {
		return trace.Dependency{From: from, To: to, Kinds: trace.RAW, Accounts: []batch.AccountID{0}}
	}
	for _, c := range []struct {
		name string
		o    trace.Observation
		want []string
	}{
		{"a reduced plan", trace.Observation{Edges: []trace.Dependency{edge(0, 1), edge(1, 2), edge(2, 0)}}, []string{planned, planned, cyclic}},
		{"nothing planned", trace.Observation{}, []string{missing, missing, missing, cyclic}},
		{"refused", trace.Observation{Outcome: history.Refused, Cycle: []string{"t1", "t3"}}, []string{planned, planned, planned, cyclic}},
	} {
		got := sorts(c.o)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestSelectNodes(t *testing.T) {
	var chain []trace.Dependency
	for i := range int32(199) {
		chain = append(chain, trace.Dependency{From: i, To: i + 1})
	}
	if got := selectNodes(5, nil, nil); !slices.Equal(got, []int32{0, 1, 2, 3, 4}) {
		t.Errorf("of few: %v", got)
	}
	got := selectNodes(200, []int32{100}, chain)
	if len(got) != maxNodes || got[0] != 80 || got[maxNodes-1] != 119 {
		t.Errorf("around 100: %v", got)
	}
}

func TestProgramDetail(t *testing.T) {
	w, err := program.ParseWorkload("x.zxasm", []byte(`.set mode parallel
.set workers 2
.set chunk_size 2
.set min_chunk_size 1
	LOAD_CONST 1
	STORE_NAME x
	LOAD_NAME x
	STORE_NAME y
`))
	if err != nil {
		t.Fatal(err)
	}
	o, err := vm.System{}.Run(t.Context(), nil, *w)
	if err != nil {
		t.Fatal(err)
	}
	r := toProgramRun(*w, o)
	if len(r.Chunks) != 2 || len(r.Chunks[1].Needs) != 1 || !strings.Contains(r.Chunks[1].Needs[0], "RAW · x") {
		t.Errorf("the chunks are %+v", r.Chunks)
	}
	if len(r.Graph.Edges) != 1 || len(r.Functions[0].Code) != 4 {
		t.Errorf("edges %v, code %v", r.Graph.Edges, r.Functions)
	}
	if len(r.Events.Time) != len(o.Events) || len(r.Events.Lanes) == 0 {
		t.Errorf("events %+v of %d", r.Events, len(o.Events))
	}
	for _, line := range r.Outcome {
		if line.In != "both" {
			t.Errorf("differs: %+v", line)
		}
	}
	// One that shows something else differs line by line.
	o.Outcome.Variables[0].Value = program.Int(7)
	differing := 0
	for _, line := range compareOutcomes(*w, o) {
		if line.In != "both" {
			differing++
		}
	}
	if differing != 2 {
		t.Errorf("%d lines differ, want 2", differing)
	}
}

// TestVariants: executions of transactions one at a time are put together.
func TestVariants(t *testing.T) {
	f := lostUpdate("alice", "t1", "t2")
	w, o := f.Replay.Workload.(batch.Workload), f.Replay.Observation.(trace.Observation)
	one := trace.Observation{Outcome: history.Committed, Initial: o.Initial, Final: o.Initial, Groups: [][]int32{{0}}, Events: o.Events[:1]}
	runs := toVariants(w, []batchprops.Execution{
		{Name: "as a batch", Observations: []trace.Observation{o}},
		{Name: "one at a time", Observations: []trace.Observation{one, one}},
		{Name: "nothing", Observations: nil},
	}, nil)
	if len(runs) != 2 || len(runs[0].Events.Kind) != 12 || len(runs[1].Events.Kind) != 2 || runs[1].Title != "one at a time" {
		t.Errorf("%+v", runs)
	}
}

// TestLittleIsKnown: a page is made of whatever there is.
func TestLittleIsKnown(t *testing.T) {
	info := properties.Info{ID: "S10"}
	for name, f := range map[string]Failure{
		"nothing":      {Info: info},
		"not a file":   {Info: info, Text: "garbage"},
		"no replay":    {Info: info, Text: lostUpdate("a", "t1", "t2").Text},
		"stuck":        {Info: info, Replay: &properties.Replay{Workload: batch.Workload{Batch: &batch.Batch{}}, Observation: trace.Observation{}}},
		"other system": {Info: info, Replay: &properties.Replay{Workload: 3, Observation: 4}},
	} {
		t.Run(name, func(t *testing.T) {
			parse(t, render(t, &Page{Failures: []Failure{f}}))
		})
	}
}

// TestLongStoryIsLeftOut: the saved file can still be replayed.
func TestLongStoryIsLeftOut(t *testing.T) {
	f := lostUpdate("alice", "t1", "t2")
	c, err := properties.ParseCounterexample("x", []byte(f.Text))
	if err != nil {
		t.Fatal(err)
	}
	c.Story = slices.Repeat([]string{"and then"}, maxStory+1)
	f.Text, f.Replay = string(c.Format()), nil
	d := unpacked(t, f)
	back, err := properties.ParseCounterexample("x", []byte(putTogether(d.File)))
	if err != nil || len(back.Story) != 0 || back.Schedule == nil || !d.Cut {
		t.Errorf("%+v, %v", back, err)
	}
	if len(d.Story.Before) != maxStory {
		t.Errorf("the story has %d lines", len(d.Story.Before))
	}
}
