package campaign

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"synchrony/properties"
)

// state is a file from which an exploration goes on.
type state struct {
	Format int                            `json:"format"`
	Build  string                         `json:"build"` // which build of the program has written it
	Of     string                         `json:"of"`    // a hash of what is explored
	Units  map[int]properties.Exploration `json:"units"` // what each unit has shown so far
}

const stateFormat = 3

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

// Load goes on from the file of an earlier exploration of the same subject by the same build of the
// program, if there is such a file.
func (x *Exploration) Load(file, build string) error {
	data, err := os.ReadFile(file)
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
	var s state
	if err := json.Unmarshal(data, &s); err != nil || s.Format != stateFormat {
		return fmt.Errorf("%s is not the state of an exploration; name another file with --state", file)
	}
	if s.Build != build {
		return fmt.Errorf("%s was written by another build of verify (%s; this is %s), which may run other steps; delete it to begin anew", file, s.Build, build)
	}
	if s.Of != of {
		return fmt.Errorf("%s is the state of another exploration: of another case, or with other bounds; delete it to begin anew", file)
	}
	if !fits(s.Units, divide(x.Subject.Cases)) {
		return fmt.Errorf("%s is damaged: no exploration can have come so far; delete it to begin anew", file)
	}
	x.results = s.Units
	return nil
}

// fits reports whether units can have shown this.
func fits(shown map[int]properties.Exploration, units []unit) bool {
	for u, r := range shown {
		if u < 0 || u >= len(units) {
			return false
		}
		cases := units[u].to - units[u].from
		if r.Failure != nil || r.Complete < 0 || r.Complete > r.Cases || r.Cases > cases || r.Schedules < 0 || r.Traces < 0 || r.Unknown < 0 ||
			!r.Outcomes.Valid() {
			return false
		}
		if s := r.Suspended; s != nil && (r.Cases == cases || s.Schedules < 0 || s.Traces < 0 || s.Done < 0) {
			return false
		}
	}
	return true
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
	data, err := json.Marshal(state{Format: stateFormat, Build: build, Of: of, Units: x.results})
	if err != nil {
		return err
	}
	if err := properties.WriteFile(file, append(data, '\n')); err != nil {
		return fmt.Errorf("the state cannot be written to %s: %w", file, err)
	}
	return nil
}
