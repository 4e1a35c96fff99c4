package gotest

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"

	protocol "synchrony/executor/shim/testing"
	"synchrony/models/schedule"
	"synchrony/properties"
)

// FuzzAnswer: whatever a test binary, or a test in it, says, it is refused in one line, or an answer that a
// search can count with, and that is written as it was read.
func FuzzAnswer(f *testing.F) {
	for _, a := range []protocol.Answer{
		{Version: protocol.Version},
		{Tests: []protocol.Test{{Name: "TestA", Kind: "test"}}},
		{Progress: &protocol.Progress{Schedules: 7}},
		{Finding: &protocol.Finding{
			Test: "TestA", Kind: protocol.Deadlock, Message: "all wait", Schedule: "3+1 steps 9 hash 0000000000000007", Found: 3, Minimised: 1,
			Tasks: []protocol.Task{{Name: "main", State: "waiting"}}, Steps: []protocol.Step{{Task: -1, Op: "fire"}}, Log: []string{"a"},
		}},
		{Done: &protocol.Done{Schedules: 9, Steps: 4, Longest: 5, Tasks: 2, Total: 40, Kinds: map[string]int{"passed": 9}, Complete: true}},
		{Done: &protocol.Done{Schedules: 1, Run: &protocol.Run{Schedule: "1+1", Tasks: []int32{-1, 0}, Choices: []uint16{1, 2}, Picks: []protocol.Pick{{Step: 1, Choice: 1}}}}},
		{Error: "no such test"},
	} {
		data, err := json.Marshal(a)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"version":1,"error":"x"}`))
	f.Add([]byte(`{"done":{"schedules":-1,"steps":0,"longest":0,"tasks":0,"total":0}}`))
	f.Add([]byte(`{"progress":{"schedules":1},"progress":{"schedules":2}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		a, err := parseAnswer(line)
		if err != nil {
			if a != nil || strings.ContainsFunc(err.Error(), unicode.IsControl) {
				t.Fatalf("the error is %q", err)
			}
			return
		}
		if a.Finding != nil { // what a search makes of it
			h := &search{test: &Test{}, tell: &describer{}, began: time.Now()}
			h.res.Cases, h.res.Schedules = 1, 1
			if err := h.take(Case{Package: "p", Test: "TestA"}, a.Finding); err != nil {
				t.Fatal(err)
			}
			if err := h.res.Check(true); err != nil {
				t.Fatal(err)
			}
		}
		again, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		back, err := parseAnswer(again)
		if err != nil {
			t.Fatalf("%s is not read again: %v", again, err)
		}
		if diff := cmp.Diff(a, back, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-read +read again):\n%s", diff)
		}
	})
}

// FuzzCase: whatever a counterexample of a test says of how it was run, it is refused in one line, or a case that is
// written as it was read.
func FuzzCase(f *testing.F) {
	for _, c := range []Case{
		{Package: "example.org/pool", Test: "TestClose", Identity: "0123456789abcdef"},
		{Package: "p", Test: "FuzzÄ", Race: true, Tags: "a,b", Input: 3, Cold: true, Identity: "x", Settings: protocol.Settings{MaxSteps: 9, Impatient: true, Seed: 1<<64 - 1, Short: true}},
	} {
		f.Add(c.files()[0].Data)
	}
	f.Add([]byte("package p\ntest T\nrace perhaps\n"))
	f.Add([]byte("package -toolexec=x\ntest T\n"))
	f.Add([]byte("package p\npackage q\ntest T\ninput -1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		x := &properties.Counterexample{Workload: []txtar.File{{Name: testFile, Data: data}}, Schedule: &schedule.Schedule{}}
		c, err := caseOf("f", x)
		if err != nil {
			if strings.ContainsFunc(err.Error(), unicode.IsControl) {
				t.Fatalf("the error is %q", err)
			}
			return
		}
		x.Workload = c.files()
		back, err := caseOf("f", x)
		if err != nil {
			t.Fatalf("%s is not read again: %v", x.Workload[0].Data, err)
		}
		if diff := cmp.Diff(c, back); diff != "" {
			t.Fatalf("(-read +read again):\n%s", diff)
		}
	})
}
