package trace

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"synchrony/models/text"
)

// FormatProgram writes an observation as lines, which [ParseProgram] reads back: the name of a field and its value in JSON,
// or, of a list, one of its elements; what is zero or empty is left out.
func FormatProgram(o ProgramObservation) (string, error) {
	var b strings.Builder
	v := reflect.ValueOf(o)
	for i := range v.NumField() {
		name, values := v.Type().Field(i).Name, []reflect.Value{v.Field(i)}
		if values[0].Kind() == reflect.Slice {
			list := values[0]
			values = nil
			for k := range list.Len() {
				values = append(values, list.Index(k))
			}
		} else if values[0].IsZero() {
			continue
		}
		for _, value := range values {
			written, err := json.Marshal(value.Interface())
			if err != nil {
				return "", fmt.Errorf("%s: %w", name, err)
			}
			fmt.Fprintf(&b, "%s %s\n", name, written)
		}
	}
	return b.String(), nil
}

// ParseProgram reads what [FormatProgram] writes. Errors are a [text.ErrorList].
func ParseProgram(file, src string) (ProgramObservation, error) {
	var o ProgramObservation
	var errs []*text.Error
	row := 0
	for line := range strings.Lines(src) {
		row++
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if err := parseField(reflect.ValueOf(&o).Elem().FieldByName(name), name, value); err != nil {
			errs = append(errs, &text.Error{File: file, Line: row, Message: err.Error()})
		}
	}
	if len(errs) > 0 {
		return ProgramObservation{}, text.NewErrorList(errs)
	}
	return o, nil
}

// parseField sets a field, or adds an element to it if it is a list.
func parseField(field reflect.Value, name, value string) error {
	if !field.IsValid() {
		return fmt.Errorf("an observation of a program has no field %q", name)
	}
	one := field
	if field.Kind() == reflect.Slice {
		one = reflect.New(field.Type().Elem()).Elem()
	}
	d := json.NewDecoder(strings.NewReader(value))
	d.DisallowUnknownFields()
	if err := d.Decode(one.Addr().Interface()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if d.More() {
		return fmt.Errorf("%s: there is more behind its value", name)
	}
	if field.Kind() == reflect.Slice {
		field.Set(reflect.Append(field, one))
	}
	return nil
}
