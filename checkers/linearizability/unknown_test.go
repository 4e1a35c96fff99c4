package linearizability

import (
	"fmt"
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
