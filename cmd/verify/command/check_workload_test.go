package command

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"synchrony/checkers/workload"
	"synchrony/generators/choice"
	"synchrony/generators/histories"
	"synchrony/models/history"
)

// recordedOperations is operations as Jepsen records them.
func recordedOperations(list []history.Operation) string {
	type event struct {
		at   time.Duration
		line string
	}
	var events []event
	for i := range list {
		x := &list[i]
		record := func(at time.Duration, kind string, value *history.Tree) {
			events = append(events, event{at, fmt.Sprintf("{:process %d, :type :%s, :f :%s, :value %s}\n", x.Process, kind, x.Name, value.Text())})
		}
		record(2*x.Invoked+1, "invoke", &x.Argument)
		switch x.Outcome {
		case history.Committed:
			result := &x.Result
			if result.IsNil() {
				result = &x.Argument
			}
			record(2*x.Returned, "ok", result)
		case history.Aborted:
			record(2*x.Returned, "fail", &x.Argument)
		default:
			if x.Line%2 == 0 { // of the others nothing more is heard
				record(2*x.Invoked+1, "info", &x.Argument)
			}
		}
	}
	slices.SortStableFunc(events, func(x, y event) int { return cmp.Compare(x.at, y.at) })
	text := ""
	for _, e := range events {
		text += e.line
	}
	return text
}

// TestStreamedWorkloadsTellTheSame compares what is said of a history that is judged while it is read with what is said of the whole.
func TestStreamedWorkloadsTellTheSame(t *testing.T) {
	for _, name := range append(histories.Workloads(), "kafka") {
		fails := 0
		for seed := range uint64(100) {
			s := choice.Seeded(seed)
			list := histories.Operations
			if name == "kafka" {
				list = func(s choice.Source, _ string, _ choice.Length) []history.Operation {
					return histories.Logs(s, histories.LogFaults()[seed%9])
				}
			}
			text := recordedOperations(list(s, name, choice.Length{Min: 3, Max: 60}))
			o := &checkOptions{model: name, format: "auto", pairs: "key", time: time.Minute}
			a := &app{stdin: strings.NewReader(text)}
			m, _ := workload.Lookup(name)
			want, err := a.judgeWorkload(o, "history", m)
			if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, text)
			}
			got, err := a.streamWorkload(o, "history", m.Stream(workload.Options{}), strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if want.Verdict == "fail" {
				fails++
			}
			tellTheSame(t, got, want, fmt.Sprintf("%s, seed %d", name, seed), text)
		}
		if fails < 5 || fails > 98 {
			t.Errorf("%s: %d of 100 fail", name, fails)
		}
	}
}

// TestPageOfStreamedWorkload: the page of a long history has the operations to blame, and those that are near them.
func TestPageOfStreamedWorkload(t *testing.T) {
	var text strings.Builder
	for i := range 2000 {
		n := i
		if i == 1500 {
			n = 700
		}
		fmt.Fprintf(&text, "{:process %d, :type :invoke, :f :generate, :value nil}\n{:process %[1]d, :type :ok, :f :generate, :value %d}\n", i%5, n)
	}
	o := &checkOptions{model: "unique-ids", format: "auto", pairs: "key", time: time.Minute, html: filepath.Join(t.TempDir(), "page.html")}
	o.again = func() (io.Reader, error) { return strings.NewReader(text.String()), nil }
	a := &app{}
	m, _ := workload.Lookup("unique-ids")
	r, err := a.streamWorkload(o, "history", m.Stream(workload.Options{}), strings.NewReader(text.String()))
	if err != nil || r.Rule != "duplicate identifier" {
		t.Fatalf("%v: %v", r, err)
	}
	page, err := os.ReadFile(o.html)
	if err != nil {
		t.Fatal(err)
	}
	for what, has := range map[string]bool{"generate -&gt; 700": true, "generate -&gt; 701": true, "generate -&gt; 1501": true, "generate -&gt; 5<": false, "generate -&gt; 1100": false} {
		if bytes.Contains(page, []byte(what)) != has {
			t.Errorf("the page has %q: %v", what, !has)
		}
	}
}

// TestLargeWorkloads: a history of more than 16 MB is judged while it is read, unless it has whole calls; an operation that the model does not have is
// refused in both ways.
func TestLargeWorkloads(t *testing.T) {
	m, _ := workload.Lookup("set")
	judge := func(text string) (*checkReport, error) {
		o := &checkOptions{model: "set", format: "auto", pairs: "key", time: time.Minute, html: filepath.Join(t.TempDir(), "page.html")}
		o.again = func() (io.Reader, error) { return strings.NewReader(text), nil }
		a := &app{stdin: strings.NewReader(text)}
		return a.judgeWorkload(o, "history", m)
	}
	spaces := strings.Repeat(" ", wholeBytes)
	events := "{:process 0, :type :invoke, :f :add, :value 1}\n{:process 0, :type :ok, :f :add, :value 1}\n{:process 1, :type :invoke, :f :read}\n{:process 1, :type :ok, :f :read, :value [1]}\n"
	for _, c := range []struct {
		text   string
		noted  bool
		strays bool
	}{
		{text: events}, {text: events + spaces, noted: true},
		{text: `{"process": 0, "call": 3, "return": 4, "f": "read", "value": [1]}` + "\n" + `{"process": 0, "call": 1, "return": 2, "f": "add", "value": 1}` + "\n" + spaces},
		{text: strings.ReplaceAll(events, ":add", ":stand"), strays: true}, {text: strings.ReplaceAll(events, ":add", ":stand") + spaces, strays: true},
		{text: "{:process 0, :type :invoke, :f :stand, :value 1}", strays: true},
	} {
		r, err := judge(c.text)
		switch {
		case c.strays:
			if err == nil || !strings.Contains(err.Error(), "history:1: the model set has no stand") {
				t.Errorf("%.60q…: %v, %v", c.text, r, err)
			}
		case err != nil || r.Verdict != "pass" || r.Operations != 2 || slices.Contains(r.Notes, unshown) != c.noted:
			t.Errorf("%.60q…: %+v, %v", c.text, r, err)
		}
	}
}
