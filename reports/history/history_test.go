package history

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"synchrony/properties"
	"synchrony/reports"
	"synchrony/reports/results"
)

func open(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// run is a run of two properties, the second of which fails in odd ones.
func run(n int) *results.Run {
	r := &results.Run{
		Tool: "verify v1", Command: fmt.Sprintf("verify run --seed %d", n), Seed: 1<<63 + uint64(n), Iterations: 10,
		Began:   time.Date(2026, 1, 2, 3, 4, n, 0, time.UTC),
		Elapsed: time.Second,
		Properties: []results.Property{
			{Info: properties.Info{ID: "S1", Checkers: []string{"order"}}, Result: properties.Result{Cases: 10, Schedules: 100 * n, Seconds: 0.25}},
			{Info: properties.Info{ID: "S2", Checkers: []string{"race"}}, Result: properties.Result{Cases: 3, Schedules: 7, Seconds: 0.5}},
		},
	}
	if n%2 == 1 {
		r.Properties[1].Result.Failures = []properties.Failure{{Checker: "race", Rule: "race", File: "c/S2.txtar", Text: "verify counterexample 1\n"}}
	}
	return r
}

func add(t *testing.T, s *Store, r *results.Run) int64 {
	t.Helper()
	id, err := s.Add(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TestRunsAreKept: what was added is there again when the file is opened anew.
func TestRunsAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "a?b#c%20d.db")
	first := open(t, path)
	for n := range 3 {
		if id := add(t, first, run(n)); id != int64(n+1) {
			t.Errorf("run %d has the number %d", n, id)
		}
	}
	s := open(t, path)
	got, err := s.Run(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(run(1), got); diff != "" {
		t.Errorf("(-added +kept):\n%s", diff)
	}
	all, err := s.Runs(t.Context(), "", 2)
	if err != nil {
		t.Fatal(err)
	}
	entry := func(n int, status reports.Status) Entry {
		return Entry{
			ID: int64(n + 1), Began: run(n).Began, Tool: "verify v1", Command: run(n).Command, Seed: run(n).Seed,
			Status: status, Properties: 2, Cases: 13, Schedules: 100*n + 7, Seconds: 1,
		}
	}
	if diff := cmp.Diff([]Entry{entry(2, reports.Pass), entry(1, reports.Fail)}, all); diff != "" {
		t.Errorf("the last two runs (-want +got):\n%s", diff)
	}
	one, err := s.Runs(t.Context(), "S2", 10)
	if err != nil {
		t.Fatal(err)
	}
	var statuses []reports.Status
	for _, e := range one {
		statuses = append(statuses, e.Status)
		if e.Schedules != 7 || e.Rate() != 14 {
			t.Errorf("%+v has the figures of the whole run", e)
		}
	}
	if diff := cmp.Diff([]reports.Status{reports.Pass, reports.Fail, reports.Pass}, statuses); diff != "" {
		t.Errorf("the runs of S2 (-want +got):\n%s", diff)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the file has another name: %v", err)
	}
}

func TestTrends(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history.db"))
	for n := range 5 {
		add(t, s, run(n))
	}
	trends, err := s.Trends(t.Context(), []string{"S1", "S9", "S2"}, 5, 3)
	if err != nil {
		t.Fatal(err)
	}
	if len(trends) != 2 || trends[0].Property != "S1" || trends[1].Property != "S2" {
		t.Fatalf("trends are %+v", trends)
	}
	var schedules []int
	for _, e := range trends[0].Runs {
		schedules = append(schedules, e.Schedules)
	}
	if diff := cmp.Diff([]int{200, 300, 400}, schedules); diff != "" {
		t.Errorf("the last three runs, the oldest first (-want +got):\n%s", diff)
	}
	earlier, err := s.Trends(t.Context(), []string{"S1"}, 2, 3)
	if err != nil || len(earlier) != 1 || len(earlier[0].Runs) != 2 || earlier[0].Runs[1].ID != 2 {
		t.Errorf("up to run 2: %+v, %v; want runs 1 and 2", earlier, err)
	}
}

// TestIDsThatDifferInCase: tests of one run whose names differ in the case of letters alone are kept, each with figures of its own.
func TestIDsThatDifferInCase(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history.db"))
	r := run(0)
	r.Subject = results.Tests
	r.Properties[0].Info.ID, r.Properties[0].Result.Schedules = "pkg.TestA", 3
	r.Properties[1].Info.ID, r.Properties[1].Result.Schedules = "pkg.Testa", 5
	add(t, s, r)
	for id, want := range map[string]int{"pkg.TestA": 3, "pkg.Testa": 5} {
		if runs, err := s.Runs(t.Context(), id, 10); err != nil || len(runs) != 1 || runs[0].Schedules != want {
			t.Errorf("runs of %s: %+v, %v; want one of %d schedules", id, runs, err, want)
		}
	}
	if runs, err := s.Runs(t.Context(), "pkg.testa", 10); err != nil || len(runs) != 0 {
		t.Errorf("runs of pkg.testa, which there is not: %+v, %v", runs, err)
	}
}

func TestNoSuchRun(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history.db"))
	var none *NoRunError
	if _, err := s.Run(t.Context(), 7); !errors.As(err, &none) || none.ID != 7 {
		t.Errorf("run 7: %v", err)
	}
	if all, err := s.Runs(t.Context(), "S1", 5); err != nil || all == nil || len(all) != 0 {
		t.Errorf("runs of S1: %v, %v", all, err)
	}
}

// TestTheOldestRunsAreDropped: a store does not grow without end, and numbers are not
// given twice.
func TestTheOldestRunsAreDropped(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "history.db"))
	add(t, s, run(0))
	err := s.write(t.Context(), func(tx *sql.Tx) error { // as if Keep runs more had been added
		_, err := tx.Exec(`WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i <= ?)
			INSERT INTO runs SELECT i, began, tool, command, seed, status, properties, cases, schedules, seconds, report FROM n, runs WHERE id = 1`, Keep)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if id := add(t, s, run(1)); id != Keep+2 {
		t.Errorf("the last run has the number %d, want %d", id, Keep+2)
	}
	all, err := s.Runs(t.Context(), "", 2*Keep)
	if err != nil || len(all) != Keep || all[len(all)-1].ID != 3 {
		t.Errorf("%d runs are kept, down to number %d, %v; want %d, down to 3", len(all), all[len(all)-1].ID, err, Keep)
	}
	if old, err := s.Runs(t.Context(), "S1", 2*Keep); err != nil || len(old) != 1 {
		t.Errorf("S1 has %d results, %v; want the last one", len(old), err)
	}
}

// TestWritersWait: many stores on one new file, all at once, lose nothing.
func TestWritersWait(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	const writers, each = 8, 5
	var all sync.WaitGroup
	failed := make(chan error, writers)
	for range writers {
		all.Go(func() {
			failed <- func() error {
				s, err := Open(context.Background(), path)
				if err != nil {
					return err
				}
				for n := range each {
					if _, err := s.Add(context.Background(), run(n)); err != nil {
						return errors.Join(err, s.Close())
					}
				}
				return s.Close()
			}()
		})
	}
	all.Wait()
	for range writers {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	s := open(t, path)
	if runs, err := s.Runs(t.Context(), "", 1000); err != nil || len(runs) != writers*each {
		t.Errorf("%d runs, %v; want %d", len(runs), err, writers*each)
	}
}

func TestDamagedFiles(t *testing.T) {
	valid := filepath.Join(t.TempDir(), "valid.db")
	s := open(t, valid)
	add(t, s, run(1))
	if _, err := s.db.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(valid)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"text":    []byte("this is no database, but a text that is longer than the header of one, which has a hundred bytes, or so it is said"),
		"garbled": append(bytes.Clone(data[:100]), bytes.Repeat([]byte{0xff}, len(data)-100)...),
	} {
		path := filepath.Join(t.TempDir(), "history.db")
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), path)
		var damaged *DamagedError
		if !errors.As(err, &damaged) || !strings.Contains(err.Error(), "move the file away") {
			t.Errorf("%s: %v, want a *DamagedError", name, err)
		}
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, content) {
			t.Errorf("%s: the file was changed (%v)", name, err)
		}
	}
}

func TestNewerFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, path)
	if _, err := s.db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), path)
	var newer *NewerError
	if !errors.As(err, &newer) || newer.Has != 99 || newer.Knows != len(migrations) {
		t.Errorf("%v, want a *NewerError", err)
	}
}

// TestMigrations: a file of each earlier version is brought to this one, with the runs that it has.
func TestMigrations(t *testing.T) {
	for version := range migrations {
		path := filepath.Join(t.TempDir(), "history.db")
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range migrations[:version] {
			if _, err := db.Exec(m); err != nil {
				t.Fatal(err)
			}
		}
		had := 0
		if version > 0 { // there are tables
			had = 1
			if _, err := db.Exec(`INSERT INTO runs VALUES (1, 0, 'verify', 'verify run', '1', 'pass', 1, 9, 9, 1, '');
				INSERT INTO results VALUES (1, 'S1', 'pass', 9, 9, 1)`); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := db.Exec(fmt.Sprintf("PRAGMA user_version = %d", version)); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		s := open(t, path)
		add(t, s, run(1))
		var now int
		if err := s.db.QueryRow("PRAGMA user_version").Scan(&now); err != nil || now != len(migrations) {
			t.Errorf("from version %d to %d, %v; want %d", version, now, err, len(migrations))
		}
		if runs, err := s.Runs(t.Context(), "S1", 10); err != nil || len(runs) != had+1 {
			t.Errorf("from version %d: %+v, %v; want %d runs of S1", version, runs, err, had+1)
		}
	}
}
