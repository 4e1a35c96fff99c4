package document

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

// sample is a document with values of every kind.
type sample struct {
	Count   int            `json:"count"`
	Seed    uint64         `json:"seed"`
	Share   float64        `json:"share,omitempty"`
	Name    string         `json:"name,omitempty"`
	Began   time.Time      `json:"began,omitzero"`
	Part    *part          `json:"part,omitempty"`
	Parts   []part         `json:"parts"`
	Units   map[int]part   `json:"units,omitempty"`
	Kinds   map[string]int `json:"kinds,omitempty"`
	Data    []byte         `json:"data,omitempty"`
	Private string         `json:"-"`
	inner
}

type part struct {
	Bound *int `json:"bound,omitempty"`
	Plain bool
}

type inner struct {
	Inner string `json:"inner"`
}

// TestReadsWhatIsWritten: whatever encoding/json writes is read, and is the same.
func TestReadsWhatIsWritten(t *testing.T) {
	bound := 3
	for _, want := range []sample{
		{},
		{
			Count: -1, Seed: math.MaxUint64, Share: 0.25, Name: "a\u2028\n\"b\"", Began: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), Part: &part{&bound, true},
			Parts: []part{{}, {Plain: true}}, Units: map[int]part{-3: {Plain: true}, 4: {}}, Kinds: map[string]int{"": 1, "a.b": 2}, Data: []byte{0, 1}, inner: inner{"x"},
		},
	} {
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got sample
		if err := Read(data, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is read as %+v, %v", data, got, err)
		}
	}
}

// TestRefuses: what encoding/json lets pass is refused, with the place.
func TestRefuses(t *testing.T) {
	const rest = `"count":1,"seed":2,"inner":"x","parts":`
	for _, c := range []struct{ text, want string }{
		{``, "line 1: it ends too early"},
		{`{`, "line 1: it ends too early"},
		{"{\n\n" + rest + "[]}\n x", "line 4: there is something after the end of the document"},
		{`{` + rest + `[]}{}`, "line 1: there is something after the end of the document"},
		{"{\n" + rest + `[],"news":1}`, `line 2: the key "news" is not known here`},
		{`{` + rest + `[],"Count":1}`, `the key "Count" is not known here`},
		{`{` + rest + `[],"Private":"x"}`, `the key "Private" is not known here`},
		{`{` + rest + `[],"count":1}`, `the key "count" is there twice`},
		{`{` + rest + `[{"Plain":true},{}]}`, `parts[1]: the key "Plain" is missing`},
		{`{` + rest + `[{"Plain":1}]}`, `parts[0].Plain: it is "1", and must be true or false`},
		{`{` + rest + `[null]}`, "parts[0]: it must be an object"},
		{`{` + rest + `[],"part":null}`, "part: it must be an object"},
		{`{` + rest + `[],"part":{"Plain":true,"bound":null}}`, `part.bound: it is "null", and must be a whole number`},
		{`{` + rest + `{}}`, "parts: it must be a list"},
		{`{` + rest + `[],"units":[]}`, "units: it must be an object"},
		{`{` + rest + `[],"units":{"1":{"Plain":true},"1":{"Plain":true}}}`, `units: the key "1" is there twice`},
		{`{` + rest + `[],"units":{"+1":{"Plain":true}}}`, `units: the key "+1" is no whole number`},
		{`{` + rest + `[],"kinds":{"a\u001b":"x"}}`, `kinds["a\x1b"]: it is "\"x\"", and must be a whole number`},
		{`{` + rest + `[],"share":1e999}`, `share: it is "1e999", and must be a number`},
		{`{` + rest + `[],"began":"now"}`, `began: it is "\"now\"", and must be a time, as 2006-01-02T15:04:05Z`},
		{`{` + rest + `[],"name":["` + strings.Repeat("x", 99) + `"]}`, `…, and must be a text`},
		{`{` + rest + "[],\"name\":\"\xff\"}", "it is not a text in UTF-8"},
		{`{"count":null}`, `count: it is "null", and must be a whole number`},
		{`{"seed":-1}`, `seed: it is "-1", and must be a whole number, not negative`},
		{`{"count":9223372036854775808}`, `count: it is "9223372036854775808", and must be a whole number`},
		{`{"count":1 "seed":2}`, `line 1: invalid character '"' after object key:value pair`},
		{`[1]`, "line 1: it must be an object"},
		{`null`, "line 1: it must be an object"},
		{strings.Repeat(`{"part":`, 100_000), `part: the key "part" is not known here`},
	} {
		var got sample
		err := Read([]byte(c.text), &got)
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) || strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Errorf("%.80s: %v, want one line with %q", c.text, err, c.want)
		}
	}
}

// TestFaults: the first fault counts, with the path of the part that it is in.
func TestFaults(t *testing.T) {
	var inner, f Faults
	inner.Count("cases", -1)
	f.Count("count", MaxCount)
	f.Seconds("seconds", maxSeconds)
	f.In("whole", nil)
	if f.Err() != nil {
		t.Error(f.Err())
	}
	f.In("parts[2]", inner.Err())
	f.Seconds("seconds", math.NaN())
	if got, want := f.Err().Error(), "parts[2].cases: -1, which is no count: it must be from 0 to 9007199254740991"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, s := range []float64{-1, math.NaN(), math.Inf(1), math.Inf(-1), 1e10} {
		var f Faults
		if f.Seconds("seconds", s); f.Err() == nil {
			t.Errorf("%v passes for a time", s)
		}
	}
	var list Faults
	list.In("list", &Error{Path: "[3]", What: "bad"})
	if got := list.Err().Error(); got != "list[3]: bad" {
		t.Error(got)
	}
}
