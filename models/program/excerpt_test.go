package program

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestExcerpt: an excerpt is the beginning of the whole text, which it is if there is room.
func TestExcerpt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var value func(depth int) Value
		value = func(depth int) Value {
			switch k := rapid.IntRange(0, 4).Draw(t, "kind"); {
			case k == 0 && depth > 0:
				return List(value(depth-1), value(depth-1), value(depth-1))
			case k == 1 && depth > 0:
				return Map(Entry{Int(1), value(depth - 1)}, Entry{String("é"), value(depth - 1)})
			case k == 2:
				return Int(rapid.Int64().Draw(t, "int"))
			default:
				return String(rapid.String().Draw(t, "string"))
			}
		}
		v, most := value(3), rapid.IntRange(0, 60).Draw(t, "most")
		whole := v.String()
		text, cut := v.Excerpt(most)
		switch {
		case cut != (len(whole) > most):
			t.Errorf("%d bytes in a room of %d: cut is %v", len(whole), most, cut)
		case !cut && text != whole:
			t.Errorf("got %q, want %q", text, whole)
		case cut && (!strings.HasPrefix(whole, text) || len(text) > most):
			t.Errorf("%q is no beginning of %q", text, whole)
		}
	})
	huge := String(strings.Repeat("x", 1<<26))
	if n := testing.AllocsPerRun(10, func() { huge.Excerpt(100) }); n > 20 {
		t.Errorf("%v allocations", n)
	}
}
