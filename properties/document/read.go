package document

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Error says what is wrong with a document, and where. It is one line, without control characters.
type Error struct {
	Line   int    // counted from 1; 0 if it is not about a place in the text
	Column int    // counted from 1, in characters: where what is wrong ends; 0 as Line
	Path   string // of the value, as "properties[2].cases"; empty for the whole document
	What   string
}

func (e *Error) Error() string {
	text := e.What
	if e.Path != "" {
		text = e.Path + ": " + text
	}
	if e.Line > 0 {
		text = fmt.Sprintf("line %d: %s", e.Line, text)
	}
	return text
}

// Read reads one JSON document into the value that into points to, as [json.Unmarshal] does, but
// refuses what that lets pass: anything after the document, keys that the type does not have, also
// in other letters, keys that are there twice, keys that are missing and are always written (those
// without omitempty and omitzero), null where encoding/json does not write it, and text that is not
// UTF-8. The error is an *Error.
func Read(data []byte, into any) error {
	if !utf8.Valid(data) {
		return &Error{What: "it is not a text in UTF-8"}
	}
	r := reader{data: data, tokens: json.NewDecoder(bytes.NewReader(data)), fields: map[reflect.Type]map[string]field{}}
	if err := r.value(reflect.ValueOf(into).Elem(), "", false); err != nil {
		return err
	}
	if _, err := r.tokens.Token(); !errors.Is(err, io.EOF) {
		return r.wrong("", "there is something after the end of the document")
	}
	return nil
}

// reader is a document that is being read.
type reader struct {
	data   []byte
	tokens *json.Decoder
	fields map[reflect.Type]map[string]field
}

// field is a field of a struct, under the name that it has in JSON.
type field struct {
	index    []int
	required bool
}

// value reads the next value into v. It may be null if v is nullable.
func (r *reader) value(v reflect.Value, path string, nullable bool) error {
	if isPlain(v.Type()) {
		return r.plain(v, path, nullable)
	}
	token, err := r.tokens.Token()
	switch {
	case err != nil:
		return r.broken(path, err)
	case token == nil && nullable:
		return nil
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch kind := v.Kind(); {
	case kind == reflect.Slice && token == json.Delim('['):
		return r.list(v, path)
	case kind == reflect.Map && token == json.Delim('{'):
		return r.mapping(v, path)
	case kind == reflect.Struct && token == json.Delim('{'):
		return r.object(v, path)
	}
	return r.wrong(path, "it must be "+wanted(v.Type()))
}

// isPlain reports whether a value of a type is read at once, by encoding/json.
func isPlain(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	if p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return true
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return false
	case reflect.Slice:
		return t.Elem().Kind() == reflect.Uint8
	case reflect.Pointer:
		return isPlain(t.Elem())
	}
	return true
}

// plain reads a value that has no parts of its own.
func (r *reader) plain(v reflect.Value, path string, nullable bool) error {
	var raw json.RawMessage
	if err := r.tokens.Decode(&raw); err != nil {
		return r.broken(path, err)
	}
	if string(raw) == "null" && !nullable || json.Unmarshal(raw, v.Addr().Interface()) != nil {
		return r.wrong(path, fmt.Sprintf("it is %s, and must be %s", shown(raw), wanted(v.Type())))
	}
	return nil
}

// list reads the rest of an array.
func (r *reader) list(v reflect.Value, path string) error {
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	for i := 0; r.tokens.More(); i++ {
		item := reflect.New(v.Type().Elem()).Elem()
		if err := r.value(item, fmt.Sprintf("%s[%d]", path, i), false); err != nil {
			return err
		}
		v.Set(reflect.Append(v, item))
	}
	return r.end(path)
}

// mapping reads the rest of an object whose keys are data.
func (r *reader) mapping(v reflect.Value, path string) error {
	v.Set(reflect.MakeMap(v.Type()))
	for r.tokens.More() {
		name, err := r.key(path)
		if err != nil {
			return err
		}
		key := reflect.New(v.Type().Key()).Elem()
		if key.Kind() == reflect.String {
			key.SetString(name)
		} else {
			n, err := strconv.Atoi(name)
			if err != nil || strconv.Itoa(n) != name {
				return r.wrong(path, fmt.Sprintf("the key %s is no whole number", shown([]byte(name))))
			}
			key.SetInt(int64(n))
		}
		if v.MapIndex(key).IsValid() {
			return r.wrong(path, fmt.Sprintf("the key %s is there twice", shown([]byte(name))))
		}
		item := reflect.New(v.Type().Elem()).Elem()
		if err := r.value(item, fmt.Sprintf("%s[%s]", path, shown([]byte(name))), false); err != nil {
			return err
		}
		v.SetMapIndex(key, item)
	}
	return r.end(path)
}

// object reads the rest of an object whose keys are those of a struct.
func (r *reader) object(v reflect.Value, path string) error {
	fields := r.fieldsOf(v.Type())
	seen := map[string]bool{}
	for r.tokens.More() {
		name, err := r.key(path)
		if err != nil {
			return err
		}
		f, known := fields[name]
		switch {
		case !known:
			return r.wrong(path, fmt.Sprintf("the key %s is not known here", shown([]byte(name))))
		case seen[name]:
			return r.wrong(path, fmt.Sprintf("the key %q is there twice", name))
		}
		seen[name] = true
		v := v.FieldByIndex(f.index)
		nullable := f.required && slices.Contains([]reflect.Kind{reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface}, v.Kind())
		if err := r.value(v, strings.TrimPrefix(path+"."+name, "."), nullable); err != nil {
			return err
		}
	}
	if err := r.end(path); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if fields[name].required && !seen[name] {
			return r.wrong(path, fmt.Sprintf("the key %q is missing", name))
		}
	}
	return nil
}

// key reads a key of an object.
func (r *reader) key(path string) (string, error) {
	token, err := r.tokens.Token()
	if err != nil {
		return "", r.broken(path, err)
	}
	return token.(string), nil // anything else is an error of syntax
}

// end reads the end of an array or an object.
func (r *reader) end(path string) error {
	if _, err := r.tokens.Token(); err != nil {
		return r.broken(path, err)
	}
	return nil
}

// fieldsOf returns the fields of a struct by their names in JSON, those of embedded structs
// included.
func (r *reader) fieldsOf(t reflect.Type) map[string]field {
	if fields, ok := r.fields[t]; ok {
		return fields
	}
	fields := map[string]field{}
	for _, f := range reflect.VisibleFields(t) {
		tag := f.Tag.Get("json")
		if f.Anonymous && tag == "" || !f.IsExported() || tag == "-" {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		if name == "" {
			name = f.Name
		}
		fields[name] = field{f.Index, !strings.Contains(options, "omit")}
	}
	r.fields[t] = fields
	return fields
}

// broken is an error of syntax.
func (r *reader) broken(path string, err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return r.wrong(path, "it ends too early")
	case errors.As(err, &syntax):
		return r.wrong(path, syntax.Error())
	}
	return r.wrong(path, "it is not understood: "+err.Error())
}

// wrong is an error at what was read last.
func (r *reader) wrong(path, what string) error {
	line, column := place(r.data, int(r.tokens.InputOffset()))
	return &Error{Line: line, Column: column, Path: path, What: what}
}

// maxShown is how many bytes of what is wrong are shown.
const maxShown = 40

// shown is a part of a document for a message: its beginning, in quotes.
func shown(data []byte) string {
	if len(data) > maxShown {
		return fmt.Sprintf("%q…", data[:maxShown])
	}
	return fmt.Sprintf("%q", data)
}

// wanted says what a value of a type is.
func wanted(t reflect.Type) string {
	switch {
	case t.Kind() == reflect.Pointer:
		return wanted(t.Elem())
	case t == reflect.TypeFor[time.Time]():
		return "a time, as 2006-01-02T15:04:05Z"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "a whole number"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number, not negative"
	}
	return "another value"
}
