package recording

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// lineReader reads a text of a record a line.
type lineReader struct {
	r     *bufio.Reader
	file  string
	line  int
	parse func(line []byte) (datum, bool, error) // false for a line that is no record
}

// next is the next record, or io.EOF.
func (r *lineReader) next() (datum, error) {
	for {
		text, err := r.r.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return datum{}, err
		}
		if len(text) == 0 {
			return datum{}, io.EOF
		}
		r.line++
		if len(text) > maxToken {
			return datum{}, badRecord(r.file, r.line, fmt.Sprintf("the line is longer than %d bytes", maxToken))
		}
		if text = bytes.TrimSpace(text); len(text) == 0 {
			continue
		}
		d, ok, err := r.parse(text)
		if err != nil {
			return datum{}, badRecord(r.file, r.line, err.Error())
		}
		if ok {
			d.line = r.line
			return d, nil
		}
	}
}

// parseJSONLine reads an object on a line of its own.
func parseJSONLine(line []byte) (datum, bool, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	x, err := jsonDatum(d, 0)
	if err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return x, true, nil
		}
		err = errors.New("more than one value on a line")
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("the line ends within a value")
	}
	return datum{}, false, fmt.Errorf("not a JSON object on a line: %w", err)
}

func jsonDatum(d *json.Decoder, depth int) (datum, error) {
	if depth > maxDepth {
		return datum{}, fmt.Errorf("values nest deeper than %d", maxDepth)
	}
	t, err := d.Token()
	if err != nil {
		return datum{}, err
	}
	switch t := t.(type) {
	case nil:
		return datum{}, nil
	case bool:
		return atom(strconv.FormatBool(t)), nil
	case json.Number:
		return atom(t.String()), nil
	case string:
		return datum{kind: stringDatum, text: t}, nil
	}
	x := datum{kind: listDatum}
	if t == json.Delim('{') {
		x.kind = mapDatum
	}
	for d.More() {
		item, err := jsonDatum(d, depth+1)
		if err != nil {
			return datum{}, err
		}
		x.items = append(x.items, item)
	}
	_, err = d.Token() // the closing bracket
	return x, err
}
