//go:build go1.26

package testing_test

//lint:file-ignore SA2001 to lock and unlock is what these tests are about

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	stdtesting "testing"

	"synchrony/executor/shim/sync"
	"synchrony/executor/shim/task"
	"synchrony/executor/shim/testing"
)

// TestMain makes this test binary one that serves a parent, when there is one.
func TestMain(m *stdtesting.M) {
	if os.Getenv("VERIFY_TEST_FD") == "" && os.Getenv("VERIFY_TEST_ALONE") == "" {
		os.Exit(m.Run())
	}
	all := testing.Tests{Benchmarks: []string{"BenchmarkNothing"}}
	for _, p := range programs {
		all.Tests = append(all.Tests, testing.InternalTest{Name: p.name, F: p.f})
	}
	all.Tests = append(all.Tests, testing.InternalTest{Name: "racy", F: racy}, testing.InternalTest{Name: "warm", F: warm},
		testing.InternalTest{Name: "drifting", F: drifting}, testing.InternalTest{Name: "reading", F: reading})
	all.Tests = append(all.Tests, orderTests()...)
	all.FuzzTargets = []testing.InternalFuzzTarget{{Name: "FuzzSum", Fn: fuzzSum}}
	testing.Main(all)
}

func racy(t *testing.T) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	locked, n := false, 0
	wg.Go(func() {
		mu.Lock()
		locked = true
		mu.Unlock()
		n++
	})
	mu.Lock()
	seen := locked
	mu.Unlock()
	if !seen {
		n++
	}
	wg.Wait()
}

var set sync.Once

// warm takes fewer steps once it was run.
func warm(t *testing.T) {
	var mu sync.Mutex
	set.Do(func() {
		mu.Lock()
		mu.Unlock()
	})
	mu.Lock()
	task.Go(func() { mu.Lock() })
}

var runs int

// drifting does something else in every run.
func drifting(t *testing.T) {
	var mu sync.Mutex
	runs++
	for range runs {
		mu.Lock()
		mu.Unlock()
	}
}

// input is taken before the first request.
var input = os.Stdin

// reading takes what may be read of the standard input.
func reading(t *testing.T) {
	for _, f := range []*os.File{input, os.Stdin} {
		if text, err := io.ReadAll(f); len(text) > 0 || err != nil {
			t.Errorf("%q, %v", text, err)
		}
	}
}

func fuzzSum(f *testing.F) {
	f.Add(1, "a")
	f.Add(2, "b")
	f.Fuzz(func(t *testing.T, n int, s string) {
		if s == "b" {
			t.Errorf("%d", n)
		}
	})
}

// ask runs the binary as a parent does, and returns its answers.
func ask(t *stdtesting.T, request string) (answers []testing.Answer) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "race")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "VERIFY_TEST_FD=3",
		"GORACE=exitcode=0 halt_on_error=0 atexit_sleep_ms=0 suppress_equal_stacks=0 suppress_equal_addresses=0 log_path="+log)
	cmd.Stdin = strings.NewReader(request)
	cmd.ExtraFiles = []*os.File{w}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	for lines := bufio.NewScanner(r); lines.Scan(); {
		var a testing.Answer
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Errorf("%v in %s", err, lines.Bytes())
		}
		answers = append(answers, a)
	}
	if err := cmd.Wait(); err != nil {
		t.Log(err)
	}
	return answers
}

// search asks for a search, and returns its findings and its end.
func search(t *stdtesting.T, name string) (findings []*testing.Finding, done *testing.Done) {
	t.Helper()
	for _, a := range ask(t, `{"test":"`+name+`","search":{"schedules":300,"positions":true}}`) {
		if a.Finding != nil {
			findings = append(findings, a.Finding)
		}
		if a.Error != "" {
			t.Fatal(a.Error)
		}
		done = a.Done
	}
	if done == nil {
		t.Fatal("no end")
	}
	return findings, done
}

func TestList(t *stdtesting.T) {
	answers := ask(t, `{"list":true}`)
	if len(answers) != 3 || answers[0].Version != testing.Version || answers[2].Done == nil {
		t.Fatalf("%+v", answers)
	}
	kinds := map[string]int{}
	for _, x := range answers[1].Tests {
		kinds[x.Kind]++
	}
	if kinds["test"] != len(programs)+len(orders)+4 || kinds["fuzz"] != 1 || kinds["benchmark"] != 1 {
		t.Errorf("%v", answers[1].Tests)
	}
}

// TestFoundIsReplayed replays in another process what a search found.
func TestFoundIsReplayed(t *stdtesting.T) {
	for _, p := range programs {
		findings, done := search(t, p.name)
		if p.kind == "" {
			if len(findings) > 0 || done.Schedules < 300 {
				t.Errorf("%s: %+v %+v", p.name, findings, done)
			}
			continue
		}
		if len(findings) != 1 || findings[0].Kind != p.kind || len(findings[0].Steps) == 0 {
			t.Fatalf("%s: %+v", p.name, findings)
		}
		f := findings[0]
		for _, a := range ask(t, `{"test":"`+p.name+`","replay":{"schedule":"`+f.Schedule+`"}}`) {
			switch {
			case a.Finding != nil && (a.Finding.Kind != f.Kind || a.Finding.Hash != f.Hash || a.Finding.Message != f.Message):
				t.Errorf("%s: replayed: %+v\nfound: %+v", p.name, a.Finding, f)
			case a.Error != "":
				t.Error(a.Error)
			}
		}
	}
}

func TestStaleReplay(t *stdtesting.T) {
	answers := ask(t, `{"test":"clean","replay":{"schedule":"3+1 steps 9 hash 0000000000000001"}}`)
	if len(answers) != 3 || answers[1].Finding == nil || answers[1].Finding.Kind != testing.Stale {
		t.Errorf("%+v", answers)
	}
}

func TestBadRequests(t *stdtesting.T) {
	for request, want := range map[string]string{
		`{"test":"none","search":{"schedules":1}}`:                          `no test "none"`,
		`{"test":"clean"}`:                                                  "asks for nothing",
		`{"test":"clean","replay":{"schedule":"x"}}`:                        "no deviation",
		`{"test":"clean","search":{"schedules":1,"strategies":["chance"]}}`: `no strategy "chance"`,
		`{"tset":"clean"}`:                                                  "not understood",
		`nonsense`:                                                          "not understood",
	} {
		answers := ask(t, request)
		if n := len(answers); n < 2 || !strings.Contains(answers[n-1].Error, want) {
			t.Errorf("%s: %+v, want %q", request, answers, want)
		}
	}
}

func TestWithoutParent(t *stdtesting.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "VERIFY_TEST_ALONE=1")
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 2 || strings.Count(string(out), "\n") != 1 || !strings.Contains(string(out), "verify test") {
		t.Errorf("%v: %s", err, out)
	}
}

// TestGlobals: what is set up once and for all is no obstacle; what changes from run to run is told.
func TestGlobals(t *stdtesting.T) {
	if findings, done := search(t, "warm"); done.Isolate != "" || len(findings) != 1 || findings[0].Kind != testing.Leak {
		t.Errorf("%+v %+v", findings, done)
	}
	if findings, done := search(t, "drifting"); done.Isolate == "" || len(findings) != 0 {
		t.Errorf("%+v %+v", findings, done)
	}
}

// TestInput: a test that reads the standard input does not take the requests that follow.
func TestInput(t *stdtesting.T) {
	one := `{"test":"reading","search":{"schedules":3}}` + "\n"
	done := 0
	for _, a := range ask(t, one+strings.Repeat(" ", 1<<16)+one) {
		if a.Finding != nil || a.Error != "" {
			t.Errorf("%+v", a)
		}
		if a.Done != nil {
			done++
		}
	}
	if done != 2 {
		t.Errorf("%d of 2 requests were done", done)
	}
}

func TestFuzzTarget(t *stdtesting.T) {
	findings, _ := search(t, "FuzzSum")
	if len(findings) != 1 || findings[0].Kind != testing.Failed || !strings.HasSuffix(findings[0].Log[0], ": 2") {
		t.Errorf("%+v", findings)
	}
}
