package live

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/reports/results"
)

// opened is a server that shows a run of two properties, one of which has failed.
func opened(t *testing.T) *Server {
	t.Helper()
	s, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	s.Begin(runOfTwo(), going)
	s.Property(failed())
	return s
}

const hostile = `</script><img src=x onerror="document.title='owned'">`

func runOfTwo() *results.Run {
	return &results.Run{
		Tool: "verify (test)", Command: "verify run S6 S7 --seed 1", Began: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		Environment: results.Environment{Host: "builder-3", Processors: 8},
		Properties: []results.Property{
			{Info: properties.Info{ID: "S6", Statement: "conflicting accesses do not overlap " + hostile}},
			{Info: properties.Info{ID: "S7", Statement: "a commit is all or nothing"}},
		},
	}
}

func failed() *results.Property {
	c := properties.Counterexample{Property: "S6", Checker: "race", Rule: "lost update", Reason: "gone", Story: []string{
		"Before: carol 100.", "      main                              worker 0", "   1  spawn task/1", "   2*                                   " + hostile, "carol has lost 10",
	}, Workload: []txtar.File{{Name: "batch.ae", Data: []byte("x\n")}}}
	return &results.Property{
		Info: properties.Info{ID: "S6"},
		Result: properties.Result{Cases: 3, Schedules: 40, Seconds: 0.5, Failures: []properties.Failure{{
			Checker: "race", Rule: "lost update", Reason: "carol's money is gone " + hostile, Evidence: []string{"step 3: carol"}, File: "counterexamples/S6-1.txtar", Text: string(c.Format()),
		}}},
	}
}

// going is how it is going: a quarter is done, by two workers of a farm.
func going() State {
	return State{
		Progress: results.Progress{Progress: campaign.Progress{
			Parts: 2, Finished: 1, Failed: 1, Cases: 53, Schedules: 1040, Fraction: 0.25, Elapsed: 10 * time.Second, Left: 30 * time.Second,
			Running: []campaign.Running{{Progress: properties.Progress{Property: "S7", Case: 50, Phase: properties.PhaseTesting}, Count: 200, Elapsed: 9 * time.Second}},
		}},
		Farm: &Farm{Workers: []Worker{{"left-1", 2, 1, 7}, {"right-1", 4, 4, 9}}, Tasks: 30, Answered: 16, Queued: 9, Held: 5, Redelivered: 1},
	}
}

func get(t *testing.T, url string, header ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// TestEvents: who comes late is told all that was before; the report waits for who was told that the run is over.
func TestEvents(t *testing.T) {
	s := opened(t)
	answer, err := http.Get(s.URL() + "events")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	next := func() (event, data string) {
		for lines.Scan() {
			if e, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				event = e
			} else if d, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return event, d
			}
		}
		t.Fatal("the events have ended")
		return "", ""
	}
	if e, d := next(); e != "run" || !strings.Contains(d, `"command":"verify run S6 S7 --seed 1"`) || !strings.Contains(d, "on builder-3") {
		t.Errorf("%s: %s", e, d)
	}
	if e, d := next(); e != "property" || !strings.Contains(d, `"status":"fail"`) || !strings.Contains(d, "carol") {
		t.Errorf("%s: %s", e, d)
	}
	var p progress
	if e, d := next(); e != "progress" || json.Unmarshal([]byte(d), &p) != nil || p.Rate != 104 || p.Left != 30 || p.Status != "fail" || p.Farm.Workers[1].Done != 9 {
		t.Errorf("%s: %s", e, d)
	}
	if code, _ := get(t, s.URL()+"report"); code != http.StatusNotFound {
		t.Errorf("before its end the run has a report: %d", code)
	}
	over := make(chan struct{})
	go func() {
		s.Finish([]byte("<p>the report"), time.Hour)
		close(over)
	}()
	var reader struct{ Reader string }
	for {
		if e, d := next(); e == "finished" {
			if err := json.Unmarshal([]byte(d), &reader); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	if code, _ := get(t, s.URL()+"report"); code != http.StatusOK { // by somebody else
		t.Errorf("the report: %d", code)
	}
	select {
	case <-over:
		t.Error("it does not wait for its reader")
	default:
	}
	if code, text := get(t, s.URL()+"report?reader="+reader.Reader); code != http.StatusOK || text != "<p>the report" {
		t.Errorf("%d: %s", code, text)
	}
	<-over // for the reader has it
}

// TestFinishWithoutReaders waits for nobody.
func TestFinishWithoutReaders(t *testing.T) {
	opened(t).Finish([]byte("x"), time.Hour)
	var nobody *Server
	nobody.Begin(nil, nil)
	nobody.Property(nil)
	nobody.Finish(nil, time.Hour)
	nobody.Close()
}

// TestMetrics: each line is a comment or a sample, and families are told once.
func TestMetrics(t *testing.T) {
	s := opened(t)
	code, text := get(t, s.URL()+"metrics")
	if code != http.StatusOK {
		t.Fatalf("%d: %s", code, text)
	}
	sample := regexp.MustCompile(`^verify_[a-z_]+(\{status="[a-z]+"\})? [0-9.e+]+$`)
	for line := range strings.Lines(text) {
		if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, "# HELP verify_") && !strings.HasPrefix(line, "# TYPE verify_") && !sample.MatchString(line) {
			t.Errorf("%q", line)
		}
	}
	for _, want := range []string{
		"verify_properties 2\n", `verify_verdicts{status="fail"} 1`, "verify_schedules 1040\n", "verify_done_ratio 0.25\n", "verify_farm_room 6\n", "verify_finished 0\n",
	} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%q is not there once:\n%s", want, text)
		}
	}
}

// TestGuard: only who is on this machine, or knows the token, reads anything; nobody changes anything.
func TestGuard(t *testing.T) {
	s := opened(t)
	for _, path := range []string{"", "events", "metrics", "report"} {
		if code, text := get(t, s.URL()+path, "Host", "evil.example"); code != http.StatusForbidden || strings.Contains(text, "carol") {
			t.Errorf("/%s by a foreign name: %d", path, code)
		}
	}
	if code, text := get(t, s.URL()); code != http.StatusOK || !strings.Contains(text, "<h1") {
		t.Errorf("the page: %d", code)
	}
	answer, err := http.Post(s.URL(), "text/plain", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	if answer.Body.Close(); answer.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", answer.StatusCode)
	}

	wide, err := Listen("0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer wide.Close()
	_, token, _ := strings.Cut(wide.URL(), "/?token=")
	address := fmt.Sprintf("http://127.0.0.1:%d", wide.listener.Addr().(*net.TCPAddr).Port)
	if len(token) < 26 {
		t.Fatalf("the address is %s", wide.URL())
	}
	for _, c := range []struct {
		path   string
		header []string
		want   int
	}{
		{"/", nil, 403},
		{"/metrics?token=" + token[1:], nil, 403},
		{"/metrics?token=" + token, nil, 200},
		{"/metrics", []string{"Authorization", "Bearer " + token}, 200},
		{"/metrics", []string{"Authorization", "Bearer "}, 403},
		{"/?token=" + token, []string{"Host", "evil.example"}, 200}, // who knows the token may come by any name
	} {
		if code, _ := get(t, address+c.path, c.header...); code != c.want {
			t.Errorf("%s %v: %d, want %d", c.path, c.header, code, c.want)
		}
	}
}

func TestListenRefuses(t *testing.T) {
	s := opened(t)
	taken := s.listener.Addr().String()
	for address, want := range map[string]string{
		"8080": `"8080" is no address to listen on: it must be HOST:PORT`, taken: "cannot listen on " + taken + ": ", "127.0.0.1:http-alt-x": "cannot listen on",
	} {
		if _, err := Listen(address); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
