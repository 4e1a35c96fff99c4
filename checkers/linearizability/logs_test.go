package linearizability

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/recording"
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

// judge reads a recorded history and judges it.
func judge(t *testing.T, m Model, file string, format recording.HistoryFormat) Result {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h, err := recording.ReadRecording(filepath.Base(file), f, recording.Options{Format: format})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	r := Check(m, &h.Calls, Options{Timeout: time.Hour}) // not unlimited: one key may be at fault at once, and another take for ever
	t.Logf("%s: %d operations, %v in %v", filepath.Base(file), len(h.Lines), r.Status, time.Since(began).Round(time.Microsecond))
	return r
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
		if r := judge(t, Register(), file, recording.AutoFormat); r.Status != want {
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
			if r := judge(t, KV(), file, recording.KVFormat); r.Status != want {
				t.Errorf("%s: %v, want %v: %s", filepath.Base(file), r.Status, want, r.Reason)
			}
		}
	}
}
