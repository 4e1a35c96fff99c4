package farm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"synchrony/properties"
	"synchrony/properties/isolate"
)

// sourcesVariable names the file whose content is the identity of the sources of a worker of a test.
const sourcesVariable = "FARM_TEST_SOURCES"

// doubling is a handler of requests to double a number, which asks the test's gate before it does.
type doubling struct{ factor int }

// openDoubling opens one whose setting is the factor.
func openDoubling(_ context.Context, kind string, setting json.RawMessage) (Handler, error) {
	d := doubling{}
	if kind != "multiply" {
		return nil, fmt.Errorf("%q is no kind", kind)
	}
	return d, json.Unmarshal(setting, &d.factor)
}

func (doubling) Sources(context.Context) (string, error) {
	text, err := os.ReadFile(os.Getenv(sourcesVariable))
	return string(text), err
}

func (d doubling) Handle(ctx context.Context, request json.RawMessage, fetch Fetch, _ func(properties.Progress)) (any, error) {
	var name string
	if json.Unmarshal(request, &name) == nil { // of a file that has the number
		return d.attached(ctx, name, fetch)
	}
	var n int
	if err := json.Unmarshal(request, &n); err != nil {
		return nil, err
	}
	pass(n, os.Getpid())
	if n == 13 {
		return nil, errors.New("13 has no double")
	}
	return n * d.factor, nil
}

// attached doubles how many bytes a file has.
func (d doubling) attached(ctx context.Context, name string, fetch Fetch) (any, error) {
	folder, err := os.MkdirTemp("", "attached")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	if err := fetch(ctx, name, folder+"/file"); err != nil {
		return nil, err
	}
	content, err := os.ReadFile(folder + "/file")
	return d.factor * len(content), err
}

func (doubling) Close() error { return nil }

// written is a file with that content.
func written(t *testing.T, content string) string {
	t.Helper()
	path := t.TempDir() + "/sources"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// requester begins a campaign of requests about sources. Its lease is one that no test waits for, unless it is said.
func requester(t *testing.T, conn *Conn, sources string, lease time.Duration) *Submitter {
	t.Helper()
	i := Identity{Build: build, Command: "test " + t.Name(), Requests: &Requests{Kind: "multiply", Setting: []byte("2"), Sources: sources}}
	s, err := Submit(t.Context(), conn, i, Limits{Lease: lease}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asked has a number doubled.
func asked(t *testing.T, s *Submitter, n int) chan error {
	t.Helper()
	done := make(chan error, 1)
	go func() {
		var double int
		err := s.Ask(t.Context(), fmt.Sprint("the double of ", n), fmt.Sprint(n), n, &double, func(properties.Progress) {})
		if err == nil && double != 2*n {
			err = fmt.Errorf("the double of %d is %d", n, double)
		}
		done <- err
	}()
	return done
}

// requestWorker starts a worker whose sources are in a file.
func requestWorker(t *testing.T, url, sources string, g *gate) *program {
	t.Helper()
	return start(t, "worker", []string{gateVariable + "=" + g.path, sourcesVariable + "=" + sources}, url, build)
}

// TestRequests: each request has its answer, also if a worker is killed in it; an error is that of the request; and nothing stays on the server.
func TestRequests(t *testing.T) {
	e, conn := embedded(t)
	g := newGate(t, first())
	s := requester(t, conn, "a", time.Second)
	var all []chan error
	for n := 1; n <= 12; n++ {
		all = append(all, asked(t, s, n))
	}
	sources := written(t, "a")
	workers := map[int]*program{}
	for range 2 {
		w := requestWorker(t, e.Server().URL, sources, g)
		workers[w.Process.Pid] = w
	}
	p := <-g.held
	workers[p.worker].kill()
	p.release()
	for i, done := range all {
		if err := <-done; err != nil {
			t.Errorf("request %d: %v", i+1, err)
		}
	}
	if err := <-asked(t, s, 13); err == nil || err.Error() != "13 has no double" {
		t.Errorf("the error is %v", err)
	}
	if n := g.total(); n != 14 {
		t.Errorf("%d runs of 13 numbers, of which one was interrupted", n)
	}
	if err := s.Close(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if left := standing(t, conn); len(left) > 0 {
		t.Errorf("left on the server: %q", left)
	}
}

// TestAttachments: a request has the files that it names, larger than a message and empty; one that changes meanwhile is not attached; and nothing
// stays on the server.
func TestAttachments(t *testing.T) {
	e, conn := embedded(t)
	s := requester(t, conn, "a", time.Second)
	requestWorker(t, e.Server().URL, written(t, "a"), newGate(t, func(passage) bool { return false }))
	for _, size := range []int{0, 1, 3 << 20} {
		content := strings.Repeat("x", size)
		name, err := Digest(strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // once more is no more
			err := s.Attach(t.Context(), name, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil })
			if err != nil {
				t.Fatal(err)
			}
		}
		var double int
		if err := s.Ask(t.Context(), "the double of a size", name, name, &double, func(properties.Progress) {}); err != nil || double != 2*size {
			t.Errorf("the double of %d is %d, %v", size, double, err)
		}
	}
	name, err := Digest(strings.NewReader("before"))
	if err != nil {
		t.Fatal(err)
	}
	err = s.Attach(t.Context(), name, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("behind")), nil })
	if err == nil || err.Error() != "its content has changed while it was sent" {
		t.Errorf("the error is %v", err)
	}
	err = s.Ask(t.Context(), "what is not there", name, name, new(int), func(properties.Progress) {})
	if err == nil || !strings.Contains(err.Error(), "what is attached to the campaign cannot be had") {
		t.Errorf("the error is %v", err)
	}
	if err := s.Attach(t.Context(), name, func() (io.ReadCloser, error) { return nil, os.ErrPermission }); !errors.Is(err, os.ErrPermission) {
		t.Errorf("the error is %v", err)
	}
	if err := s.Close(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if left := standing(t, conn); len(left) > 0 {
		t.Errorf("left on the server: %q", left)
	}
}

// TestDeadlyRequest: a request that ends all workers that have it is not judged, by name.
func TestDeadlyRequest(t *testing.T) {
	e, conn := embedded(t)
	g := newGate(t, func(passage) bool { return true })
	s := requester(t, conn, "a", time.Second)
	done, sources := asked(t, s, 1), written(t, "a")
	for range Deliveries {
		w := requestWorker(t, e.Server().URL, sources, g)
		p := <-g.held
		w.kill()
		p.release()
	}
	requestWorker(t, e.Server().URL, sources, g) // who asks for tasks, and gets none
	var unjudged *isolate.NotJudgedError
	if err := <-done; !errors.As(err, &unjudged) || unjudged.What != "the double of 1" {
		t.Errorf("the error is %v", err)
	}
}

// TestOtherSources: a worker whose sources are others than the campaign's leaves before it has a task, and says so.
func TestOtherSources(t *testing.T) {
	e, conn := embedded(t)
	g := newGate(t, func(passage) bool { return false })
	s := requester(t, conn, "a", time.Hour)
	done := asked(t, s, 1)
	w := requestWorker(t, e.Server().URL, written(t, "b"), g)
	<-w.ended
	want := "campaign VERIFY_" + s.store.id + " cannot be worked for here: its sources are others (a; those here are b); start workers where they are the same"
	if w.ProcessState.ExitCode() != 2 || !strings.HasPrefix(w.err.String(), want) || strings.Count(w.err.String(), "\n") != 1 {
		t.Errorf("%v: %q, want exit status 2 and one line with %q", w.ProcessState, w.err, want)
	}
	requestWorker(t, e.Server().URL, written(t, "a"), g)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if n := g.total(); n != 1 {
		t.Errorf("%d runs of a number", n)
	}
}

// TestSourcesChange: a worker whose sources change hands the next request back, which is not counted against that, and leaves.
func TestSourcesChange(t *testing.T) {
	e, conn := embedded(t)
	g := newGate(t, func(passage) bool { return false })
	s := requester(t, conn, "a", time.Hour)
	for n := range Deliveries + 1 {
		sources := written(t, "a")
		w := requestWorker(t, e.Server().URL, sources, g)
		if err := <-asked(t, s, n+100); err != nil { // it has a handler now
			t.Fatal(err)
		}
		if err := os.WriteFile(sources, []byte("b"), 0o600); err != nil {
			t.Fatal(err)
		}
		done := asked(t, s, n)
		<-w.ended
		if w.ProcessState.ExitCode() != 2 || !strings.Contains(w.err.String(), "its sources are others (a; those here are b)") {
			t.Errorf("%v: %q", w.ProcessState, w.err)
		}
		last := requestWorker(t, e.Server().URL, written(t, "a"), g)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if err := last.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		<-last.ended
	}
	if n := g.total(); n != 2*(Deliveries+1) {
		t.Errorf("%d runs of %d numbers", n, 2*(Deliveries+1))
	}
}

// TestGiveUp: who waits for an answer that will not come has the reason, and so has who asks later.
func TestGiveUp(t *testing.T) {
	_, conn := embedded(t)
	s := requester(t, conn, "a", time.Hour)
	done, why := asked(t, s, 1), errors.New("nobody works")
	for s.Status().Tasks == 0 {
		if !pause(t.Context(), firstWait) {
			t.Fatal("nothing is asked")
		}
	}
	s.GiveUp(why)
	s.GiveUp(errors.New("too late"))
	for _, done := range []chan error{done, asked(t, s, 2)} {
		if err := <-done; !errors.Is(err, why) {
			t.Errorf("the error is %v", err)
		}
	}
}

// TestOneOfTwoCampaigns: a worker that cannot work for one campaign says so, and works for another.
func TestOneOfTwoCampaigns(t *testing.T) {
	e, conn := embedded(t)
	g := newGate(t, func(passage) bool { return false })
	requester(t, conn, "elsewhere", time.Hour)
	o := sixteen(t)
	run := o.begin(t, conn)
	for len(standing(t, conn)) < 6 { // three streams each
		if !pause(t.Context(), firstWait) {
			t.Fatal("the second campaign does not begin")
		}
	}
	w := requestWorker(t, e.Server().URL, written(t, "a"), g)
	run.equals(t, o)
	if !strings.Contains(w.err.String(), "cannot be worked for here: its sources are others (elsewhere; those here are a)") {
		t.Errorf("the worker said %q", w.err)
	}
}
