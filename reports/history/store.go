package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Keep is how many runs a store keeps: adding one more drops the oldest.
const Keep = 1000

// Store is an open database of runs. Its methods may be called from several
// goroutines, and on the same file from several processes.
type Store struct {
	path string
	db   *sql.DB
}

// DamagedError says that a file is no database, or a broken one.
type DamagedError struct {
	Path string
	Err  error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("the history %s is damaged (%v); move the file away, and a new one is begun", e.Path, e.Err)
}

func (e *DamagedError) Unwrap() error { return e.Err }

// NewerError says that a file was written by a later version of this program.
type NewerError struct {
	Path       string
	Has, Knows int // versions of the schema
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("the history %s has version %d, and this program knows up to %d: use a newer one", e.Path, e.Has, e.Knows)
}

// migrations bring a database from the version that is the index to the next one.
// They are never changed, only added to.
var migrations = []string{
	`CREATE TABLE runs (
		id         INTEGER PRIMARY KEY AUTOINCREMENT,
		began      INTEGER NOT NULL,  -- Unix time in nanoseconds
		tool       TEXT NOT NULL,
		command    TEXT NOT NULL,
		seed       TEXT NOT NULL,     -- unsigned: does not fit an INTEGER
		status     TEXT NOT NULL,
		properties INTEGER NOT NULL,
		cases      INTEGER NOT NULL,
		schedules  INTEGER NOT NULL,
		seconds    REAL NOT NULL,
		report     BLOB NOT NULL      -- JSON, by gzip
	);
	CREATE TABLE results (
		run       INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
		property  TEXT NOT NULL COLLATE NOCASE,
		status    TEXT NOT NULL,
		cases     INTEGER NOT NULL,
		schedules INTEGER NOT NULL,
		seconds   REAL NOT NULL,
		PRIMARY KEY (property, run)
	) WITHOUT ROWID;
	CREATE INDEX results_of_run ON results (run);`,

	// IDs of properties that differ in the case of letters alone are different: so are the names of Go tests.
	`CREATE TABLE exact (
		run       INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
		property  TEXT NOT NULL,
		status    TEXT NOT NULL,
		cases     INTEGER NOT NULL,
		schedules INTEGER NOT NULL,
		seconds   REAL NOT NULL,
		PRIMARY KEY (property, run)
	) WITHOUT ROWID;
	INSERT INTO exact SELECT run, property, status, cases, schedules, seconds FROM results;
	DROP TABLE results;
	ALTER TABLE exact RENAME TO results;
	CREATE INDEX results_of_run ON results (run);`,
}

// Open opens the database in the file path, which is made, with its folder, if need
// be. The error is a *DamagedError or a *NewerError if that is what is wrong.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, err
	}
	// Writers wait for one another; a transaction that will write says so at its start,
	// or two that have read would both wait for the other to end.
	options := url.Values{
		"_pragma": {fmt.Sprintf("busy_timeout(%d)", busyTime.Milliseconds()), "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}
	name := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: options.Encode()}).String()
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	s := &Store{path, db}
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(s.explain(err), db.Close())
	}
	return s, nil
}

// busyTime is how long writers wait for one another.
const busyTime = 10 * time.Second

// begin makes the first connection, and brings the database to the version of this program. SQLite waits for other writers by itself, but not where
// a new database gets its write-ahead log: of two that begin at once, one is told that it is busy.
func (s *Store) begin(ctx context.Context) error {
	for end := time.Now().Add(busyTime); ; {
		err := s.migrate(ctx)
		if code(err) != sqlite3.SQLITE_BUSY || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// code is that of SQLite's error, without the extended code's detail; 0 if it is none.
func code(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// migrate brings the database to the version of this program.
func (s *Store) migrate(ctx context.Context) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		var version int
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
			return err
		}
		if version > len(migrations) {
			return &NewerError{s.path, version, len(migrations)}
		}
		for ; version < len(migrations); version++ {
			if _, err := tx.ExecContext(ctx, migrations[version]); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version))
		return err
	})
}

// write runs f in a transaction, which no other writer disturbs.
func (s *Store) write(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		_ = tx.Rollback() // err says more
		return err
	}
	return tx.Commit()
}

// explain tells a damaged file from other errors.
func (s *Store) explain(err error) error {
	switch code(err) {
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return &DamagedError{s.path, err}
	}
	return err
}
