package history

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"synchrony/reports"
	"synchrony/reports/results"
)

// Entry is a run in a list: of all its properties together, or of one.
type Entry struct {
	ID         int64          `json:"id"`
	Began      time.Time      `json:"began"`
	Tool       string         `json:"tool"`
	Command    string         `json:"command"`
	Seed       uint64         `json:"seed"`
	Status     reports.Status `json:"status"`
	Properties int            `json:"properties"`
	Cases      int            `json:"cases"`
	Schedules  int            `json:"schedules"`
	Seconds    float64        `json:"seconds"`
}

// Rate is schedules per second; 0 if the run took no time.
func (e *Entry) Rate() float64 {
	if e.Seconds <= 0 {
		return 0
	}
	return float64(e.Schedules) / e.Seconds
}

// NoRunError says that there is no run of a number.
type NoRunError struct{ ID int64 }

func (e *NoRunError) Error() string { return fmt.Sprintf("there is no run %d in the history", e.ID) }

// Add keeps a run, and returns its number.
func (s *Store) Add(ctx context.Context, run *results.Run) (id int64, err error) {
	var report bytes.Buffer
	z := gzip.NewWriter(&report)
	if err := errors.Join(results.JSON(z, run), z.Close()); err != nil {
		return 0, err
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx,
			"INSERT INTO runs (began, tool, command, seed, status, properties, cases, schedules, seconds, report) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			run.Began.UnixNano(), run.Tool, run.Command, strconv.FormatUint(run.Seed, 10), string(run.Status()),
			len(run.Properties), run.Cases(), run.Schedules(), run.Elapsed.Seconds(), report.Bytes())
		if err != nil {
			return err
		}
		if id, err = r.LastInsertId(); err != nil {
			return err
		}
		for i := range run.Properties {
			p := &run.Properties[i]
			_, err := tx.ExecContext(ctx, "INSERT INTO results (run, property, status, cases, schedules, seconds) VALUES (?, ?, ?, ?, ?, ?)",
				id, p.Info.ID, string(p.Status()), p.Result.Cases, p.Result.Schedules, p.Result.Seconds)
			if err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM runs WHERE id NOT IN (SELECT id FROM runs ORDER BY id DESC LIMIT ?)", Keep)
		return err
	})
	return id, s.explain(err)
}

// Runs returns the last runs, at most limit of them, the latest first. If property is
// not empty they are those that tested the property of that ID, and their figures
// are its.
func (s *Store) Runs(ctx context.Context, property string, limit int) ([]Entry, error) {
	return s.runs(ctx, property, math.MaxInt64, limit)
}

// runs are Runs up to the run until.
func (s *Store) runs(ctx context.Context, property string, until int64, limit int) ([]Entry, error) {
	query, args := "SELECT id, began, tool, command, seed, status, properties, cases, schedules, seconds FROM runs WHERE id <= ? ORDER BY id DESC LIMIT ?", []any{until, limit}
	if property != "" {
		query = `SELECT id, began, tool, command, seed, results.status, 1, results.cases, results.schedules, results.seconds
			FROM results JOIN runs ON runs.id = run WHERE property = ? AND run <= ? ORDER BY run DESC LIMIT ?`
		args = []any{property, until, limit}
	}
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, s.explain(err)
	}
	defer rows.Close()
	entries := []Entry{}
	for rows.Next() {
		var e Entry
		var began int64
		if err := rows.Scan(&e.ID, &began, &e.Tool, &e.Command, &e.Seed, &e.Status, &e.Properties, &e.Cases, &e.Schedules, &e.Seconds); err != nil {
			return nil, s.explain(err)
		}
		e.Began = time.Unix(0, began).UTC()
		entries = append(entries, e)
	}
	return entries, s.explain(rows.Err())
}

// Run returns the report of a run. The error is a *NoRunError if there is none of that
// number.
func (s *Store) Run(ctx context.Context, id int64) (*results.Run, error) {
	var report []byte
	err := s.db.QueryRowContext(ctx, "SELECT report FROM runs WHERE id = ?", id).Scan(&report)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, &NoRunError{id}
	}
	if err != nil {
		return nil, s.explain(err)
	}
	var run *results.Run
	z, err := gzip.NewReader(bytes.NewReader(report))
	if err == nil {
		run, err = results.ReadJSON(z)
	}
	if err != nil {
		return nil, fmt.Errorf("run %d of the history %s cannot be shown: %w", id, s.path, err)
	}
	return run, nil
}

// Trend is how one property did from run to run, the oldest first.
type Trend struct {
	Property string
	Runs     []Entry
}

// Trends returns how each of the properties did in the last runs that tested it, up to
// the run until, at most limit of them. Properties without any are left out.
func (s *Store) Trends(ctx context.Context, properties []string, until int64, limit int) ([]Trend, error) {
	var trends []Trend
	for _, p := range properties {
		runs, err := s.runs(ctx, p, until, limit)
		if err != nil {
			return nil, err
		}
		if len(runs) > 0 {
			slices.Reverse(runs)
			trends = append(trends, Trend{p, runs})
		}
	}
	return trends, nil
}
