package linearizability

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// TestUnknownTake: of an element that a call of unknown outcome may have taken, nothing is said.
func TestUnknownTake(t *testing.T) {
	h := &history.Calls{}
	for i, a := range []history.Action{
		{Kind: history.PutIn, Key: "x", Value: history.ListOf([]string{"1"})}, {Kind: history.TakeAny, Key: "x"}, {Kind: history.TakeAny, Key: "x"},
	} {
		h.Calls = append(h.Calls, history.Call{Process: int32(i), Invoked: time.Duration(10 * i), Returned: time.Duration(10*i + 5), Actions: []history.Action{a}})
	}
	for i, want := range []checkers.Status{checkers.Fail, checkers.Unknown} {
		if i == 1 {
			h.Calls[1].Returned = history.Forever
		}
		m, err := Lookup("unordered-queue")
		if err != nil {
			t.Fatal(err)
		}
		if r := Check(m, h, unhurried); r.Status != want {
			t.Errorf("%v, want %v: %s", r.Status, want, fmt.Sprint(r.Reason))
		}
	}
}

// TestDoubtOfOneObject: that nothing can be said of one object hides no failure of another, whichever comes first.
func TestDoubtOfOneObject(t *testing.T) {
	doubtful := func(key string) []history.Action {
		put := history.Action{Kind: history.PutIn, Key: key, Value: history.ListOf([]string{"5"})}
		return []history.Action{{Kind: history.TakeAny, Key: key}, put, put, {Kind: history.TakeAny, Key: key}}
	}
	wrong := func(key string) []history.Action {
		put := history.Action{Kind: history.PutIn, Key: key, Value: history.ListOf([]string{"7"})}
		return []history.Action{put, put, {Kind: history.TakeAny, Key: key, Value: history.TextOf("8"), OK: true}}
	}
	for i, list := range [][]history.Action{append(doubtful("x"), wrong("y")...), append(wrong("x"), doubtful("y")...)} {
		h := &history.Calls{}
		for k, a := range list {
			h.Calls = append(h.Calls, history.Call{Process: int32(k), Invoked: time.Duration(10 * k), Returned: time.Duration(10*k + 5), Actions: []history.Action{a}})
			if k == 3*i {
				h.Calls[k].Returned = history.Forever
			}
		}
		if r := Check(named(t, "unordered-queue"), h, unhurried); r.Status != checkers.Fail {
			t.Errorf("%d: %v, want a failure: %s", i, r.Status, r.Reason)
		}
	}
}

// TestWhatIsPutSomewhere: what cannot be appended, or put into a collection, is refused.
func TestWhatIsPutSomewhere(t *testing.T) {
	for _, c := range []struct {
		model, action string
		value         history.Value
		kind          history.ActionKind
	}{
		{"kv", "append", history.NumberOf(5), history.AppendTo},
		{"kv", "append", history.Value{}, history.AppendTo},
		{"kv", "append", history.Value{Kind: history.Symbol, Text: ":x"}, history.AppendTo},
		{"linear-set", "add", history.NumberOf(5), history.AddMember},
		{"linear-set", "add", history.ListOf(nil), history.AddMember},
		{"unordered-queue", "enqueue", history.ListOf([]string{"1", "2"}), history.PutIn},
	} {
		h := &history.Calls{Calls: []history.Call{{Returned: 1, Actions: []history.Action{{Kind: c.kind, Key: "x", Value: c.value}}}}}
		if r := Check(named(t, c.model), h, unhurried); r.Status != checkers.Unknown || !strings.Contains(r.Reason, "what is ") {
			t.Errorf("%s of %v: %v %s", c.action, c.value, r.Status, r.Reason)
		}
	}
}
