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

func drawCalls(t *rapid.T) *Calls {
	value := rapid.Custom(func(t *rapid.T) Value {
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			return Value{}
		case 1:
			return NumberOf(rapid.Int64().Draw(t, "number"))
		case 2:
			return SymbolOf(rapid.SampledFrom([]string{":x", "true", "1.5", "sym", "##Inf"}).Draw(t, "symbol"))
		case 3:
			return ListOf(rapid.SliceOfN(rapid.SampledFrom([]string{"1", `"a,]\x20\"b"`, ":x", "[1,[2,3]]", "{:a,1}", "nil"}), 0, 3).Draw(t, "elements"))
		default:
			return TextOf(rapid.String().Draw(t, "text"))
		}
	})
	key := rapid.SampledFrom([]string{"x", "y z", "", "a,", "->", ",", "1", "-7", ":x", `"1"`, `":x"`, "'x", "'1.5"})
	entry := rapid.Custom(func(t *rapid.T) Entry { return Entry{key.Draw(t, "key"), value.Draw(t, "value")} })
	action := rapid.Custom(func(t *rapid.T) Action {
		a := Action{Kind: ActionKind(rapid.IntRange(0, int(lastAction)).Draw(t, "kind"))}
		if a.Kind != TakeAll && a.Kind != ClearAll {
			a.Key = key.Draw(t, "key")
		}
		switch a.Kind {
		case ReadKey, WriteKey, AppendTo, PutIn, AddMember, TakeFirst, TakeLast, TakeAny, TakeLeast, LockFenced:
			a.Value = value.Draw(t, "value")
		case TakePermits, GivePermits:
			a.Delta = rapid.Int64().Draw(t, "permits")
		case HasKey:
			a.OK = rapid.Bool().Draw(t, "ok")
		case CompareSet:
			a.Old, a.Value, a.OK = value.Draw(t, "old"), value.Draw(t, "value"), rapid.Bool().Draw(t, "ok")
		case AddTo:
			a.Delta, a.Value = rapid.Int64().Draw(t, "delta"), value.Draw(t, "value")
		case Transfer:
			a.To, a.Delta, a.OK = key.Draw(t, "to"), rapid.Int64().Draw(t, "delta"), rapid.Bool().Draw(t, "ok")
		case TakeAll:
			a.State = rapid.SliceOfN(entry, 0, 3).Draw(t, "state")
		case AwaitAll:
			a.Delta, a.OK = rapid.Int64().Draw(t, "parties"), rapid.Bool().Draw(t, "ok")
		case JoinAll:
			a.OK = rapid.Bool().Draw(t, "ok")
		}
		return a
	})
	h := &Calls{Initial: rapid.SliceOfN(entry, 0, 3).Draw(t, "initial")}
	for i := range rapid.IntRange(0, 5).Draw(t, "calls") {
		invoked := time.Duration(rapid.Int32().Draw(t, "invoked"))
		h.Calls = append(h.Calls, Call{
			Process: int32(i), Invoked: invoked, Returned: rapid.SampledFrom([]time.Duration{invoked, invoked + 5, Forever}).Draw(t, "returned"),
			Actions: rapid.SliceOfN(action, 1, 3).Draw(t, "actions"),
		})
	}
	return h
}

func TestCallsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawCalls(t)
		text := FormatCalls(want)
		got, err := ParseCalls("drawn", text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("-want +got:\n%s\n%s", diff, text)
		}
	})
}

func TestMalformedCalls(t *testing.T) {
	for src, want := range map[string]string{
		"call p0 5ns 3ns read x 1":                           "returned before it was invoked",
		"call p0 1ns 5ns read x 1\ncall p0 4ns 6ns read x 1": "has not returned from call 0",
		"call p0 1ns read x 1\ncall p0 4ns 6ns read x 1":     "has not returned from call 0",
		"call p0 9ns 9ns read x 1\ncall p0 4ns 6ns read x 1": "in the order of their invocations",
	} {
		_, err := ParseCalls("f", src)
		var malformed *text.MalformedError
		if !errors.As(err, &malformed) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", src, err, want)
		}
	}
	for src, want := range map[string]string{
		"call p0 1ns 2ns jump x":               `unknown action "jump"`,
		"call p0 1ns 2ns read x one":           "one is not a value",
		"call p0 1ns 2ns cas x 1 -> 2 perhaps": `"perhaps" where ok or failed is expected`,
		"call p0 1ns 2ns":                      "the line ends where an action is expected",
		"call p0 1ns 2ns read x 1 read y 2":    `unexpected "read"`,
		"call 0 1ns 2ns read x 1":              "is not a process",
		"invoke p0 1ns 2ns read x 1":           `unknown line "invoke"`,
	} {
		_, err := ParseCalls("f", src)
		var syntax *text.Error
		if !errors.As(err, &syntax) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", src, err, want)
		}
	}
	if (&Calls{Calls: []Call{{Actions: []Action{{Kind: 99}}}}}).Validate() == nil || (&Calls{Calls: []Call{{}}}).Validate() == nil {
		t.Error("a call of no known action passes")
	}
}
