package properties

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"golang.org/x/tools/txtar"
)

// IncompleteError says that a property lacks what it cannot be tested without.
type IncompleteError struct {
	Property string // its ID
	Field    string // of [Property]
	What     string // what is wrong with it, and what to do
}

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("property %q: %s %s", e.Property, e.Field, e.What)
}

// complete returns p with what it need not say itself. The error is an [*IncompleteError].
func (p *Property[W, O]) complete() (*Property[W, O], error) {
	lacks := func(field, what string) (*Property[W, O], error) {
		return nil, &IncompleteError{p.ID, field, what}
	}
	switch {
	case p.ID == "":
		return lacks("ID", "is empty: seeds and counterexamples are named by it")
	case p.System == nil:
		return lacks("System", "is nil: it is what runs a workload")
	case p.Generator == nil:
		return lacks("Generator", "is nil: it is what draws workloads, rapid.Custom(…) say")
	case (p.Codec.Format == nil) != (p.Codec.Parse == nil):
		return lacks("Codec", "has one of Format and Parse: it needs both, or neither for JSON")
	}
	for i, c := range p.Checkers {
		if c == nil {
			return lacks(fmt.Sprintf("Checkers[%d]", i), "is nil")
		}
	}
	for i, c := range p.Sometimes {
		if c.Holds == nil {
			return lacks(fmt.Sprintf("Sometimes[%d].Holds", i), fmt.Sprintf("is nil: it is what decides whether %q was met", c.Name))
		}
	}
	if p.Codec.Format != nil {
		return p, nil
	}
	whole := *p
	whole.Codec = JSON[W]()
	return &whole, nil
}

// Text returns the codec of workloads that are text, as one file of that name.
func Text[W any](file string, format func(W) string, parse func(text string) (W, error)) Codec[W] {
	return Codec[W]{
		Format: func(w W) ([]txtar.File, error) { return []txtar.File{{Name: file, Data: []byte(format(w))}}, nil },
		Parse: func(files []txtar.File) (w W, err error) {
			if len(files) != 1 || files[0].Name != file {
				return w, fmt.Errorf("there must be one file, %q", file)
			}
			return parse(string(files[0].Data))
		},
	}
}

// jsonFile is the name of a workload's JSON in a counterexample.
const jsonFile = "workload.json"

// JSON returns the codec of workloads whose JSON says all of them: it is that of a property without one. A workload that comes back from its JSON
// as another, for it has unexported fields, say, has no text form by it. One that has a method Validate() error is refused if that says so.
func JSON[W any]() Codec[W] { return Codec[W]{Format: formatJSON[W], Parse: parseJSON[W]} }

func formatJSON[W any](w W) ([]txtar.File, error) {
	text, err := json.MarshalIndent(w, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("%w; give the property a Codec", err)
	}
	files := []txtar.File{{Name: jsonFile, Data: append(text, '\n')}}
	back, err := parseJSON[W](files)
	if err != nil {
		return nil, fmt.Errorf("the JSON of a %T cannot be read again: %w; give the property a Codec", w, err)
	}
	if !reflect.DeepEqual(w, back) {
		return nil, fmt.Errorf("the JSON of a %T does not say all of it (has it unexported fields?): give the property a Codec", w)
	}
	return files, nil
}

func parseJSON[W any](files []txtar.File) (w W, err error) {
	if len(files) != 1 || files[0].Name != jsonFile {
		return w, fmt.Errorf("there must be one file, %q", jsonFile)
	}
	d := json.NewDecoder(bytes.NewReader(files[0].Data))
	d.DisallowUnknownFields()
	if err := d.Decode(&w); err != nil {
		return w, fmt.Errorf("%s: %w", jsonFile, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return w, fmt.Errorf("%s: there is more after the workload", jsonFile)
	}
	if v, ok := any(&w).(interface{ Validate() error }); ok {
		if err := v.Validate(); err != nil {
			return w, fmt.Errorf("%s: %w", jsonFile, err)
		}
	}
	return w, nil
}
