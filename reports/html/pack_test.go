package html

import (
	"bytes"
	"compress/flate"
	"encoding/ascii85"
	"encoding/json"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// unpack is what data.js does: it fills v.
func unpack(t testing.TB, p packed, v any) {
	t.Helper()
	letters := []byte(p.Deflate)
	if i := bytes.IndexAny(letters, unsafe); i >= 0 {
		t.Fatalf("%q would have to be escaped", letters[i])
	}
	for i, c := range letters {
		if k := strings.IndexByte(instead, c); k >= 0 {
			letters[i] = unsafe[k]
		}
	}
	compressed, err := io.ReadAll(ascii85.NewDecoder(bytes.NewReader(letters)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(flate.NewReader(bytes.NewReader(compressed)))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatal(err)
	}
}

func TestPack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := rapid.MapOf(rapid.String(), rapid.SliceOf(rapid.String())).Draw(rt, "value")
		p, err := pack(want)
		if err != nil {
			rt.Fatal(err)
		}
		got := map[string][]string{}
		unpack(t, p, &got)
		if len(got) != len(want) {
			rt.Fatalf("%q, want %q", got, want)
		}
		for k, v := range want {
			if strings.Join(got[k], "\x00") != strings.Join(v, "\x00") {
				rt.Fatalf("%q, want %q", got, want)
			}
		}
	})
}

// decode is what data.js does with a column.
func decode(t testing.TB, column string, number func(k int64) int64) []int64 {
	t.Helper()
	var out []int64
	for column != "" {
		if column[0] == escape {
			digits, rest, _ := strings.Cut(column[1:], string(rune(escape)))
			var n int64
			if err := json.Unmarshal([]byte(digits), &n); err != nil {
				t.Fatal(err)
			}
			out, column = append(out, n), rest
			continue
		}
		r := []rune(column)[0]
		out = append(out, number(int64(r-base)))
		column = column[len(string(r)):]
	}
	return out
}

func plain(k int64) int64 { return k }

func zigzag(k int64) int64 { return k>>1 ^ -(k & 1) }

func TestColumns(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := rapid.SliceOf(rapid.OneOf(rapid.Int64(), rapid.Int64Range(-50_000, 50_000))).Draw(rt, "numbers")
		for _, c := range []struct {
			value  any
			number func(int64) int64
		}{{column(want), zigzag}, {counts(want), plain}} {
			text, err := json.Marshal(c.value)
			if err != nil {
				rt.Fatal(err)
			}
			var s string
			if err := json.Unmarshal(text, &s); err != nil {
				rt.Fatal(err)
			}
			if diff := cmp.Diff(append([]int64{}, want...), append([]int64{}, decode(t, s, c.number)...)); diff != "" {
				rt.Fatal(diff)
			}
		}
	})
}

// TestColumnForm: small numbers are one character each.
func TestColumnForm(t *testing.T) {
	for _, c := range []struct {
		value any
		want  string
	}{
		{column{0, -1, 1, -2, 2}, `"#$%&'"`},
		{counts{0, 1, 2}, `"#$%"`},
		{counts{-1, 1 << 40}, `"!-1!!1099511627776!"`},
		{column(nil), `""`},
		{exact(maxSafe), "9007199254740991"},
		{exact(maxSafe + 1), `"9007199254740992"`},
		{exact(math.MinInt64), `"-9223372036854775808"`},
	} {
		if got, err := marshal(c.value); err != nil || string(got) != c.want {
			t.Errorf("%v: %s, %v, want %s", c.value, got, err, c.want)
		}
	}
}

// putTogether is what data.js does with a text.
func putTogether(x *text) string {
	next := make([]int, len(x.Patterns))
	var lines []string
	for _, k := range x.Line {
		row := next[k]
		next[k]++
		parts := strings.Split(x.Patterns[k], "\x00")
		line := parts[0]
		for i, part := range parts[1:] {
			s := x.Numbers[k][i]
			if s.From != nil {
				line += exactText(*s.From + int64(row))
			} else {
				line += exactText(s.Each[row])
			}
			line += part
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func exactText(n int64) string {
	text, _ := json.Marshal(n)
	return string(text)
}

func TestText(t *testing.T) {
	line := rapid.StringMatching(`(transfer[0-9]{1,3}\(a, [0-9]{1,20}\)|00[0-9]|[^\x00]*|)`)
	rapid.Check(t, func(t *rapid.T) {
		want := strings.ReplaceAll(strings.Join(rapid.SliceOf(line).Draw(t, "lines"), "\n"), "\x00", "")
		if got := putTogether(takeApart(want)); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	})
	x := takeApart("t1 7\nt2 7\nt3 8")
	if len(x.Patterns) != 1 || x.Numbers[0][0].From == nil || len(x.Numbers[0][1].Each) != 3 {
		t.Errorf("not taken apart: %+v", x)
	}
	if got := putTogether(takeApart("a\x00b1")); got != "a\uFFFDb1" {
		t.Errorf("with a NUL: %q", got)
	}
}
