package isolate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"synchrony/properties"
)

// named is a hostile system.
func named(t *testing.T, name string) hostile {
	t.Helper()
	for _, h := range all() {
		if h.name == name {
			return h
		}
	}
	t.Fatalf("there is no system %s", name)
	return hostile{}
}

// files are the names and contents of the files in a folder.
func files(t *testing.T, folder string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(data)
	}
	return all
}

// TestSameFiles: the same seed gives the same counterexample, shrunk, whatever addresses,
// numbers and orders a process died with, and with however many processors; and it is known
// when it is found again.
func TestSameFiles(t *testing.T) {
	for _, name := range []string{
		"panics-with-a-pointer", "panics-on-a-goroutine", "prints-dots-and-crashes", "locks-a-mutex-twice",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := named(t, name)
			spec := properties.Spec{Seed: 1, Count: 8, Budget: properties.DefaultBudget}
			var first map[string]string
			for _, processors := range []string{"1", "2"} {
				spec.Corpus = t.TempDir()
				r := newRunner(t, h)
				r.Environment = append(r.Environment, "GOMAXPROCS="+processors)
				res, err := r.Run(t.Context(), "broken-"+name, spec, func(properties.Progress) {})
				if err != nil || len(res.Failures) != 1 || !res.Failures[0].Replayed {
					t.Fatalf("%s: %+v, want it reproduced", said(res, err), res.Failures)
				}
				got := files(t, spec.Corpus)
				if first == nil {
					first = got
				}
				if diff := cmp.Diff(first, got); diff != "" || len(got) != 1 {
					t.Errorf("with %s processors:\n%s", processors, diff)
				}
				res, err = r.Run(t.Context(), "broken-"+name, spec, func(properties.Progress) {})
				if err != nil || len(res.Failures) != 1 || res.Failures[0].Strategy != "corpus" || len(files(t, spec.Corpus)) != 1 {
					t.Errorf("again: %s, %+v", said(res, err), res.Failures)
				}
			}
		})
	}
}

// TestKeepGoingUntilItDies: what a child had found before it died in a later case is not lost with it, in a run that keeps going.
func TestKeepGoingUntilItDies(t *testing.T) {
	h := named(t, "loses-an-update-and-crashes")
	for seed := range uint64(20) { // until the update is lost first
		spec := properties.Spec{Seed: seed, Count: 8, Budget: properties.DefaultBudget, Corpus: t.TempDir(), KeepGoing: true}
		res, err := newRunner(t, h).Run(t.Context(), "broken-"+h.name, spec, func(properties.Progress) {})
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Failures) < 2 {
			continue
		}
		if f := res.Failures; len(f) != 2 || f[0].Rule != "lost update" || f[1].Rule != "crash" || f[1].Case < f[0].Case || len(files(t, spec.Corpus)) != 2 {
			t.Errorf("seed %d: %s", seed, said(res, nil))
		}
		if err := res.Check(true); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		return
	}
	t.Error("no seed of 20 loses an update before it crashes")
}

// TestSavedByTheParent: what a system does to its process does not reach the files.
func TestSavedByTheParent(t *testing.T) {
	for _, name := range []string{"changes-its-folder", "changes-its-environment", "changes-its-umask"} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			const corpus = "corpus" // in the current folder
			for range 2 {
				r, err := run(t.Context(), t, named(t, name), properties.Spec{Corpus: corpus})
				if err != nil || len(r.Failures) != 1 || filepath.Dir(r.Failures[0].File) != corpus {
					t.Fatalf("%s: %+v", said(r, err), r.Failures)
				}
			}
			for file := range files(t, corpus) {
				info, err := os.Stat(filepath.Join(corpus, file))
				if err != nil || info.Mode().Perm()&0o400 == 0 {
					t.Errorf("%s: %v, %v", file, info.Mode(), err)
				}
			}
		})
	}
}

// TestTimeIsOver: a system that does not end is ended when the time of the run is over, long
// before it would be called a hang; what it would have done is not known.
func TestTimeIsOver(t *testing.T) {
	h := named(t, "spins-in-C")
	h.patience = time.Hour
	got := ""
	early := func() bool { return strings.HasSuffix(got, "no case was run") || got == "pass" } // before a child began, or before the first case that spins
	for limit := 100 * time.Millisecond; limit < time.Minute && (got == "" || early()); limit *= 2 {
		got = said(run(t.Context(), t, h, properties.Spec{Deadline: time.Now().Add(limit), Corpus: t.TempDir()}))
	}
	if !strings.HasPrefix(got, "not judged: a checker could not decide: case ") || !strings.HasSuffix(got, ", process: the time was over before the case had ended") {
		t.Errorf("%s", got)
	}
}

// TestExploreInAChild: a crash is a violation of the case that was explored; a child that is
// killed says nothing of it.
func TestExploreInAChild(t *testing.T) {
	for name, want := range map[string]string{
		"panics-on-a-goroutine": "process, crash: the process crashed: panic: five",
		"kills-itself":          "error: case 1: not judged: killed from outside (killed), twice",
		"prints-garbage":        "pass",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := named(t, name)
			check, _ := lookup("broken-" + name)
			small := properties.Spec{Seed: 1}
			spec := properties.ExploreSpec{Corpus: t.TempDir()}
			spec.Bounds.Preemptions, spec.Bounds.Schedules = -1, 20
			for _, workers := range []string{"2\n", "3\n"} {
				files, err := check.Case(small, 0)
				if err != nil {
					t.Fatal(err)
				}
				files[0].Data = []byte(workers)
				spec.Cases = append(spec.Cases, files)
			}
			x, err := newRunner(t, h).Explore(t.Context(), "broken-"+name, spec, func(properties.Progress) {})
			r := properties.Result{Cases: x.Cases}
			if x.Failure != nil {
				r.Failures = append(r.Failures, *x.Failure)
			}
			if got := said(r, err); got != want || (x.Failure != nil) != (len(files(t, spec.Corpus)) == 1) {
				t.Errorf("%s, want %s; %+v", got, want, x)
			}
		})
	}
}
