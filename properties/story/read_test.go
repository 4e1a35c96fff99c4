package story

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestReadIsInverse: what a table says can be read from its lines, whatever stands around it.
func TestReadIsInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zé*][a-zé0-9 :,.*]{0,50}[a-z.]`)
		did := rapid.OneOf(text, rapid.StringMatching(`[0-9]{1,4} [a-z]{1,9}`)) // as with the line of a source in front
		names := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,9}( [a-z0-9]{1,30})?`), 1, maxColumns+3).Draw(t, "names")
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Row {
			return Row{
				Step: rapid.IntRange(0, 123456).Draw(t, "step"), Worker: int32(rapid.IntRange(0, len(names)-1).Draw(t, "worker")),
				Text: did.Draw(t, "text"), Deviates: rapid.Bool().Draw(t, "deviates"),
			}
		}), 1, 20).Draw(t, "rows")
		before, after := rapid.SliceOfN(text, 0, 2).Draw(t, "before"), rapid.SliceOfN(text, 0, 2).Draw(t, "after")
		table := NewTable(rows, func(worker int32) string { return names[worker] })
		if len(table.names) > 1 && !slices.ContainsFunc(fold(rows), func(r Row) bool { return !r.Folded && table.of[r.Worker] > 0 }) {
			return // what another worker did is folded
		}
		if len(table.names) == 1 && !slices.ContainsFunc(fold(rows), func(r Row) bool { return !r.Folded && r.Step > 0 }) {
			return // without a number it may be any text that is indented
		}
		told := Read(slices.Concat(before, table.Lines(rows), after))

		want := Told{Before: before, After: after}
		for i, name := range table.names {
			if i < len(table.names)-1 {
				name = cut(name, table.width[i])
			}
			want.Columns = append(want.Columns, name)
		}
		for _, r := range fold(rows) {
			column := table.of[r.Worker]
			room := max(table.width[column], widest-table.before(column))
			row := ToldRow{Column: column, Text: cut(table.text(r), room), Deviates: r.Deviates}
			if r.Step > 0 {
				row.Step = strconv.Itoa(r.Step)
			}
			if r.Folded {
				row = ToldRow{Text: r.Text, Folded: true}
			}
			want.Rows = append(want.Rows, row)
		}
		if fmt.Sprint(told) != fmt.Sprint(want) {
			t.Fatalf("read\n%+v\nof\n%s\nwant\n%+v", told, strings.Join(table.Lines(rows), "\n"), want)
		}
	})
}

// TestReadAfterListing: a listing before the table is not taken for it.
func TestReadAfterListing(t *testing.T) {
	listing := []string{"The main code in 1 chunk:", "  chunk 0: reads shared N", "      0  FORK_EXECUTION 2", "      1  LOAD_CONST 20", "      2  JOIN_WORKERS 0", "On the default schedule."}
	told := Read(append(listing, "      worker 0  p1", "      starts", "                adds 20", "It showed:"))
	want := Told{Before: listing, Columns: []string{"worker 0", "p1"}, Rows: []ToldRow{{Text: "starts"}, {Column: 1, Text: "adds 20"}}, After: []string{"It showed:"}}
	if !reflect.DeepEqual(told, want) {
		t.Errorf("%+v\nwant %+v", told, want)
	}
}

// TestReadAfterText: a case whose lines are indented is none of the table.
func TestReadAfterText(t *testing.T) {
	text := []string{"The case:", "  {", `      "a": 1,`, `      "b": 2`, "  }"}
	told := Read(append(text, "      worker 0", "   1  starts", "   2  adds 20"))
	want := Told{Before: text, Columns: []string{"worker 0"}, Rows: []ToldRow{{Step: "1", Text: "starts"}, {Step: "2", Text: "adds 20"}}, After: []string{}}
	if !reflect.DeepEqual(told, want) {
		t.Errorf("%+v\nwant %+v", told, want)
	}
}

// TestReadWithoutTable: what has no table is kept as it is.
func TestReadWithoutTable(t *testing.T) {
	for _, lines := range [][]string{nil, {"Before: a 100."}, {"      worker 0"}, {"      worker 0", "and then"}, {"   1  reads a"}} {
		if told := Read(lines); !reflect.DeepEqual(told, Told{Before: lines}) {
			t.Errorf("%q is %+v", lines, told)
		}
	}
}
