package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"synchrony/properties"
)

// exploreState is a file from which an exploration goes on.
type exploreState struct {
	Format int                            `json:"format"`
	Build  string                         `json:"build"` // which build of the program has written it
	Of     string                         `json:"of"`    // a hash of what is explored
	Units  map[int]properties.Exploration `json:"units"`
}

const exploreStateFormat = 2

// stateOf is a hash of all that decides what a state means, but for the program.
func (x *expedition) stateOf() (string, error) {
	first, err := x.subject.at(0, 1)
	if err != nil {
		return "", err
	}
	bounds := x.spec.Bounds
	of, err := json.Marshal([]any{x.subject.title, x.subject.cases, first, bounds, x.subject.check.Info().ID, portion, parts})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", sha256.Sum256(of)), nil
}

// load goes on from the file of an earlier exploration, if there is one.
func (x *expedition) load(file string) error {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	of, err := x.stateOf()
	if err != nil {
		return err
	}
	build, err := identity()
	if err != nil {
		return err
	}
	var state exploreState
	if err := json.Unmarshal(data, &state); err != nil || state.Format != exploreStateFormat {
		return fmt.Errorf("%s is not the state of an exploration; name another file with --state", file)
	}
	if state.Build != build {
		return fmt.Errorf("%s was written by another build of verify (%s; this is %s), which may run other steps; delete it to begin anew", file, state.Build, build)
	}
	if state.Of != of {
		return fmt.Errorf("%s is the state of another exploration: of another case, or with other bounds; delete it to begin anew", file)
	}
	x.results = state.Units
	return nil
}

// save writes the state if there is more to explore, and else removes it.
func (x *expedition) save(file string, complete bool) error {
	if complete {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	of, err := x.stateOf()
	if err != nil {
		return err
	}
	build, err := identity()
	if err != nil {
		return err
	}
	data, err := json.Marshal(exploreState{Format: exploreStateFormat, Build: build, Of: of, Units: x.results})
	if err != nil {
		return err
	}
	if err := properties.WriteFile(file, append(data, '\n')); err != nil {
		return fmt.Errorf("the state cannot be written to %s: %w", file, err)
	}
	return nil
}
