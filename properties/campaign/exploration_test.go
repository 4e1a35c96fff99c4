package campaign_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"synchrony/executor/sched"
	"synchrony/properties"
	"synchrony/properties/campaign"
	"synchrony/properties/isolate"
)

// here explores in this process. It ends what it explores after so many signs of life, if that is
// not 0, as a person who interrupts would.
type here struct {
	campaign.Runner
	cancel func()
	signs  atomic.Int64
}

func (h *here) Explore(ctx context.Context, id string, spec properties.ExploreSpec, progress func(properties.Progress)) (properties.Exploration, error) {
	check, ok := lookup(id)
	if !ok {
		return properties.Exploration{}, fmt.Errorf("there is no property %q", id)
	}
	return check.Explore(ctx, spec, func(p properties.Progress) {
		progress(p)
		if h.signs.Add(-1) == 0 {
			h.cancel()
		}
	})
}

// exploration is one of a number of cases, of which the one at failing has so many workers that
// updates are lost.
func exploration(cases, failing int) *campaign.Exploration {
	return &campaign.Exploration{
		Subject: campaign.Subject{
			Title: "some counters", Property: "broken-lost-update", Cases: cases,
			Texts: func(from, to int) ([][]txtar.File, error) {
				var all [][]txtar.File
				for i := from; i < to; i++ {
					workers := "1\n"
					if i == failing {
						workers = "2\n"
					}
					all = append(all, []txtar.File{{Name: "workers", Data: []byte(workers)}})
				}
				return all, nil
			},
		},
		Spec: properties.ExploreSpec{Bounds: sched.Bounds{Preemptions: sched.Unbounded}},
		Jobs: 1,
	}
}

// explore runs an exploration, and returns what it comes to, but for times.
func explore(t *testing.T, ctx context.Context, x *campaign.Exploration) properties.Exploration {
	t.Helper()
	r, err := x.Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	r.Seconds = 0
	if r.Failure != nil {
		r.Failure.Found, r.Failure.Shrunk = 0, 0
	}
	return r
}

// TestExplorationDoesNotDependOnJobs: neither when all cases pass nor when one of the middle fails.
func TestExplorationDoesNotDependOnJobs(t *testing.T) {
	for _, failing := range []int{-1, 0, 70, 199} {
		var want properties.Exploration
		for _, jobs := range []int{1, 2, 5} {
			x := exploration(200, failing)
			x.Runner, x.Jobs = &here{}, jobs
			got := explore(t, t.Context(), x)
			if jobs == 1 {
				want = got
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("case %d fails, %d jobs (-1 job +got):\n%s", failing, jobs, diff)
			}
		}
		switch {
		case failing < 0 && (want.Failure != nil || want.Complete != 200):
			t.Errorf("all pass: %+v", want)
		case failing >= 0 && (want.Failure == nil || want.Failure.Case != failing || want.Cases != failing):
			t.Errorf("case %d fails: %+v", failing, want)
		}
	}
}

// unjudged explores as here does, but for the cases that begin with 3 workers: those it cannot judge.
// If late is not nil, whatever begins otherwise waits until a unit after it could not be judged.
type unjudged struct {
	here
	seen atomic.Int64 // units that could not be judged
	want int64        // of them, before anything else is explored
	late chan struct{}
}

func (r *unjudged) Explore(ctx context.Context, id string, spec properties.ExploreSpec, progress func(properties.Progress)) (properties.Exploration, error) {
	if string(spec.Cases[0][0].Data) == "3\n" {
		if r.seen.Add(1) == r.want {
			close(r.late)
		}
		return properties.Exploration{}, &isolate.NotJudgedError{What: "its unit", Why: "out of memory, twice"}
	}
	if r.late != nil {
		<-r.late
	}
	return r.here.Explore(ctx, id, spec, progress)
}

// TestUnitsThatCannotBeJudged: a unit before the end that could not be judged is told, and one after it
// is not, whether or not it was begun.
func TestUnitsThatCannotBeJudged(t *testing.T) {
	const portion, failing = 32, 40 // so that the second unit fails
	for _, jobs := range []int{1, 5} {
		x := exploration(5*portion, failing)
		texts := x.Subject.Texts
		x.Subject.Texts = func(from, to int) ([][]txtar.File, error) {
			all, err := texts(from, to)
			if u := from / portion; u == 0 || u == 3 {
				all[0][0].Data = []byte("3\n")
			}
			return all, err
		}
		r := &unjudged{want: 2}
		if jobs > 1 {
			r.late = make(chan struct{})
		} else {
			r.want = -1 // the last units are never begun
		}
		x.Runner, x.Jobs = r, jobs
		got := explore(t, t.Context(), x)
		if got.Failure == nil || got.Failure.Case != failing || got.Unknown != 1 || !strings.Contains(got.UnknownBy, "out of memory") {
			t.Errorf("%d jobs: %+v, want one unit that could not be judged, and the failure", jobs, got)
		}
	}
}

// TestExplorationGoesOn: wherever it is interrupted, what it comes to in the end is the same, and
// what is left of the state is nothing.
func TestExplorationGoesOn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state")
	x := exploration(100, -1)
	x.Runner = &here{}
	want := explore(t, t.Context(), x)
	for signs := range 100 {
		ctx, cancel := context.WithCancel(t.Context())
		x := exploration(100, -1)
		h := &here{cancel: cancel}
		h.signs.Store(int64(1 + 7*signs))
		x.Runner = h
		if err := x.Load(file, "this build"); err != nil {
			t.Fatal(err)
		}
		got := explore(t, ctx, x)
		cancel()
		if err := x.Save(file, "this build", got.Cases == 100); err != nil {
			t.Fatal(err)
		}
		if got.Cases < 100 {
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after %d interruptions (-in one piece +got):\n%s", signs, diff)
		}
		if _, err := os.Stat(file); err == nil {
			t.Error("the state is still there")
		}
		return
	}
	t.Error("it never ends")
}

// TestSingleCaseGoesOn: a case that was not divided yet goes on where it was interrupted, be that after one
// schedule each time, and loses nothing when there is no time at all.
func TestSingleCaseGoesOn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state")
	x := exploration(1, 0)
	x.Runner = &here{}
	want := explore(t, t.Context(), x)
	if want.Failure == nil || want.Schedules < 2 {
		t.Fatalf("in one piece: %+v", want)
	}
	ran := 0
	for i := range 4 * want.Schedules {
		ctx, cancel := context.WithCancel(t.Context())
		h := &here{cancel: cancel}
		h.signs.Store(1)
		x := exploration(1, 0)
		x.Runner = h
		if late := i%2 == 1; late {
			x.Spec.Deadline = time.Unix(0, 0)
		}
		if err := x.Load(file, "this build"); err != nil {
			t.Fatal(err)
		}
		got := explore(t, ctx, x)
		cancel()
		if got.Failure != nil {
			if got.Schedules != want.Schedules || got.Traces != want.Traces || got.Failure.Rule != want.Failure.Rule {
				t.Errorf("in pieces %+v, want %+v", got, want)
			}
			return
		}
		if s := got.Suspended; s == nil || s.Schedules != ran+1-i%2 {
			t.Fatalf("after %d schedules, attempt %d has come to %+v", ran, i, got)
		}
		ran = got.Suspended.Schedules
		if err := x.Save(file, "this build", false); err != nil {
			t.Fatal(err)
		}
	}
	t.Error("it never ends")
}

// TestStateRefused: a file that is not of this exploration, this build, or any exploration, is
// refused, and not written over.
func TestStateRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state")
	x := exploration(100, -1)
	if err := x.Save(file, "this build", false); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// The checksum comes after the rest: what is not sealed anew is refused for its checksum alone.
	sum := regexp.MustCompile(`,"sum":"[0-9a-f]{64}"}\n$`)
	sealed := func(text string) string {
		return sum.ReplaceAllStringFunc(text, func(string) string {
			return fmt.Sprintf(",\"sum\":\"%x\"}\n", sha256.Sum256([]byte(sum.ReplaceAllString(text, ""))))
		})
	}
	format := string(regexp.MustCompile(`"format":\d+`).Find(good))
	units := func(text string) string {
		return sealed(strings.Replace(string(good), `"units":null`, `"units":`+text, 1))
	}
	unit := func(u string, cases, complete, schedules int, more string) string {
		return units(fmt.Sprintf(`{%q:{"cases":%d,"complete":%d,"schedules":%d,"traces":1,"unknown":0,"seconds":0%s}}`, u, cases, complete, schedules, more))
	}
	suspended := func(schedules int, done string) string {
		return fmt.Sprintf(`,"suspended":{"state":"","schedules":%d,"traces":0,"done":%s}`, schedules, done)
	}
	other := exploration(101, -1)
	for _, c := range []struct {
		x           *campaign.Exploration
		build, text string
		want        string // in the error; empty if the file is right
	}{
		{x, "this build", string(good), ""},
		{x, "this build", unit("0", 7, 7, 7, ""), ""},
		{x, "this build", unit("3", 3, 0, 7, suspended(1, "0.5")), ""},
		{x, "this build", string(good) + "{}", "there is something after the end of the document"},
		{x, "this build", strings.Replace(string(good), format, `"format":1`, 1), "its format is 1; this program reads "},
		{x, "this build", strings.Replace(string(good), format, format+","+format, 1), `the key "format" is there twice`},
		{x, "this build", unit("03", 1, 1, 1, ""), `the key "03" is no whole number`},
		{x, "this build", unit("3", 1, 1, 1, `,"news":1`), `units["3"]: the key "news" is not known here`},
		{x, "this build", units(`{"3":{"cases":1}}`), `units["3"]: the key "complete" is missing`},
		{x, "this build", strings.Replace(unit("3", 3, 0, 7, suspended(1, "0.5")), `"cases":3`, `"cases":2`, 1), "damaged: its checksum is of something else; delete it to begin anew"},
		{x, "this build", strings.Replace(string(good), `"this build"`, `"that build"`, 1), "damaged: its checksum"},
		{x, "this build", sum.ReplaceAllString(string(good), `,"sum":""}`+"\n"), "damaged: its checksum"},
		{x, "this build", sum.ReplaceAllString(string(good), "}\n"), `the key "sum" is missing`},
		{x, "this build", "", "not the state of an exploration"},
		{x, "this build", "{}", "not the state of an exploration"},
		{x, "this build", units(`[]`), "not the state of an exploration"},
		{x, "that build", string(good), "by another build of verify (this build; this is that build)"},
		{other, "this build", string(good), "the state of another exploration"},
		{x, "this build", unit("4", 1, 1, 1, ""), `damaged: units["4"]: there are 4 units`},
		{x, "this build", unit("-1", 1, 1, 1, ""), `damaged: units["-1"]: there are 4 units`},
		{x, "this build", unit("3", 5, 1, 1, ""), `damaged: units["3"].cases: 5, of 4`},
		{x, "this build", unit("0", -1, 1, 1, ""), `damaged: units["0"].cases: -1, which is no count`},
		{x, "this build", unit("0", 1, 2, 1, ""), `damaged: units["0"].complete: 2, of 1 cases`},
		{x, "this build", unit("0", 3, 1, -5, ""), `damaged: units["0"].schedules: -5, which is no count`},
		{x, "this build", unit("0", 3, 1, 0, ""), `damaged: units["0"].traces: 1, of 0 schedules`},
		{x, "this build", unit("0", 32, 1, 1, suspended(1, "0")), `damaged: units["0"].suspended: it is of a case after all 32`},
		{x, "this build", unit("0", 3, 1, 1, suspended(-1, "0")), `damaged: units["0"].suspended.schedules: -1, which is no count`},
		{x, "this build", unit("0", 3, 1, 1, suspended(1, "-0.5")), `damaged: units["0"].suspended.done: -0.5, which is no share`},
		{x, "this build", unit("0", 3, 1, 1, suspended(1, "1.5")), `damaged: units["0"].suspended.done: 1.5, which is no share`},
		{x, "this build", unit("0", 3, 1, 1, `,"unknownReason":"why"`), `damaged: units["0"].unknown: 0, for the reason "why"`},
		{x, "this build", unit("0", 3, 1, 1, `,"failure":{"checker":"","rule":"","reason":"","case":0,"strategy":"","size":0,"deviations":0,"replayed":true,"schedules":0,"foundSeconds":0,"shrunkSeconds":0}`), `damaged: units["0"].failure: what has failed is not gone on with`},
	} {
		if err := os.WriteFile(file, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		err := c.x.Load(file, c.build)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s\nby %s: %v, want %q", c.text, c.build, err, c.want)
		}
	}
}

// TestBegan: an exploration goes on with the time at which it began, which the texts of its cases may depend on.
func TestBegan(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state")
	if began := campaign.Began(file); time.Since(began) > time.Minute {
		t.Errorf("what has not begun began at %v", began)
	}
	x := exploration(100, -1)
	x.Began = time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	if err := x.Save(file, "this build", false); err != nil {
		t.Fatal(err)
	}
	if began := campaign.Began(file); !began.Equal(x.Began) {
		t.Errorf("began at %v, want %v", began, x.Began)
	}
}
