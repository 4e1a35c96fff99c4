package command

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"synchrony/properties/catalogue/broken"
)

// TestWatcher: something runs at first and after each change, once the files have come to rest, and is told what changed since it began.
func TestWatcher(t *testing.T) {
	a, b, c := stamp{1, 1}, stamp{1, 2}, stamp{1, 3}
	looks := []map[string]stamp{ // one after another; a run begins with a look of its own
		{"x": a},                                     // first
		{"x": a},                                     // nothing
		{"x": b}, {"x": c, "y": a}, {"x": c, "y": a}, // two writes, then rest
		{"x": c, "y": a},                   // the second run begins
		{"x": a, "y": a}, {"x": c, "y": a}, // there and back is no change
		{"x": c, "y": a}, {"y": a}, {"y": a}, {"y": a}, // one is gone; the third run begins
	}
	next := func() (map[string]stamp, error) {
		first := looks[0]
		looks = looks[1:]
		return maps.Clone(first), nil
	}
	var runs [][]string
	w := &watcher{
		stamps: next, look: next,
		wait: func() bool { return len(looks) > 0 },
		run:  func(changed []string) bool { runs = append(runs, changed); return true },
	}
	if err := w.loop(); err != nil {
		t.Fatal(err)
	}
	want := [][]string{nil, {"x", "y"}, {"x"}}
	if !slices.EqualFunc(runs, want, slices.Equal) {
		t.Errorf("it ran for %v, want %v", runs, want)
	}
}

// TestWatcherUntilItRuns: what changed since the last run that there was is not forgotten when the next one could not be: not at first, when all
// is to be run, and not later.
func TestWatcherUntilItRuns(t *testing.T) {
	turn := 0
	one := func() (map[string]stamp, error) { // the file of this turn has changed, and was not there before
		all := map[string]stamp{}
		for i := range turn {
			all[string(rune('a'+i))] = stamp{1, 1}
		}
		return all, nil
	}
	could := []bool{false, true, false, false, true, true}
	var runs [][]string
	w := &watcher{
		stamps: one, look: one,
		wait: func() bool { return turn < len(could) },
		run: func(changed []string) bool {
			runs = append(runs, changed)
			turn++
			return could[turn-1]
		},
	}
	if err := w.loop(); err != nil {
		t.Fatal(err)
	}
	want := [][]string{nil, nil, {"b"}, {"b", "c"}, {"b", "c", "d"}, {"e"}}
	if !slices.EqualFunc(runs, want, func(a, b []string) bool { return (a == nil) == (b == nil) && slices.Equal(a, b) }) {
		t.Errorf("it ran for %v, want %v", runs, want)
	}
}

// TestReached: a property is reached by what its packages are made of, and by what says of which modules; tests are no part of it.
func TestReached(t *testing.T) {
	root := t.TempDir()
	in := func(names ...string) (files []string) {
		for _, n := range names {
			files = append(files, filepath.Join(root, filepath.FromSlash(n)))
		}
		return files
	}
	checks := broken.Properties()
	first, second, third := checks[0].Info().ID, checks[1].Info().ID, checks[2].Info().ID
	checks = checks[:3]
	r := &reach{
		root: root,
		packages: map[string]pack{
			"m/a": {filepath.Join(root, "a"), false}, "m/b": {filepath.Join(root, "b"), true}, "m/c": {filepath.Join(root, "c"), false},
		},
		needs: map[string][]string{first: {"fmt", "m/a"}, second: {"m/a", "m/b"}}, // of the third nothing is known
	}
	for _, c := range []struct{ files, want []string }{
		{in("a/x.go"), []string{first, second, third}},
		{in("b/gone.go"), []string{second, third}},
		{in("b/pages/deep.html"), []string{second, third}},
		{in("a/notes.txt", "c/x.go", "a/x_test.go", "README.md", "a/deeper/x.go"), []string{third}},
		{in("a/.x.go", "b/.x.go.swp", "b/pages/deep.html~", "b/x_test.go"), []string{third}},
		{in("go.mod"), []string{first, second, third}},
		{in("elsewhere/go.mod"), []string{third}},
		{nil, []string{third}},
	} {
		if got := r.reached(checks, c.files); !slices.Equal(got, c.want) {
			t.Errorf("%v reach %v, want %v", c.files, got, c.want)
		}
	}
}

// TestStamps: what is watched is what a property may be reached from, and nothing else that lies beside it.
func TestStamps(t *testing.T) {
	root := t.TempDir()
	r := &reach{root: root, packages: map[string]pack{"m/a": {filepath.Join(root, "a"), false}, "m/b": {filepath.Join(root, "b"), true}, "m/gone": {filepath.Join(root, "gone"), false}}}
	for _, name := range []string{
		"go.mod", "a/x.go", "a/x_test.go", "a/x.go~", "a/.x.go.swp", "a/4913", "a/deeper/x.go", "b/y.go", "b/pages/deep.html", "b/pages/.deep.html.swp", "elsewhere/x.go",
	} {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("x"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	all, err := r.stamps()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for name := range all {
		rel, err := filepath.Rel(root, name)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, filepath.ToSlash(rel))
	}
	slices.Sort(got)
	if want := []string{"a/x.go", "b/pages/deep.html", "b/y.go", "go.mod"}; !slices.Equal(got, want) {
		t.Errorf("watched are %v, want %v", got, want)
	}
}
