package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Locate returns the line and the column, both counted from 1, at which the value at a path of a document begins; of the innermost value around it
// that there is, if there is none at the path. The document must be one that [Read] reads.
func Locate(data []byte, path string) (line, column int) {
	l := locator{data: data, tokens: json.NewDecoder(bytes.NewReader(data)), path: path}
	l.value("")
	return place(data, l.best)
}

// place is the line and the column of an offset.
func place(data []byte, offset int) (line, column int) {
	before := data[:min(offset, len(data))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[start:])
}

// locator looks for a path.
type locator struct {
	data   []byte
	tokens *json.Decoder
	path   string
	best   int // where the innermost value begins so far that holds the path
}

// value reads a value, which is at a path.
func (l *locator) value(at string) {
	begins := int(l.tokens.InputOffset())
	for begins < len(l.data) && strings.IndexByte(" \t\r\n,:", l.data[begins]) >= 0 {
		begins++
	}
	if rest, within := strings.CutPrefix(l.path, at); within && (rest == "" || at == "" || rest[0] == '.' || rest[0] == '[') {
		l.best = begins
	}
	t, err := l.tokens.Token()
	if err != nil {
		return
	}
	for i := 0; (t == json.Delim('{') || t == json.Delim('[')) && l.tokens.More(); i++ {
		if t == json.Delim('[') {
			l.value(fmt.Sprintf("%s[%d]", at, i))
			continue
		}
		key, err := l.tokens.Token()
		if err != nil {
			return
		}
		l.value(strings.TrimPrefix(fmt.Sprintf("%s.%v", at, key), "."))
	}
	if t == json.Delim('{') || t == json.Delim('[') {
		_, _ = l.tokens.Token() // its end
	}
}
