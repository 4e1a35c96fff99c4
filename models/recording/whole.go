package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// Whole reports whether a text that begins with a map, in EDN or JSON, is whole: none of what it begins is left open. A text of
// another kind is taken for whole.
func Whole(content []byte) bool {
	content = bytes.TrimSpace(content)
	if !bytes.HasPrefix(content, []byte("{")) || json.Valid(content) {
		return true
	}
	r := newEDNReader(newScanner("", bytes.NewReader(content)))
	for {
		if _, err := r.next(); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}
