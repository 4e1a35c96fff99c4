package history

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"synchrony/models/text"
)

// drawHistory draws a valid history: every access names a write of its key that is
// not a later one of its own transaction.
func drawHistory(t *rapid.T) *History {
	keys := rapid.IntRange(1, 3).Draw(t, "keys")
	h := &History{}
	for k := range keys {
		h.Keys = append(h.Keys, rapid.SampledFrom([]string{"x", "y z", "init"}).Draw(t, "key")+string(rune('0'+k)))
		h.Initial = append(h.Initial, rapid.Int64().Draw(t, "initial"))
	}
	for range rapid.IntRange(0, 4).Draw(t, "transactions") {
		invoked := time.Duration(rapid.IntRange(0, 9).Draw(t, "invoked"))
		returned := rapid.SampledFrom([]time.Duration{invoked, invoked + 3, Forever}).Draw(t, "returned")
		h.Begin("T"+string(rune('a'+h.Len())), Outcome(rapid.IntRange(0, 2).Draw(t, "outcome")), invoked, returned)
		for range rapid.IntRange(0, 4).Draw(t, "accesses") {
			key := int32(rapid.IntRange(0, keys-1).Draw(t, "key"))
			a := rapid.SampledFrom([]func(key, version int32, value int64) Access{ReadOf, WriteOf}).Draw(t, "kind")
			h.Add(a(key, InitialVersion, rapid.Int64().Draw(t, "value")))
		}
	}
	for tx := range int32(h.Len()) {
		for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
			versions := []int32{InitialVersion}
			for v := range int32(len(h.Accesses)) {
				if a := &h.Accesses[v]; a.IsWrite() && a.Key() == h.Accesses[i].Key() && !(v >= i && v < h.Starts[tx+1]) {
					versions = append(versions, v)
				}
			}
			h.Accesses[i].Version = rapid.SampledFrom(versions).Draw(t, "version")
		}
	}
	return h
}

func TestHistoryRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawHistory(t)
		if err := want.Validate(); err != nil {
			t.Fatal(err)
		}
		text := FormatHistory(want)
		got, err := ParseHistory("drawn", text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.AllowUnexported(Access{})); diff != "" {
			t.Fatalf("-want +got:\n%s\n%s", diff, text)
		}
	})
}

func TestHistoryErrors(t *testing.T) {
	for _, tc := range []struct {
		src, want string
		line      int
	}{
		{"read x 0 from init", "a read before any tx line", 1},
		{"initial x 0\ntx T1 committed\nread z 0 from init", `no initial line has a key "z"`, 3},
		{"initial x 0\ntx T1 committed\nread x 0 from T7", `no transaction "T7"`, 3},
		{"initial x 0\ntx T1 committed\nread x 0 over init", `"over" where "from" is expected`, 3},
		{"initial x 0\ntx T1 committed\ntx T2 committed\nread x 0 from T1", "T1 has no such write of x", 4},
		{"initial x 0\ntx T1 committed\nwrite x 1 over T1 write 2", "T1 has no such write of x", 3},
		{"initial x 0\ntx T1 done", `unknown outcome "done"`, 2},
		{"initial x 0 x 1", `a second key "x"`, 1},
		{"initial x 0\ntx T1 committed\ntx T1 committed", `a second transaction "T1"`, 3},
		{"begin", `unknown line "begin"`, 1},
	} {
		_, err := ParseHistory("h.txt", tc.src)
		var syntax *text.Error
		if !errors.As(err, &syntax) || syntax.Line != tc.line || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q:\n got %v\nwant line %d, %s", tc.src, err, tc.line, tc.want)
		}
	}
	for src, want := range map[string]string{
		"initial x 0\ntx T1 committed 4ns 2ns":                                "returned at 2ns and was invoked at 4ns",
		"initial x 0\ntx T1 committed\nwrite x 1 over T1":                     "writes only later",
		"initial x 0\ntx T1 committed\nread x 1 from T1\nwrite x 1 over init": "writes only later",
	} {
		_, err := ParseHistory("h.txt", src)
		var malformed *text.MalformedError
		if !errors.As(err, &malformed) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", src, err, want)
		}
	}
	short := &History{Outcomes: []Outcome{Committed}}
	if short.Validate() == nil {
		t.Error("a history without times passes")
	}
	wild := &History{Initial: []int64{0}}
	wild.Begin("T", Committed, 0, 0)
	wild.Add(ReadOf(5, InitialVersion, 0))
	if wild.Validate() == nil {
		t.Error("a key out of range passes")
	}
}
