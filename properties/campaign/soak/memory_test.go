package soak

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"synchrony/properties"
	"synchrony/properties/campaign"
)

var noon = time.Date(2020, 1, 2, 12, 0, 0, 0, time.UTC)

// outcome is that of a property that failed by these rules.
func outcome(id string, rules ...string) campaign.Outcome {
	o := campaign.Outcome{Info: properties.Info{ID: id}, Result: properties.Result{Cases: 200, Schedules: 500}}
	for _, rule := range rules {
		o.Result.Failures = append(o.Result.Failures, properties.Failure{Checker: "c", Rule: rule, File: rule + ".txtar"})
	}
	return o
}

// take takes in a round of all that the outcomes are of.
func take(m *Memory, build string, list ...campaign.Outcome) (news []string) {
	var ids []string
	for i := range list {
		ids = append(ids, list[i].Info.ID)
	}
	for _, f := range m.Take(m.Round(ids, nil, 200), list, build, true, noon, noon.Add(time.Minute)) {
		text := f.Info.ID + " " + f.Failure.Rule
		if f.Again {
			text += " again"
		}
		news = append(news, text)
	}
	return news
}

// TestNews: a cause is told once, whichever property shows it, and again only if it had gone in another build.
func TestNews(t *testing.T) {
	caused := outcome("B", "late")
	caused.Result.Failures[0].Cause = &properties.Cause{Checker: "plan", Rule: "no edge"}
	other := outcome("C", "other")
	other.Result.Failures[0].Cause = caused.Result.Failures[0].Cause
	m := &Memory{Format: format}
	for i, c := range []struct {
		build string
		list  []campaign.Outcome
		want  []string
	}{
		{"1", []campaign.Outcome{outcome("A"), caused}, []string{"B late"}},
		{"1", []campaign.Outcome{outcome("A", "x", "y"), caused, other}, []string{"A x", "A y"}},
		{"1", []campaign.Outcome{outcome("A", "x")}, nil},
		{"2", []campaign.Outcome{outcome("A", "y")}, nil},                                       // x is gone
		{"2", []campaign.Outcome{outcome("A", "y", "x"), caused, other}, []string{"A x again"}}, // and is there again
		{"3", []campaign.Outcome{outcome("B")}, nil},                                            // C, and not B, showed its cause last
		{"3", []campaign.Outcome{other}, nil},
		{"3", []campaign.Outcome{outcome("A", "x", "x"), outcome("D", "x")}, []string{"D x"}}, // no cause is known: each by itself
	} {
		if got := take(m, c.build, c.list...); !slices.Equal(got, c.want) {
			t.Errorf("round %d: new are %q, want %q", i+1, got, c.want)
		}
		if want := uint64(i + 1); m.Next != want {
			t.Errorf("round %d: the next seed is %d, want %d", i+1, m.Next, want)
		}
	}
	if c := m.Causes[1]; c.First.Property != "A" || !c.Again || c.Times != 5 || c.First.Seed != 1 || c.Last.Seed != 7 || c.Last.File != "x.txtar" || c.Gone != "" {
		t.Errorf("of x it remembers %+v", c)
	}
	var stretches []Stretch
	for _, s := range m.Tried {
		s.Seconds = 0
		stretches = append(stretches, s)
	}
	if want := []Stretch{
		{Build: "1", LastSeed: 2, Rounds: 3, Cases: 1200, Schedules: 3000},
		{Build: "2", FirstSeed: 3, LastSeed: 4, Rounds: 2, Cases: 800, Schedules: 2000},
		{Build: "3", FirstSeed: 5, LastSeed: 7, Rounds: 3, Cases: 800, Schedules: 2000},
	}; !reflect.DeepEqual(stretches, want) {
		t.Errorf("it remembers %+v, want %+v", stretches, want)
	}
}

// TestUnfinished: of a round that was ended the failures count, and its seed is used again.
func TestUnfinished(t *testing.T) {
	m := &Memory{Format: format, Next: 7}
	news := m.Take(m.Round([]string{"A"}, nil, 5), []campaign.Outcome{outcome("A", "x")}, "1", false, noon, noon)
	if len(news) != 1 || m.Next != 7 || m.Rounds != 0 || len(m.Tried) != 0 || !m.Causes[0].Untold {
		t.Errorf("new are %v, and it remembers %+v", news, m)
	}
	if m.Causes[0].Told(); m.Causes[0].Untold || m.Causes[0].Again {
		t.Error("what was told is untold")
	}
}

// TestPriority: every second round is of the properties that changed, failed, or met something rarely, with the cases of all.
func TestPriority(t *testing.T) {
	all := []string{"A", "B", "C", "D", "E", "F", "G"}
	m := &Memory{Format: format, Next: 3}
	if r := m.Round(all, []string{"B"}, 200); r.Priority || r.Cases != 200 || len(r.Properties) != 7 || r.Seed != 3 {
		t.Errorf("the first round is %+v", r)
	}
	m.Rounds = 1
	if r := m.Round(all, nil, 200); r.Priority || len(r.Properties) != 7 {
		t.Errorf("without priorities, the second round is %+v", r)
	}
	m.Causes = []Cause{{Last: Sighting{Property: "C"}, Rule: "r", Times: 1}}
	m.Rare = []string{"F"}
	if r := m.Round(all, []string{"B", "Z"}, 200); !r.Priority || r.Cases != 400 || !slices.Equal(r.Properties, []string{"B", "C", "F"}) {
		t.Errorf("the second round is %+v", r)
	}
	if r := m.Round(all, all, 200); r.Priority {
		t.Errorf("a round of all is said to be of some: %+v", r)
	}
	var many []string
	for range 100 {
		many = append(many, "x")
	}
	if r := m.Round(append(many, "C"), nil, 200); r.Cases != 2000 {
		t.Errorf("one of many gets %d cases", r.Cases)
	}
}

// TestRare: what is rare in a usual round is, until a usual round says otherwise.
func TestRare(t *testing.T) {
	met := func(n int) campaign.Outcome {
		o := outcome("A")
		o.Result.Sometimes = []properties.Count{{Name: "often", Cases: 90}, {Name: "it", Cases: n}}
		return o
	}
	m := &Memory{Format: format}
	all := []string{"A", "B"}
	for i, c := range []struct {
		cases int
		rare  bool
	}{{2, true}, {500, true}, {3, false}, {900, false}, {0, true}} {
		r := m.Round(all, nil, 200)
		if want := i == 1; r.Priority != want {
			t.Errorf("round %d is %+v", i+1, r)
		}
		m.Take(r, []campaign.Outcome{met(c.cases)}, "1", true, noon, noon)
		if got := slices.Equal(m.Rare, []string{"A"}); got != c.rare {
			t.Errorf("round %d: rare are %q", i+1, m.Rare)
		}
	}
}

// TestFile: what is saved is read back, and anything else is refused.
func TestFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "memory.json")
	m, err := Open(file)
	if err != nil || m.Next != 0 || len(m.Causes) > 0 {
		t.Fatalf("of nothing it reads %+v, %v", m, err)
	}
	if _, err := Open(file); err == nil || !strings.Contains(err.Error(), "another verify farm soak uses") {
		t.Errorf("it is opened twice: %v", err)
	}
	take(m, "1", outcome("A", "x"))
	if err := m.Save(); err != nil {
		t.Fatal(err)
	}
	m.Close()
	back, err := Open(file)
	if err != nil || !reflect.DeepEqual(back.Causes, m.Causes) || !reflect.DeepEqual(back.Tried, m.Tried) || back.Next != 1 || back.Rounds != 1 {
		t.Errorf("it reads %+v, %v; saved was %+v", back, err, m)
	}
	back.Close()
	right, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, want string }{
		{"verify soak 1", "verify soak 2", `its format is "verify soak 2"`},
		{`"rounds": 1`, `"rounds": -1`, "-1 rounds"},
		{`"rounds": 1`, `"round": 1`, `unknown field "round"`},
		{`"times": 1`, `"times": 0`, "cause 1 lacks"},
		{`"lastSeed": 0`, `"lastSeed": 1`, "seed 1 is next, and seed 1 was tried"},
		{"}\n", "", "something follows"},
	} {
		wrong := strings.Replace(string(right), c.from, c.to, 1)
		if c.from == "}\n" {
			wrong = string(right) + "{}"
		}
		if err := os.WriteFile(file, []byte(wrong), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(file); wrong == string(right) || err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "--memory") {
			t.Errorf("with %q for %q: %v", c.to, c.from, err)
		}
	}
}

// TestOddFiles: a link and its target are one memory, and what is no file is refused at once.
func TestOddFiles(t *testing.T) {
	folder := t.TempDir()
	file, link := filepath.Join(folder, "m"), filepath.Join(folder, "link")
	m, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := m.Save(); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(link); err == nil || !strings.Contains(err.Error(), "another verify farm soak uses") {
		t.Errorf("by another name it is opened twice: %v", err)
	}
	pipe := filepath.Join(folder, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(pipe); err == nil || !strings.Contains(err.Error(), "is no file") {
		t.Errorf("of a pipe: %v", err)
	}
}
