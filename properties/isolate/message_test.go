package isolate

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"

	"synchrony/checkers"
	"synchrony/properties"
)

// FuzzMessage: whatever a child says in answer to each kind of request, it is understood as
// something that a parent can count with, or refused.
func FuzzMessage(f *testing.F) {
	for _, m := range []message{
		{Progress: &properties.Progress{Property: "S1", Case: 3, Schedules: 9, Phase: properties.PhaseTesting}},
		{Progress: &properties.Progress{Case: -1, File: "a.txtar"}},
		{Result: &properties.Result{Cases: 2, Failures: []properties.Failure{{Case: 1}}}},
		{Exploration: &properties.Exploration{Cases: 1, Complete: 1}},
		{Replay: &properties.Replay{Verdict: checkers.Passed()}},
		{Error: toFailure(errors.New("no such system"))},
	} {
		data, err := json.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"progress":{"case":-7}}`))
	f.Add([]byte(`{"result":{"cases":-1}}`))
	f.Add([]byte(`{"result":{},"error":{}}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, line []byte) {
		const first, count = 2, 4
		for _, q := range []*request{
			{Spec: &properties.Spec{First: first, Count: count}},
			{Explore: &properties.ExploreSpec{Cases: make([][]txtar.File, count)}},
			{Replay: "case"},
		} {
			o := outcome{}
			o.last.Case = first
			if q.Explore != nil {
				o.last.Case = 0
			}
			err := o.hear(line, q, func(properties.Progress) {})
			if err != nil && (o.answer != nil || strings.ContainsFunc(err.Error(), unicode.IsControl)) {
				t.Fatalf("%q is refused, and an answer, or for %q", line, err)
			}
			if o.answer != nil {
				again, err := json.Marshal(o.answer)
				if err != nil {
					t.Fatal(err)
				}
				back, err := parseMessage(again, q)
				if diff := cmp.Diff(o.answer, back, cmpopts.EquateEmpty()); err != nil || diff != "" {
					t.Fatalf("%q is read again as %v (-read +read again):\n%s", line, err, diff)
				}
			}
			if q.Explore != nil && o.last.File == "" {
				_ = q.Explore.Cases[o.last.Case]
			}
			if q.Spec != nil && o.last.File == "" && (o.last.Case < first || o.last.Case >= first+count) {
				t.Fatalf("%q is about case %d", line, o.last.Case)
			}
			if o.answer != nil && o.answer.Error == nil && (o.answer.Result == nil) != (q.Spec == nil) {
				t.Fatalf("%q answers another request", line)
			}
		}
	})
}

// FuzzRequest: whatever a parent asks, a child understands or refuses it.
func FuzzRequest(f *testing.F) {
	for _, q := range []request{
		{Property: "S1", Spec: &properties.Spec{Seed: 1, Count: 2}},
		{Property: "S1", Explore: &properties.ExploreSpec{Part: 1, Parts: 2}},
		{Property: "S1", Replay: "verify counterexample 1\n", Name: "a.txtar"},
	} {
		data, err := json.Marshal(q)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"property":"S1"}`))
	f.Add([]byte(`{"spec":{},"explore":{}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		q, err := parseRequest(line)
		if (q == nil) != (err != nil) {
			t.Fatalf("%q is %+v, %v", line, q, err)
		}
		if err != nil {
			return
		}
		if q.Replay != "" {
			_, _ = properties.ParseCounterexample(q.Name, []byte(q.Replay))
		}
		again, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := parseRequest(again); err != nil || back.Property != q.Property {
			t.Fatalf("%q is not understood again: %v", again, err)
		}
	})
}
