package campaign

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"time"

	"synchrony/properties"
	"synchrony/properties/document"
)

// state is a file from which an exploration goes on.
type state struct {
	Format int                            `json:"format"`
	Build  string                         `json:"build"`          // which build of the program has written it
	Of     string                         `json:"of"`             // a hash of what is explored
	Began  time.Time                      `json:"began"`          // see Exploration.Began
	Tried  properties.Exploration         `json:"tried,omitzero"` // what the only case has shown before it was divided
	Units  map[int]properties.Exploration `json:"units"`          // what each unit has shown so far
	Sum    string                         `json:"sum"`            // of what is before it: see seal
}

const stateFormat = 5

// errDamaged says that a state is not what was written.
var errDamaged = errors.New("its checksum is of something else")

// seal is the end of a state: the SHA-256 of its text up to there, in hex.
func seal(text []byte) string { return fmt.Sprintf(`,"sum":"%x"}`+"\n", sha256.Sum256(text)) }

// write returns the text of a state, which readState reads.
func (s *state) write() ([]byte, error) {
	s.Sum = ""
	text, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimSuffix(text, []byte(`,"sum":""}`))
	return append(text, seal(text)...), nil
}

// identity is a hash of all that decides what a state means, but for the program.
func (x *Exploration) identity() (string, error) {
	first, err := x.Subject.Texts(0, 1)
	if err != nil {
		return "", err
	}
	of, err := json.Marshal([]any{x.Subject.Title, x.Subject.Cases, first, x.Spec.Bounds, x.Subject.Property, portion, parts})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", sha256.Sum256(of)), nil
}

// Began is when the exploration began whose state a file is; now, if there is no such file yet, or none that can be read: Load
// says what is wrong with it.
func Began(file string) time.Time {
	if data, err := properties.ReadFile(file); err == nil {
		if s, err := readState(data); err == nil && !s.Began.IsZero() {
			return s.Began
		}
	}
	return time.Now().UTC()
}

// Load goes on from the file of an earlier exploration of the same subject by the same build of the
// program, if there is such a file.
func (x *Exploration) Load(file, build string) error {
	data, err := properties.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	of, err := x.identity()
	if err != nil {
		return err
	}
	s, err := readState(data)
	if errors.Is(err, errDamaged) {
		return fmt.Errorf("%s is damaged: %w; delete it to begin anew", file, err)
	}
	if err != nil {
		return fmt.Errorf("%s is not the state of an exploration (%w); name another file with --state", file, err)
	}
	if s.Build != build {
		return fmt.Errorf("%s was written by another build of verify (%s; this is %s), which may run other steps; delete it to begin anew", file, s.Build, build)
	}
	if s.Of != of {
		return fmt.Errorf("%s is the state of another exploration: of another case, or with other bounds; delete it to begin anew", file)
	}
	if err := s.fits(x.Subject.Cases); err != nil {
		return fmt.Errorf("%s is damaged: %w; delete it to begin anew", file, err)
	}
	x.tried, x.results = s.Tried, s.Units
	return nil
}

// readState reads a state, of the format of this program.
func readState(data []byte) (*state, error) {
	var head struct {
		Format *int `json:"format"`
	}
	if json.Unmarshal(data, &head) == nil && head.Format != nil && *head.Format != stateFormat {
		return nil, fmt.Errorf("its format is %d; this program reads %d", *head.Format, stateFormat)
	}
	var s state
	if err := document.Read(data, &s); err != nil {
		return nil, err
	}
	if text := data[:max(len(data)-len(seal(nil)), 0)]; seal(text) != string(data[len(text):]) {
		return nil, errDamaged
	}
	return &s, nil
}

// fits says what the units of so many cases cannot have shown.
func (s *state) fits(cases int) error {
	var f document.Faults
	f.In("tried", s.Tried.Check(1))
	f.If(s.Tried.Failure != nil, "tried.failure", "what has failed is not gone on with")
	units, shown := divide(cases), s.Units
	for _, u := range slices.Sorted(maps.Keys(shown)) {
		path := fmt.Sprintf("units[%q]", strconv.Itoa(u))
		if u < 0 || u >= len(units) {
			f.If(true, path, "there are %d units", len(units))
			break
		}
		r := shown[u]
		f.In(path, r.Check(units[u].to-units[u].from))
		f.If(r.Failure != nil, path+".failure", "what has failed is not gone on with")
	}
	return f.Err()
}

// Save writes the state if there is more to explore, and else removes the file.
func (x *Exploration) Save(file, build string, complete bool) error {
	if complete {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	of, err := x.identity()
	if err != nil {
		return err
	}
	s := state{Format: stateFormat, Build: build, Of: of, Began: x.Began, Tried: x.tried, Units: x.results}
	data, err := s.write()
	if err != nil {
		return err
	}
	if err := properties.WriteFile(file, data); err != nil {
		return fmt.Errorf("the state cannot be written to %s: %w", file, err)
	}
	return nil
}
