package properties_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/executor/sched"
	"synchrony/properties"
)

// echo is a system that shows its workload.
type echo[W any] struct{}

func (echo[W]) Name() string                                            { return "echo" }
func (echo[W]) Run(_ context.Context, _ *sched.Runtime, w W) (W, error) { return w, nil }

// echoes is a property of it that has all that a property needs.
func echoes() properties.Property[int, int] {
	right := checkers.New("right", func(int, int) checkers.Verdict { return checkers.Passed() })
	return properties.Property[int, int]{ID: "echo", System: echo[int]{}, Generator: rapid.Int(), Checkers: []checkers.Checker[int, int]{right}}
}

// TestIncomplete: what a property lacks is named by its field, whatever is asked of it, and nothing panics.
func TestIncomplete(t *testing.T) {
	for field, spoil := range map[string]func(*properties.Property[int, int]){
		"ID":          func(p *properties.Property[int, int]) { p.ID = "" },
		"System":      func(p *properties.Property[int, int]) { p.System = nil },
		"Generator":   func(p *properties.Property[int, int]) { p.Generator = nil },
		"Checkers[1]": func(p *properties.Property[int, int]) { p.Checkers = append(p.Checkers, nil) },
		"Codec": func(p *properties.Property[int, int]) {
			p.Codec.Parse = func([]txtar.File) (int, error) { return 0, nil }
		},
		"Sometimes[0].Holds": func(p *properties.Property[int, int]) {
			p.Sometimes = append(p.Sometimes, properties.Condition[int, int]{Name: "luck"})
		},
	} {
		p := echoes()
		spoil(&p)
		_ = p.Info()
		_, run := p.Run(t.Context(), properties.Spec{Count: 1}, nil)
		_, explored := p.Explore(t.Context(), properties.ExploreSpec{}, nil)
		_, replayed := p.Replay(t.Context(), &properties.Counterexample{})
		_, drawn := p.Case(properties.Spec{}, 0)
		_, _, shrunk := p.ShrinkCase(properties.Spec{}, 0, 1, func([]txtar.File) bool { return false })
		for _, err := range []error{run, explored, replayed, drawn, shrunk} {
			var incomplete *properties.IncompleteError
			if !errors.As(err, &incomplete) || incomplete.Field != field || !strings.Contains(err.Error(), field+" ") {
				t.Errorf("without %s: %v", field, err)
			}
		}
	}
}

// hidden is a workload of which JSON does not say all.
type hidden struct{ Shown, unseen int }

// TestJSON: a workload comes back from its JSON, or it has none.
func TestJSON(t *testing.T) {
	type workload struct {
		Name   string
		Counts map[string][]int
		At     *time.Duration
	}
	rapid.Check(t, func(t *rapid.T) {
		roundTrip(t, rapid.Make[workload]().Draw(t, "workload"))
	})
	if _, err := properties.JSON[hidden]().Format(hidden{1, 2}); err == nil || !strings.Contains(err.Error(), "does not say all of it") {
		t.Errorf("a workload with a field that JSON does not see: %v", err)
	}
	if _, err := properties.JSON[float64]().Format(math.NaN()); err == nil || !strings.Contains(err.Error(), "give the property a Codec") {
		t.Errorf("a number that JSON has not: %v", err)
	}
	for text, want := range map[string]string{`{"Shown": 1, "Other": 2}`: "unknown field", `{} {}`: "there is more", `{`: "workload.json: unexpected EOF"} {
		if _, err := properties.JSON[hidden]().Parse([]txtar.File{{Name: "workload.json", Data: []byte(text)}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if _, err := properties.JSON[hidden]().Parse(nil); err == nil {
		t.Error("no file is read")
	}
}

func roundTrip[W any](t *rapid.T, w W) {
	codec := properties.JSON[W]()
	files, err := codec.Format(w)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := codec.Parse(files); err != nil {
		t.Fatal(err)
	} else if twice, err := codec.Format(again); err != nil || string(twice[0].Data) != string(files[0].Data) {
		t.Fatalf("%s becomes %s, %v", files[0].Data, twice[0].Data, err)
	}
}
