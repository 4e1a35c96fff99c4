package html

import (
	"bytes"
	"compress/flate"
	"encoding/ascii85"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// packed is data that a script unpacks when a reader asks for it: JSON, compressed (DEFLATE,
// RFC 1951, which every current browser reads by DecompressionStream), in Ascii85, but for the letters
// that would have to be escaped. It takes six percent less than base64.
type packed struct {
	Deflate string `json:"deflate"`
}

// pack compresses v's JSON form.
func pack(v any) (packed, error) {
	text, err := marshal(v)
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
	letters := make([]byte, ascii85.MaxEncodedLen(b.Len()))
	letters = letters[:ascii85.Encode(letters, b.Bytes())]
	for i, c := range letters {
		if k := strings.IndexByte(unsafe, c); k >= 0 {
			letters[i] = instead[k]
		}
	}
	return packed{string(letters)}, nil
}

// The letters of Ascii85 that pages or JSON would escape, and what stands for them.
const (
	unsafe  = "\"&<>\\"
	instead = "vwxy{"
)

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

// column is a list of numbers, most of them small: in JSON a string with one character for each, so
// that a small number is one byte, and a column of zeros compresses to nothing. Number n is the
// character with the code base + 2n, or base - 2n - 1 if it is negative. Those too large for that
// are in decimal, between escapes.
type column []int64

// counts is a column of numbers that are hardly ever negative: n is the character base + n.
type counts []int64

const (
	base   = '#'    // below are the quotation mark and the control characters
	escape = '!'    // before and after a decimal
	limit  = 0xd000 // from here on, codes are taken otherwise
)

// MarshalJSON writes the string.
func (c column) MarshalJSON() ([]byte, error) {
	return encode(c, func(n int64) uint64 { return uint64(n)<<1 ^ uint64(n>>63) })
}

// MarshalJSON writes the string.
func (c counts) MarshalJSON() ([]byte, error) {
	return encode(c, func(n int64) uint64 { return uint64(n) })
}

// encode writes numbers as characters, by code.
func encode(numbers []int64, code func(int64) uint64) ([]byte, error) {
	var b strings.Builder
	for _, n := range numbers {
		if k := code(n); k < limit-base {
			b.WriteRune(rune(base + k))
		} else {
			fmt.Fprintf(&b, "%c%d%c", escape, n, escape)
		}
	}
	return marshal(b.String())
}

// marshal is json.Marshal, but leaves <, > and & as they are: the bytes are compressed.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}
