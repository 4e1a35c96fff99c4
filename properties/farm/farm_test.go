package farm

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"synchrony/properties"
	"synchrony/properties/campaign"
)

// compare compares what a farm showed with what one machine did.
func compare(t *testing.T, one, farm string) {
	t.Helper()
	if diff := cmp.Diff(one, farm); diff != "" {
		t.Errorf("the farm shows something else (-one machine +farm):\n%s", diff)
	}
}

// standing are the names of all streams on a server.
func standing(t *testing.T, conn *Conn) []string {
	t.Helper()
	list := conn.js.StreamNames(t.Context())
	var names []string
	for name := range list.Name() {
		names = append(names, name)
	}
	if list.Err() != nil {
		t.Fatal(list.Err())
	}
	return names
}

// TestReportIsThatOfOneMachine: passes, violations, crashes, what is undecided, and a corpus that is known come to what they come to on one machine; and nothing is left
// on the server.
func TestReportIsThatOfOneMachine(t *testing.T) {
	e, conn := embedded(t)
	g := newGate(t, func(passage) bool { return false })
	worker(t, e.Server().URL, g)
	worker(t, e.Server().URL, g)
	for _, o := range []order{
		{IDs: []string{"pass", "fail", "unknown"}, Cases: 20, Seed: 1},
		{IDs: []string{"crash", "fail"}, Cases: 40, Seed: 2},
		{IDs: []string{"pass"}, Cases: 1, Seed: 3},
	} {
		o.Corpus = t.TempDir()
		o.begin(t, conn).equals(t, o)
		known := t.TempDir()
		again := o
		again.Corpus = known
		first := again.campaign()
		shown(t.Context(), first) // fills the corpus
		o.Corpus = known
		s := o.begin(t, conn)
		<-s.done
		compare(t, text(shown(t.Context(), again.campaign())), text(s.list))
	}
	if left := standing(t, conn); len(left) > 0 {
		t.Errorf("left on the server: %q", left)
	}
}

// sixteen is an order of 16 tasks.
func sixteen(t *testing.T) order {
	return order{IDs: []string{"pass"}, Cases: 16, Seed: 5, Corpus: t.TempDir()}
}

// values are the numbers of its cases.
func (o *order) values(t *testing.T) []int {
	t.Helper()
	var list []int
	for i := range o.Cases {
		p, _ := lookup(o.IDs[0])
		files, err := p.Case(properties.Spec{Seed: o.Seed}, i)
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(strings.TrimSpace(string(files[0].Data)))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, n)
	}
	return list
}

// TestWorkerKilled: the task of a worker that is killed in it goes to another one.
func TestWorkerKilled(t *testing.T) {
	e, conn := embedded(t)
	g := newGate(t, first())
	o := sixteen(t)
	s := o.begin(t, conn)
	workers := map[int]*program{}
	for range 2 {
		w := worker(t, e.Server().URL, g)
		workers[w.Process.Pid] = w
	}
	p := <-g.held
	workers[p.worker].kill()
	p.release()
	s.equals(t, o)
	if n := g.total(); n < 17 { // at least once more than there are
		t.Errorf("%d runs: the number of the killed worker was not run again", n)
	}
}

// TestAllWorkersKilled: a campaign waits for workers, and goes on with others.
func TestAllWorkersKilled(t *testing.T) {
	e, conn := embedded(t)
	g := newGate(t, func(passage) bool { return true })
	o := sixteen(t)
	s := o.begin(t, conn)
	workers := []*program{worker(t, e.Server().URL, g), worker(t, e.Server().URL, g)}
	held := []passage{<-g.held, <-g.held}
	for _, w := range workers {
		w.kill()
	}
	g.open()
	for _, p := range held {
		p.release()
	}
	worker(t, e.Server().URL, g)
	s.equals(t, o)
}

// TestDeadlyTask: a task that ends all workers that have it is not judged, by name, its case is saved, and no worker gets it again.
func TestDeadlyTask(t *testing.T) {
	e, conn := embedded(t)
	o := sixteen(t)
	for slices.Contains(o.values(t)[1:], o.values(t)[0]) {
		o.Seed++
	}
	deadly := o.values(t)[0]
	g := newGate(t, func(p passage) bool { return p.n == deadly })
	s := o.begin(t, conn)
	for range Deliveries {
		w := worker(t, e.Server().URL, g)
		p := <-g.held
		w.kill()
		p.release()
	}
	worker(t, e.Server().URL, g)
	<-s.done
	r := s.list[0].Result
	if r.Unknown != 1 || r.Cases != 15 || !strings.Contains(r.UnknownBy, "pass, cases 0 to 0: not judged: 3 workers ended or fell silent") {
		t.Errorf("unknown %d by %q, %d cases; want one unknown and 15 cases", r.Unknown, r.UnknownBy, r.Cases)
	}
	if n := g.total(); n != Deliveries+15 {
		t.Errorf("%d runs, want %d of the deadly one and 15 others", n, Deliveries)
	}
	if !strings.Contains(s.said.String(), o.Corpus+"/unjudged/pass-") {
		t.Errorf("nothing says where its case is: %s", s.said.String())
	}
	if s.last.Lost != 1 {
		t.Errorf("%d are said to be lost, want 1", s.last.Lost)
	}
}

// TestWorkerEnds: a worker that ends in good order hands its task back at once, however long the lease is, and that is not counted against the task.
func TestWorkerEnds(t *testing.T) {
	e, conn := embedded(t)
	g := newGate(t, func(passage) bool { return true })
	o := sixteen(t)
	o.Lease = time.Hour // a task that is not handed back is lost to this test
	s := o.begin(t, conn)
	for range Deliveries + 1 {
		w := worker(t, e.Server().URL, g)
		p := <-g.held
		if err := w.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		<-w.ended
		p.release()
		if !w.ProcessState.Success() || w.err.String() != "" {
			t.Errorf("%v: %q, want exit status 0 and no word", w.ProcessState, w.err)
		}
	}
	g.open()
	worker(t, e.Server().URL, g)
	s.equals(t, o)
}

// TestStoppedWorkerAnswersLate: a worker that is stopped, and goes on when another one has done its task, changes nothing.
func TestStoppedWorkerAnswersLate(t *testing.T) {
	e, conn := embedded(t)
	seen, late := 0, 0 // the worker that is stopped
	g := newGate(t, nil)
	g.hold = func(p passage) bool {
		seen++
		if seen == 1 {
			late = p.worker
		}
		return seen == 1 || p.worker == late || seen == 19 // of the other: the last one
	}
	o := sixteen(t)
	o.Cases = 18
	s := o.begin(t, conn)
	a := worker(t, e.Server().URL, g)
	p := <-g.held
	if err := a.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	worker(t, e.Server().URL, g)
	last := <-g.held // all 18 numbers came, and the first one again
	g.open()
	if err := a.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	p.release()
	last.release()
	s.equals(t, o)
	if n := g.total(); n != 19 {
		t.Errorf("%d runs of 18 numbers, want one more", n)
	}
}

// TestFirstAnswerStays: whoever answers a task that is answered, changes nothing.
func TestFirstAnswerStays(t *testing.T) {
	_, conn := embedded(t)
	o := sixteen(t)
	st, err := conn.makeStore(t.Context(), o.identity(), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	c := &Crew{Conn: conn, Tell: func(string) {}}
	j := &job{crew: c, store: st, key: "pass.1"}
	for _, a := range []*answer{{Worker: "one", Error: "1"}, {Worker: "two", Error: "2"}} {
		if err := j.keep(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	entry, err := st.results.Get(t.Context(), "pass.1")
	if err != nil {
		t.Fatal(err)
	}
	content, err := st.unpack(t.Context(), entry.Value())
	if err != nil || !strings.Contains(string(content), `"one"`) {
		t.Errorf("the answer is %s, want that of one (%v)", content, err)
	}
}

// TestDuplicates: tasks that come again when they are answered are acknowledged, and not done again.
func TestDuplicates(t *testing.T) {
	e, conn := embedded(t)
	g := newGate(t, nil)
	seen := 0
	g.hold = func(passage) bool { seen++; return seen == 16 }
	o := sixteen(t)
	s := o.begin(t, conn)
	worker(t, e.Server().URL, g)
	p := <-g.held
	st, err := openStore(t.Context(), conn.js, o.identity().Name())
	if err != nil {
		t.Fatal(err)
	}
	keys, err := st.results.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if _, err := conn.js.Publish(t.Context(), workSubject(st.id)+key, []byte(`{}`)); err != nil {
			t.Fatal(err)
		}
	}
	p.release()
	s.equals(t, o)
	if n := g.total(); n != 16 {
		t.Errorf("%d runs of 16 numbers", n)
	}
}

// TestLostTask: a task that the server has lost is handed out again.
func TestLostTask(t *testing.T) {
	e, conn := embedded(t)
	g := newGate(t, first())
	o := sixteen(t)
	s := o.begin(t, conn)
	worker(t, e.Server().URL, g)
	p := <-g.held
	stream, err := conn.js.Stream(t.Context(), prefix+o.identity().Name())
	if err == nil {
		err = stream.Purge(t.Context(), jetstream.WithPurgeSubject("verify.*.work.>"))
	}
	if err != nil {
		t.Fatal(err)
	}
	p.release()
	s.equals(t, o)
}

// TestViolationEndsWhatComesLater: what comes after a violation is taken back, and its workers drop it; what comes before it is run.
func TestViolationEndsWhatComesLater(t *testing.T) {
	e, conn := embedded(t)
	o := order{IDs: []string{"fail"}, Cases: 60, Corpus: t.TempDir()}
	fail, _ := lookup("fail")
	for cases := 0; cases < 5 || cases > 50; { // so that there is something before and after it
		o.Seed++
		r, err := fail.Run(t.Context(), properties.Spec{Seed: o.Seed, Count: o.Cases, Budget: properties.DefaultBudget}, nil)
		if err != nil {
			t.Fatal(err)
		}
		cases = r.Cases
	}
	g := newGate(t, func(passage) bool { return false })
	s := o.begin(t, conn)
	for range 3 {
		worker(t, e.Server().URL, g)
	}
	s.equals(t, o)
	if left := standing(t, conn); len(left) > 0 {
		t.Errorf("left on the server: %q", left)
	}
}

// TestInterrupted: a campaign that is interrupted says what it has, and goes on from there.
func TestInterrupted(t *testing.T) {
	e, conn := embedded(t)
	g := newGate(t, nil)
	passed := map[int]int{} // how often each number did, of those before the ninth
	seen := 0
	g.hold = func(p passage) bool {
		if seen++; seen < 9 {
			passed[p.n]++
		}
		return seen == 9
	}
	o := sixteen(t)
	for n := o.values(t); len(slices.Compact(slices.Sorted(slices.Values(n)))) < len(n); n = o.values(t) {
		o.Seed++ // each number is of one case, or it is not known which of them has passed
	}
	ctx, cancel := context.WithCancel(t.Context())
	worker(t, e.Server().URL, g)
	var list []campaign.Outcome
	done := make(chan error)
	go func() {
		var err error
		list, _, err = o.submit(ctx, conn, func(string) {})
		done <- err
	}()
	p := <-g.held
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	want := 0 // tasks are queued in any order, and the cases up to the first that is missing count
	for _, n := range o.values(t) {
		if passed[n] == 0 {
			break
		}
		passed[n]--
		want++
	}
	if !list[0].Interrupted || list[0].Result.Cases != want {
		t.Errorf("interrupted %v with %d cases, want %d", list[0].Interrupted, list[0].Result.Cases, want)
	}
	p.release()
	o.begin(t, conn).equals(t, o)
	if n := g.total(); n > 17 { // the interrupted one may have ended in time, or not
		t.Errorf("%d runs of 16 numbers: what was answered was run again", n)
	}
}
