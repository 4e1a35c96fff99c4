package command

import (
	"bytes"
	"cmp"
	"encoding/json"
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
		event := func(at time.Duration, kind string, value *history.Tree) {
			events = append(events, event{at, fmt.Sprintf("{:process %d, :type :%s, :f :%s, :value %s}\n", x.Process, kind, x.Name, value.Text())})
		}
		event(2*x.Invoked+1, "invoke", &x.Argument)
		switch x.Outcome {
		case history.Committed:
			result := &x.Result
			if result.IsNil() {
				result = &x.Argument
			}
			event(2*x.Returned, "ok", result)
		case history.Aborted:
			event(2*x.Returned, "fail", &x.Argument)
		default:
			if x.Line%2 == 0 { // of the others nothing more is heard
				event(2*x.Invoked+1, "info", &x.Argument)
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
			if name == "bank-total" {
				o.initial = []string{"total=4"} // else the total is that of the first read to begin, or to end
			}
			a := &app{stdin: strings.NewReader(text)}
			m, _ := workload.Lookup(name)
			want, err := a.judgeWorkload(o, "history", m)
			if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, text)
			}
			got, err := a.streamWorkload(o, "history", m.Stream(workload.Options{Total: 4, Given: true}), strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if want.Verdict == "fail" {
				fails++
			}
			x, _ := json.Marshal(want) // both are plain data
			y, _ := json.Marshal(got)
			if !bytes.Equal(x, y) {
				t.Fatalf("%s, seed %d:\n%s\nas a whole:\n%s\n%s", name, seed, y, x, text)
			}
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
