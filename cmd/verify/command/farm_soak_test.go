package command

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/properties/campaign/soak"
	"synchrony/properties/catalogue"
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

// TestWebhook: a webhook is told of each cause once, and of one that it did not take the next time, too.
func TestWebhook(t *testing.T) {
	var got []newCause
	answer := http.StatusInternalServerError
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var c newCause
		if err := json.NewDecoder(r.Body).Decode(&c); err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("it gets a %s of %s: %v", r.Method, r.Header.Get("Content-Type"), err)
		}
		got = append(got, c)
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
	if len(got) != 1 || !strings.Contains(stderr.String(), "the webhook has not heard of S6, order, lost: it answers 500") {
		t.Fatalf("told was %+v: %s", got, stderr.String())
	}
	answer = http.StatusNoContent
	a.tellHook(t.Context(), o, m, nil) // after a round that found nothing
	a.tellHook(t.Context(), o, m, nil)
	if len(got) != 2 {
		t.Fatalf("told was %+v", got)
	}
	first := got[0]
	if first.Property != "S6" || first.Statement == "" || first.Rule != "lost" || first.Reason != "it is gone" || first.Build != "b" || first.Again ||
		first.Counterexample == "" || strings.Join(first.Story, "|") != "first|second" {
		t.Errorf("it was told %+v", first)
	}
	if got[1].Property != "S6" || got[1].Rule != "lost" {
		t.Errorf("then it was told %+v", got[1])
	}
}
