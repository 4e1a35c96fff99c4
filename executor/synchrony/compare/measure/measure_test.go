package measure

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSections: all that runs in this process gives a table and its curves, at a small size and beside a peer that is the serial loop.
func TestSections(t *testing.T) {
	images := t.TempDir()
	peer := Peer{"a peer", func(w *Workload, _ int) Engine { return newLoop(w) }}
	var out bytes.Buffer
	if err := measureAll([]string{"-quick", "-rounds", "1", "-images", images, "-only", "peers,proof,share,latency,one,sizes,workers"}, &out, []Peer{peer}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"peers: a peer", "## Beside other executors", "| empty | high | a peer | ", "| empty | zero | ours, text | ", "## The proof", "| 10 µs | low | Go | ",
		"## Speedup, as a share of the ceiling", "## Transactions that wait", "| ours, blocking mode | ", "| ours, in Prepare | ", "## One transaction", "## By the size", "| 1,000 | a peer | ",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in the tables", want)
		}
	}
	files, err := filepath.Glob(filepath.Join(images, "*.svg"))
	if err != nil || len(files) != 3 {
		t.Error(files, err)
	}
	for _, file := range files {
		wellFormed(t, file)
	}
}

func wellFormed(t *testing.T, file string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := 0
	for d := xml.NewDecoder(f); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "polyline" {
			lines++
		}
	}
	if lines < 3 {
		t.Errorf("%s has %d curves", file, lines)
	}
}

// TestWrongPeer: a peer that loses a write is refused, and nothing is said of its speed.
func TestWrongPeer(t *testing.T) {
	w := NewWorkload(50, contentions[2], 0, Nothing)
	_, err := race(w, 1, []*contender{{name: "lossy", engine: &lossy{newLoop(w)}}})
	if err == nil || !strings.HasPrefix(err.Error(), "lossy: account ") {
		t.Error(err)
	}
}

type lossy struct{ *loop }

func (l *lossy) Run() error {
	err := l.loop.Run()
	l.balances[l.w.Transfers[0].To]--
	return err
}

func TestCeiling(t *testing.T) {
	block := func(accounts int, transfers ...Transfer) *Workload {
		return &Workload{Initial: make([]int64, accounts), Transfers: transfers}
	}
	for name, test := range map[string]struct {
		w       *Workload
		workers int
		want    float64
	}{
		"independent":              {block(8, Transfer{0, 1}, Transfer{2, 3}, Transfer{4, 5}, Transfer{6, 7}), 2, 2},
		"more workers than there":  {block(4, Transfer{0, 1}, Transfer{2, 3}), 8, 2},
		"a chain":                  {block(4, Transfer{0, 1}, Transfer{1, 2}, Transfer{2, 3}), 2, 1},
		"the same accounts":        {block(2, Transfer{0, 1}, Transfer{1, 0}), 2, 1},
		"a chain last in the list": {block(7, Transfer{0, 1}, Transfer{2, 3}, Transfer{4, 5}, Transfer{5, 6}), 2, 2},
		"a chain beside one":       {block(6, Transfer{0, 1}, Transfer{1, 2}, Transfer{2, 3}, Transfer{4, 5}), 2, 4.0 / 3},
	} {
		if got := ceiling(test.w, test.workers); math.Abs(got-test.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestRatio(t *testing.T) {
	r := results{"a": {{wall: 10}, {wall: 30}, {wall: 20}}, "b": {{wall: 10}, {wall: 10}, {wall: 10}}}
	if got := r.ratio("a", "b", wall); got != (spread{1, 2, 3}) || got.String() != "2.00 (1.00–3.00)" {
		t.Error(got)
	}
}

func TestFigures(t *testing.T) {
	for x, want := range map[float64]string{0: "0.00", 0.0042: "0.0042", 0.5: "0.50", 12.34: "12.3", 99.96: "100.0", 123.4: "123", 1234567: "1,234,567"} {
		if got := figure(x); got != want {
			t.Errorf("%v is %s, want %s", x, got, want)
		}
	}
}

func TestParseBenchmarks(t *testing.T) {
	got := parseBenchmarks([]byte("goos: linux\nBenchmarkJudge/order/n=10-2 \t 3\t 25 ns/op\t 7 B/op\t 1.5 tx/s\nBenchmarkPage/failures=1 \t 1\t 8 ns/op\nPASS\n"))
	if len(got) != 2 || got[0].name != "Judge/order/n=10" || got[0].values["tx/s"] != 1.5 || got[0].values["B/op"] != 7 || got[1].name != "Page/failures=1" {
		t.Error(got)
	}
}

// TestWatch: what a process took is said whatever its verdict, but for one that could not do its work.
func TestWatch(t *testing.T) {
	for script, exit := range map[string]int{"exit 0": 0, "exit 1": 1, "exit 3": 3} {
		var out bytes.Buffer
		var p process
		if err := watch(&out, []string{"sh", "-c", script}); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out.Bytes(), &p); err != nil || p.Exit != exit || p.Wall <= 0 || p.Memory <= 0 {
			t.Errorf("%s: %+v, %v", script, p, err)
		}
	}
	for _, command := range [][]string{{"sh", "-c", "echo no such flag >&2; exit 2"}, {"/nonexistent"}} {
		if err := watch(io.Discard, command); err == nil {
			t.Errorf("%v: no error", command)
		}
	}
}

// TestChoose: sections are known by name.
func TestChoose(t *testing.T) {
	if list, err := choose("one,run"); err != nil || len(list) != 2 || list[1].name != "run" {
		t.Error(list, err)
	}
	if _, err := choose("speed"); err == nil || !strings.Contains(err.Error(), `no section "speed"`) {
		t.Error(err)
	}
}
