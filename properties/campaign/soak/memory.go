package soak

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"synchrony/properties"
	"synchrony/properties/isolate/process"
)

// format is what a memory begins with.
const format = "verify soak 1"

// Memory is what is known of all rounds until now. Its zero value knows nothing.
type Memory struct {
	Format string    `json:"format"`
	Next   uint64    `json:"next"`   // the seed of the next round: those before it are used up
	Rounds int       `json:"rounds"` // that came to their end
	Tried  []Stretch `json:"tried"`  // what they tested, in their order
	Causes []Cause   `json:"causes"` // of failures, in the order in which they were found
	Rare   []string  `json:"rare"`   // properties that met a condition rarely in the last round that had them

	file string   // where it is kept
	lock *os.File // held until it is closed
}

// Stretch is successive rounds of one build.
type Stretch struct {
	Build     string  `json:"build"`
	FirstSeed uint64  `json:"firstSeed"`
	LastSeed  uint64  `json:"lastSeed"`
	Rounds    int     `json:"rounds"`
	Cases     int     `json:"cases"`
	Schedules int     `json:"schedules"`
	Seconds   float64 `json:"seconds"`
}

// Cause is why properties fail.
type Cause struct {
	Checker string   `json:"checker"`
	Rule    string   `json:"rule"`
	Alone   string   `json:"alone,omitempty"` // see properties.Group, which these are
	First   Sighting `json:"first"`
	Last    Sighting `json:"last"`
	Times   int      `json:"times"` // properties that failed for it, over all rounds
	// Gone is the build of which a round with the property that showed it last did not see it any more; empty if it is still there, as far as is known. When it
	// comes again, it is new.
	Gone string `json:"gone,omitempty"`
	// Untold says that who is to be told of new causes has not heard of it.
	Untold bool `json:"untold,omitempty"`
	Again  bool `json:"again,omitempty"` // what is untold is that it is back
}

// Told says that who is to be told of it has heard.
func (c *Cause) Told() { c.Untold, c.Again = false, false }

// Group is the failures that have the cause.
func (c *Cause) Group() properties.Group {
	return properties.Group{Checker: c.Checker, Rule: c.Rule, Alone: c.Alone}
}

// Sighting is one failure.
type Sighting struct {
	Time     time.Time `json:"time"`
	Property string    `json:"property"` // by ID
	Seed     uint64    `json:"seed"`
	Build    string    `json:"build"`
	File     string    `json:"file,omitempty"` // the counterexample; empty if none was saved
}

// Open reads a memory, and keeps others from it until it is closed: two would use the same seeds, and each forget what the other has found. A file
// that is not there is a memory that knows nothing.
func Open(file string) (*Memory, error) {
	if target, err := filepath.EvalSymlinks(file); err == nil { // which has one lock, by whatever name
		file = target
	}
	lock, err := process.Lock(file + ".lock")
	if errors.Is(err, process.ErrLocked) {
		return nil, fmt.Errorf("another verify farm soak uses %s; wait for that one, or name another file with --memory", file)
	}
	if err != nil {
		return nil, fmt.Errorf("nothing can be remembered in %s: %w; name another file with --memory", file, err)
	}
	m, err := read(file)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	m.file, m.lock = file, lock
	return m, nil
}

func read(file string) (*Memory, error) {
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() { // a pipe would be waited for
		return nil, fmt.Errorf("%s is no file that can remember; name another one with --memory", file)
	}
	data, err := properties.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return &Memory{Format: format}, nil
	}
	if err != nil {
		return nil, err
	}
	m, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s is no memory of verify farm soak: %w; name another file with --memory", file, err)
	}
	return m, nil
}

// Close lets others have the memory. What was not saved is lost.
func (m *Memory) Close() { _ = m.lock.Close() }

func parse(data []byte) (*Memory, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, errors.New("it is empty")
	}
	m := &Memory{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(m); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows its end")
	}
	if m.Format != format {
		return nil, fmt.Errorf("its format is %q, and not %q", m.Format, format)
	}
	if m.Rounds < 0 {
		return nil, fmt.Errorf("it says that there were %d rounds", m.Rounds)
	}
	for _, t := range m.Tried {
		if t.LastSeed >= m.Next {
			return nil, fmt.Errorf("seed %d is next, and seed %d was tried", m.Next, t.LastSeed)
		}
	}
	for i := range m.Causes {
		c := &m.Causes[i]
		if c.Last.Property == "" || c.Rule == "" || c.Times < 1 {
			return nil, fmt.Errorf("cause %d lacks its property, its rule or how often it was seen", i+1)
		}
		if slices.ContainsFunc(m.Causes[:i], func(o Cause) bool { return o.Group() == c.Group() }) {
			return nil, fmt.Errorf("cause %d, %v, is there twice", i+1, c.Group())
		}
	}
	return m, nil
}

// Save writes the memory, whole or not at all.
func (m *Memory) Save() error {
	data, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return err
	}
	return properties.WriteFile(m.file, append(data, '\n'))
}
