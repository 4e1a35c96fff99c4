package command

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"synchrony/properties/document"
)

// TestFarmedChecks: what workers say of the parts of a history is put together, and refused if it cannot be true.
func TestFarmedChecks(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.edn")
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		model         string
		parts         []checkReport // what is said of each
		want, problem string        // the reason of the report, or a part of an error
	}{
		{model: "kv", parts: []checkReport{{Verdict: "pass"}, {Verdict: "pass", Reason: "second"}}},
		{model: "kv", parts: []checkReport{{Verdict: "unknown", Reason: "first"}, {Verdict: "pass"}, {Verdict: "unknown", Reason: "third"}}, want: "first"},
		{model: "kv", parts: []checkReport{{Verdict: "unknown", Reason: "first"}, {Verdict: "fail", Reason: "second"}, {Verdict: "fail", Reason: "third"}}, want: "second"},
		{model: "kv", parts: []checkReport{{Verdict: "fail", Reason: "first"}, {Verdict: "fail", Refuted: true, Reason: "second"}}, want: "second"},
		{model: "kv", parts: []checkReport{{Verdict: "pass"}, {Verdict: "good"}}, problem: "cannot be true"},
		{model: "kv", parts: []checkReport{{Verdict: "pass"}, {Verdict: "pass", File: "b.edn"}}, problem: "cannot be true"},
		{model: "kv", parts: []checkReport{{Verdict: "pass"}, {Verdict: ""}}, problem: "the disk is full"},
		{model: "list-append", parts: []checkReport{{Verdict: "pass", Reason: "whole"}, {Verdict: "fail"}}, want: "whole"},
	} {
		f := farmOf(t, scripted(func(request json.RawMessage) (any, error) {
			var q checkRequest
			err := document.Read(request, &q)
			r := c.parts[q.Part]
			if r.Verdict == "" {
				return nil, errors.New("the disk is full")
			}
			if r.File == "" {
				r.File = q.File
			}
			return checkReply{Report: &r}, err
		}))
		o := &checkOptions{model: c.model}
		h := sentHistory{path: file}
		if err := (&app{}).digest(&h, ""); err != nil {
			t.Fatal(err)
		}
		j := farmedCheck{f, o, o.request(0, &h, "")}
		r, _, err := j.judge(t.Context(), &h, len(c.parts))
		switch {
		case c.problem != "":
			if err == nil || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("%+v: %+v, %v; want an error with %q", c.parts, r, err, c.problem)
			}
		case err != nil || r.Reason != c.want || r.Refuted:
			t.Errorf("%+v: %+v, %v; want the reason %q", c.parts, r, err, c.want)
		}
		if err := f.Submitter.Close(t.Context(), true); err != nil {
			t.Fatal(err)
		}
	}
}
