package html

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"strconv"
)

// packed is data that a script unpacks when a reader asks for it: JSON, compressed (DEFLATE,
// RFC 1951, which every current browser reads by DecompressionStream), in the letters of
// RFC 4648's base64url, none of which needs escaping.
type packed struct {
	Deflate string `json:"deflate"`
}

// pack compresses v's JSON form.
func pack(v any) (packed, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return packed{}, err
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return packed{}, err
	}
	if _, err := w.Write(text); err != nil {
		return packed{}, err
	}
	if err := w.Close(); err != nil {
		return packed{}, err
	}
	return packed{base64.RawURLEncoding.EncodeToString(b.Bytes())}, nil
}

// exact is an int64 whose JSON form survives a script: a number while a float64 holds it
// exactly, else a string.
type exact int64

// maxSafe is the largest integer up to which a float64 holds them all.
const maxSafe = 1<<53 - 1

// MarshalJSON writes a number, or a string of digits.
func (v exact) MarshalJSON() ([]byte, error) {
	text := strconv.AppendInt(nil, int64(v), 10)
	if v > maxSafe || v < -maxSafe {
		return []byte(`"` + string(text) + `"`), nil
	}
	return text, nil
}

func exacts(vs []int64) []exact {
	out := make([]exact, len(vs))
	for i, v := range vs {
		out[i] = exact(v)
	}
	return out
}

// column is a list of small numbers, most of them alike. An empty one is [], not null.
type column []int64

// MarshalJSON writes the numbers, those that a float64 does not hold as strings.
func (c column) MarshalJSON() ([]byte, error) {
	out := make([]byte, 0, 2*len(c)+2)
	out = append(out, '[')
	for i, v := range c {
		if i > 0 {
			out = append(out, ',')
		}
		text, err := exact(v).MarshalJSON()
		if err != nil {
			return nil, err
		}
		out = append(out, text...)
	}
	return append(out, ']'), nil
}
