package farm

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"synchrony/properties/campaign"
)

// storeLimit is how many bytes a server with little space may store.
const storeLimit = 256 << 10

// limited starts a server with little space, and connects to it.
func limited(t *testing.T) (url string, conn *Conn) {
	t.Helper()
	at := port(t)
	start(t, "server", []string{limitVariable + "=" + fmt.Sprint(storeLimit)}, at, t.TempDir())
	url = "nats://127.0.0.1:" + at
	return url, connect(t, url)
}

// fill fills the server's space up with a stream of somebody else's.
func fill(t *testing.T, conn *Conn) {
	t.Helper()
	if _, err := conn.js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "OTHERS", Subjects: []string{"others"}}); err != nil {
		t.Fatal(err)
	}
	for size := storeLimit / 8; size > 0; {
		_, err := conn.js.Publish(t.Context(), "others", make([]byte, size))
		switch {
		case full(err):
			size /= 2
		case err != nil:
			t.Fatal(err)
		}
	}
}

// TestNoSpaceForTasks: a server that has no room for a task ends the campaign with one line that says what to do.
func TestNoSpaceForTasks(t *testing.T) {
	_, conn := limited(t)
	o := sixteen(t)
	s, err := Submit(t.Context(), conn, o.identity(), Limits{}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	fill(t, conn)
	c := o.campaign()
	c.Runner = &Runner{Submitter: s, Local: runner(), Properties: 1, Lookup: lookup}
	var failed error
	c.Run(t.Context(), func(_ int, o campaign.Outcome) { failed = o.Err })
	if failed == nil || !strings.Contains(failed.Error(), "has too little space (nats: ") || !strings.Contains(failed.Error(), "give its JetStream more") ||
		strings.Contains(failed.Error(), "\n") {
		t.Errorf("the campaign ends with %v", failed)
	}
	if err := s.Close(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if left := standing(t, conn); len(left) != 1 || left[0] != "OTHERS" {
		t.Errorf("left on the server: %q", left)
	}
}

// TestNoSpaceForAnswers: while a server has no room for answers the campaign waits, and says for what; it goes on when there is room.
func TestNoSpaceForAnswers(t *testing.T) {
	url, conn := limited(t)
	g := newGate(t, nil)
	seen := 0
	g.hold = func(passage) bool { seen++; return seen == 2 } // the first task has one case, and then all others are queued
	o := sixteen(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	said, list := make(chan string, 1000), make(chan []campaign.Outcome, 1)
	go func() {
		outcomes, _, err := o.submit(ctx, conn, func(text string) { said <- text })
		if err != nil {
			cancel(err)
		}
		list <- outcomes
	}()
	worker(t, url, g)
	p := <-g.held
	queuedAll(t, conn, o, 15)
	fill(t, conn)
	p.release()
	for text := ""; !strings.Contains(text, "waiting with an answer: the server at "+url+" has too little space"); {
		select {
		case text = <-said:
		case <-ctx.Done():
			t.Fatal(context.Cause(ctx))
		}
	}
	if err := conn.js.DeleteStream(t.Context(), "OTHERS"); err != nil {
		t.Fatal(err)
	}
	got := <-list
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		t.Fatal(cause)
	}
	reference := sixteen(t)
	compare(t, text(shown(t.Context(), reference.campaign())), text(got))
	if n := g.total(); n != 16 {
		t.Errorf("%d runs of 16 numbers: what had its answer was run again", n)
	}
}

// queuedAll waits until so many tasks are on the server.
func queuedAll(t *testing.T, conn *Conn, o order, n uint64) {
	t.Helper()
	for {
		stream, err := conn.js.Stream(t.Context(), prefix+o.identity().Name())
		if err != nil {
			t.Fatal(err)
		}
		if stream.CachedInfo().State.Msgs >= n {
			return
		}
		if !pause(t.Context(), firstWait) {
			t.Fatal(t.Context().Err())
		}
	}
}
