package linearizability

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/trace"
)

// porcupineLogs is the folder of the recorded histories that porcupine's module
// comes with, in the module cache.
func porcupineLogs(t *testing.T) string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/anishathalye/porcupine").Output()
	if err != nil {
		t.Fatalf("the histories are in porcupine's module: %v", err)
	}
	return filepath.Join(strings.TrimSpace(string(dir)), "test_data")
}

// recorder pairs invocations with returns; a line is an instant.
type recorder struct {
	h    trace.Calls
	open map[string]int // by process: its call
}

func (r *recorder) invoke(line int, process string, a trace.Action) {
	var p int32
	fmt.Sscan(process, &p)
	r.open[process] = len(r.h.Calls)
	r.h.Calls = append(r.h.Calls, trace.Call{Process: p, Invoked: time.Duration(line), Returned: trace.Forever, Actions: []trace.Action{a}})
}

func (r *recorder) done(line int, process string) *trace.Action {
	c := &r.h.Calls[r.open[process]]
	c.Returned = time.Duration(line)
	return &c.Actions[0]
}

var jepsenLine = regexp.MustCompile(`^INFO\s+jepsen\.util\s+-\s+(\d+)\s+:(\w+)\s+:(\w+)\s+(.*)$`)

// readJepsen reads a log of a register in etcd. A read that failed says nothing.
func readJepsen(t *testing.T, file string) *trace.Calls {
	r := recorder{open: map[string]int{}}
	failed := map[int]bool{}
	for i, line := range readLines(t, file) {
		m := jepsenLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		process, kind, f, value := m[1], m[2], m[3], m[4]
		switch kind {
		case "invoke":
			a := trace.Action{Key: "r"}
			var x, y int64
			switch f {
			case "write":
				fmt.Sscan(value, &x)
				a.Kind, a.Value = trace.WriteKey, trace.NumberOf(x)
			case "cas":
				fmt.Sscanf(value, "[%d %d]", &x, &y)
				a.Kind, a.Old, a.Value = trace.CompareSet, trace.NumberOf(x), trace.NumberOf(y)
			}
			r.invoke(i, process, a)
		case "ok", "fail":
			a := r.done(i, process)
			a.OK = kind == "ok"
			switch {
			case f == "read" && kind == "fail":
				failed[r.open[process]] = true
			case f == "read" && value != "nil":
				var x int64
				fmt.Sscan(value, &x)
				a.Value = trace.NumberOf(x)
			}
		}
	}
	h := &trace.Calls{}
	for i, c := range r.h.Calls {
		if !failed[i] {
			h.Calls = append(h.Calls, c)
		}
	}
	return h
}

var kvLine = regexp.MustCompile(`^{:process (\d+), :type :(\w+), :f :(\w+), :key "(.*)", :value (.*)}$`)

// readKV reads a log of a key-value store, where a key that is not there reads as "".
func readKV(t *testing.T, file string) *trace.Calls {
	r := recorder{open: map[string]int{}}
	for i, line := range readLines(t, file) {
		m := kvLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		value := trace.Value{}
		if text := strings.Trim(m[5], `"`); m[5] != "nil" && text != "" {
			value = trace.TextOf(text)
		}
		kinds := map[string]trace.ActionKind{"get": trace.ReadKey, "put": trace.WriteKey, "append": trace.AppendTo}
		switch m[2] {
		case "invoke":
			r.invoke(i, m[1], trace.Action{Kind: kinds[m[3]], Key: m[4], Value: value})
		case "ok":
			if a := r.done(i, m[1]); a.Kind == trace.ReadKey {
				a.Value = value
			}
		}
	}
	return &r.h
}

func readLines(t *testing.T, file string) []string {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(src)), "\n")
}

// TestEtcdLogs judges the histories of etcd that Jepsen recorded; those that are
// linearizable are known. In number 95 the cluster did not start.
func TestEtcdLogs(t *testing.T) {
	good := []int{
		2, 5, 7, 18, 25, 31, 38, 45, 48, 49, 51, 53, 56, 67, 75, 76, 80, 87, 92, 98, 100, 101, 102,
	}
	dir := porcupineLogs(t)
	count := 0
	for n := range 103 {
		file := filepath.Join(dir, "jepsen", fmt.Sprintf("etcd_%03d.log", n))
		if _, err := os.Stat(file); err != nil || n == 95 {
			continue
		}
		count++
		want := checkers.Fail
		if slices.Contains(good, n) {
			want = checkers.Pass
		}
		if r := Check(Register(), readJepsen(t, file), Options{}); r.Status != want {
			t.Errorf("%s: %v, want %v: %s", filepath.Base(file), r.Status, want, r.Reason)
		}
	}
	if count != 102 {
		t.Errorf("judged %d logs, want 102", count)
	}
}

func TestKVLogs(t *testing.T) {
	dir := porcupineLogs(t)
	for _, clients := range []string{"c01", "c10", "c50"} {
		for name, want := range map[string]checkers.Status{"ok": checkers.Pass, "bad": checkers.Fail} {
			file := filepath.Join(dir, "kv", clients+"-"+name+".txt")
			if r := Check(KV(), readKV(t, file), Options{}); r.Status != want {
				t.Errorf("%s: %v, want %v: %s", filepath.Base(file), r.Status, want, r.Reason)
			}
		}
	}
}
