package command

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"synchrony/properties"
	"synchrony/properties/document"
	"synchrony/properties/farm"
	"synchrony/properties/mutants"
	"synchrony/properties/mutants/auto"
)

// scripted is a handler that replies what a function says.
type scripted func(request json.RawMessage) (any, error)

func (scripted) Sources(context.Context) (string, error) { return "a", nil }

func (s scripted) Handle(_ context.Context, request json.RawMessage, _ farm.Fetch, _ func(properties.Progress)) (any, error) {
	return s(request)
}

func (scripted) Close() error { return nil }

// farmOf is a farm with one worker, which handles requests.
func farmOf(t *testing.T, handler farm.Handler) *campaignOnFarm {
	t.Helper()
	e, err := farm.Embed(t.TempDir(), func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	conn, err := farm.Connect(t.Context(), e.Server(), "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	requests := &farm.Requests{Kind: "scripted", Setting: []byte("{}"), Sources: "a"}
	s, err := farm.Submit(t.Context(), conn, farm.Identity{Build: "1", Command: t.Name(), Requests: requests}, farm.Limits{}, func(what string) { t.Log(what) })
	if err != nil {
		t.Fatal(err)
	}
	crew := &farm.Crew{
		Conn: conn, Build: "1", Name: "worker", Tell: func(what string) { t.Log(what) },
		Open: func(context.Context, string, json.RawMessage) (farm.Handler, error) { return handler, nil },
	}
	ctx, cancel := context.WithCancel(t.Context())
	worked := make(chan error, 1)
	go func() { worked <- crew.Work(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-worked; err != nil {
			t.Error(err)
		}
	})
	return &campaignOnFarm{Submitter: s}
}

// TestFarmedAuto: what workers say of automatic mutants is taken over, and refused if it cannot be true.
func TestFarmedAuto(t *testing.T) {
	drawn := []*auto.Mutant{{Path: "checkers/a.go", Line: 3, Operator: "negate", Number: 1}, {Path: "checkers/a.go", Line: 4, Operator: "negate", Number: 1}}
	j := &farmedAuto{farmOf(t, scripted(func(request json.RawMessage) (any, error) {
		var q autoRequest
		err := document.Read(request, &q)
		switch {
		case q.Baseline == "checkers":
			return autoReply{}, err
		case q.Baseline != "":
			return autoReply{Unfit: &auto.UnfitError{Property: "S6", How: "race"}}, err
		}
		return autoReply{Result: &auto.Result{Name: drawn[0].Name(), Verdict: auto.Killed, By: "S6"}}, err
	})), drawn}
	if r, err := j.Test(t.Context(), drawn[0]); err != nil || r.Verdict != auto.Killed || r.By != "S6" {
		t.Errorf("the result is %+v, %v", r, err)
	}
	if r, err := j.Test(t.Context(), drawn[1]); err == nil || !strings.Contains(err.Error(), "cannot be true") {
		t.Errorf("what is said of another mutant is taken for %+v, %v", r, err)
	}
	if err := j.Baseline(t.Context(), "checkers"); err != nil {
		t.Error(err)
	}
	var unfit *auto.UnfitError
	if err := j.Baseline(t.Context(), "executor/vm"); !errors.As(err, &unfit) || unfit.Property != "S6" || unfit.How != "race" {
		t.Errorf("a program that does not pass is found fit: %v", err)
	}
}

// TestFarmedMutants: what workers say of mutants is taken over, and refused if it cannot be true.
func TestFarmedMutants(t *testing.T) {
	j := farmedMutants{farmOf(t, scripted(func(request json.RawMessage) (any, error) {
		var q mutantRequest
		err := document.Read(request, &q)
		switch {
		case q.Fit == "S6" && q.Cases == 7:
			return mutants.Outcome{Status: mutants.Survived, Cases: 7}, err
		case q.Fit != "":
			return mutants.Outcome{Status: "well"}, err
		case q.Mutant == "a":
			return mutants.Record{Result: mutants.Alive, Why: "nobody looks", Outcome: mutants.Outcome{Status: mutants.Survived}}, err
		case q.Mutant == "b":
			return mutants.Record{Result: mutants.AsExpected, Outcome: mutants.Outcome{Status: mutants.Survived}}, err
		}
		return nil, errors.New("the disk is full")
	}))}
	if o, err := j.Fit(t.Context(), "S6", 7); err != nil || o.Status != mutants.Survived || o.Cases != 7 {
		t.Errorf("the outcome is %+v, %v", o, err)
	}
	if _, err := j.Fit(t.Context(), "S7", 7); err == nil {
		t.Error("an outcome of no status is taken over")
	}
	m := &mutants.Mutant{Name: "a"}
	if r, err := j.Try(t.Context(), m); err != nil || r.Mutant != m || r.Result != mutants.Alive || r.Why != "nobody looks" {
		t.Errorf("the record is %+v, %v", r, err)
	}
	if _, err := j.Try(t.Context(), &mutants.Mutant{Name: "b"}); err == nil {
		t.Error("a mutant that survived is taken for one that was killed")
	}
	if _, err := j.Try(t.Context(), &mutants.Mutant{Name: "c"}); err == nil || err.Error() != "the disk is full" {
		t.Errorf("the error is %v", err)
	}
}
