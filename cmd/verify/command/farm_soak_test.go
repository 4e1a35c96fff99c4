package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/properties/campaign/soak"
	"synchrony/properties/catalogue"
	"synchrony/reports/results"
)

func TestMomentOf(t *testing.T) {
	now := time.Date(2030, 1, 31, 22, 15, 0, 0, time.UTC)
	for _, c := range []struct {
		text string
		want time.Time
	}{
		{"90m", now.Add(90 * time.Minute)},
		{"23:00", time.Date(2030, 1, 31, 23, 0, 0, 0, time.UTC)},
		{"22:15", time.Date(2030, 2, 1, 22, 15, 0, 0, time.UTC)},
		{"06:30", time.Date(2030, 2, 1, 6, 30, 0, 0, time.UTC)},
		{"2030-02-03T06:30", time.Date(2030, 2, 3, 6, 30, 0, 0, time.UTC)},
		{"2030-02-03T06:30:00+02:00", time.Date(2030, 2, 3, 4, 30, 0, 0, time.UTC)},
	} {
		if got, err := momentOf(c.text, now); err != nil || !got.Equal(c.want) {
			t.Errorf("%s is %v, %v; want %v", c.text, got, err, c.want)
		}
	}
	for _, text := range []string{"", "0s", "25:00", "2030-01-30T06:30", "tomorrow"} {
		if got, err := momentOf(text, now); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// TestSoakLoop: what a soak says in the end, and with which code, whatever becomes of its rounds.
func TestSoakLoop(t *testing.T) {
	type came struct {
		err         error
		failed      bool  // the property, by a rule of the round's own
		broken      error // of its harness
		interrupted bool
		over        bool // time, when the round ends
	}
	for _, c := range []struct {
		name   string
		rounds []came
		first  bool
		want   string // in the last line
		code   int
		rests  int
	}{
		{"nothing new", []came{{}, {over: true}}, false, "soak: 2 rounds, 0 new causes, 0 causes known; the next seed is 9", 0, 0},
		{"something new", []came{{failed: true}, {}, {interrupted: true, over: true}}, false, "soak: 2 rounds, 1 new cause, 1 cause known; the next seed is 9", 1, 0},
		{"the first", []came{{}, {failed: true}}, true, "soak: 2 rounds, 1 new cause", 1, 0},
		{"over while a round begins", []came{{failed: true}, {err: context.DeadlineExceeded, over: true}}, false, "soak: 1 round, 1 new cause", 1, 0},
		{"over before any round", []came{{err: context.DeadlineExceeded, over: true}}, false, "soak: 0 rounds", 3, 0},
		{"an unfinished round", []came{{failed: true, interrupted: true, over: true}}, false, "soak: 0 rounds, 1 new cause, 1 cause known; the next seed is 7", 1, 0},
		{"a server that is away for a while", []came{{}, {err: context.DeadlineExceeded}, {err: context.DeadlineExceeded}, {over: true}}, false, "soak: 2 rounds, 0 new", 0, 2},
		{"no server at first", []came{{err: context.DeadlineExceeded}}, false, "soak: 0 rounds", 2, 0},
		{"credentials that are refused", []came{{}, {err: errors.New("refused")}}, false, "soak: 1 round", 2, 0},
		{"a broken harness", []came{{broken: errors.New("no solver")}}, false, "soak: 1 round, 0 new", 2, 0},
		{"a broken harness after a failure", []came{{failed: true}, {broken: errors.New("no solver")}}, false, "soak: 2 rounds, 1 new", 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			memory, err := soak.Open(filepath.Join(t.TempDir(), "m"))
			if err != nil {
				t.Fatal(err)
			}
			defer memory.Close()
			memory.Next = 7
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var stdout, stderr bytes.Buffer
			rests := 0
			s := &soaking{
				app: &app{stdout: &stdout, stderr: &stderr}, o: &soakOptions{first: c.first}, memory: memory, build: "b", all: []string{"S6"},
				rest: func(context.Context) { rests++ },
			}
			s.o.store.none = true
			s.round = func(_ context.Context, r soak.Round) (*results.Run, []campaign.Outcome, error) {
				if len(c.rounds) == 0 {
					t.Fatal("another round begins")
				}
				now := c.rounds[0]
				c.rounds = c.rounds[1:]
				if now.over {
					cancel()
				}
				if now.err != nil {
					return nil, nil, now.err
				}
				o := campaign.Outcome{Info: properties.Info{ID: "S6"}, Err: now.broken}
				if now.failed {
					o.Result.Failures = []properties.Failure{{Checker: "c", Rule: fmt.Sprint("rule ", r.Seed)}}
				}
				return &results.Run{Interrupted: now.interrupted, Properties: []results.Property{results.Property(o)}}, []campaign.Outcome{o}, nil
			}
			code := exitCode(&stderr, s.loop(ctx, t.Context()))
			last := stdout.String()[strings.LastIndex(strings.TrimSuffix(stdout.String(), "\n"), "\n")+1:]
			if code != c.code || !strings.HasPrefix(last, c.want) || rests != c.rests || len(c.rounds) > 0 {
				t.Errorf("exit code %d after %d rests, want %d after %d: %s%s", code, rests, c.code, c.rests, stdout.String(), stderr.String())
			}
		})
	}
}

// TestWebhook: a webhook is told of each cause once, and of one that it did not take the next time, too.
func TestWebhook(t *testing.T) {
	var got []newCause
	answer := http.StatusFound // to where nobody would see what is told
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var c newCause
		if err := json.NewDecoder(r.Body).Decode(&c); err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("it gets a %s of %s: %v", r.Method, r.Header.Get("Content-Type"), err)
		}
		got = append(got, c)
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(answer)
	}))
	defer hook.Close()
	registry, err := catalogue.All()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	a := &app{registry: registry, stderr: &stderr}
	o := &soakOptions{webhook: hook.URL}
	m := &soak.Memory{}
	text := (&properties.Counterexample{
		Property: "S6", System: "s", Checker: "order", Rule: "lost", Reason: "it is gone", Story: []string{"first", "second"},
		Workload: []txtar.File{{Name: "workload", Data: []byte("1\n")}},
	}).Format()
	outcome := campaign.Outcome{Info: properties.Info{ID: "S6"}, Result: properties.Result{Failures: []properties.Failure{{
		Checker: "order", Rule: "lost", Reason: "it is gone", Text: string(text),
	}}}}
	news := m.Take(m.Round([]string{"S6"}, nil, 1), []campaign.Outcome{outcome}, "b", true, time.Now(), time.Now())
	a.tellHook(t.Context(), o, m, news)
	if len(got) != 1 || !strings.Contains(stderr.String(), "the webhook has not heard of S6, order, lost: it answers 302") {
		t.Fatalf("told was %+v: %s", got, stderr.String())
	}
	news = m.Take(m.Round([]string{"S6"}, nil, 1), []campaign.Outcome{outcome}, "b", true, time.Now(), time.Now())
	answer = http.StatusNoContent
	a.tellHook(t.Context(), o, m, news) // after a round that found nothing new
	a.tellHook(t.Context(), o, m, nil)
	if len(got) != 2 {
		t.Fatalf("told was %+v", got)
	}
	first := got[0]
	if first.Property != "S6" || first.Statement == "" || first.Rule != "lost" || first.Reason != "it is gone" || first.Build != "b" || first.Again ||
		first.Counterexample == "" || strings.Join(first.Story, "|") != "first|second" {
		t.Errorf("it was told %+v", first)
	}
	if got[1].Property != "S6" || got[1].Rule != "lost" || got[1].Again {
		t.Errorf("then it was told %+v", got[1])
	}
}
