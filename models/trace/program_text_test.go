package trace

import (
	"reflect"
	"strings"
	"testing"

	"synchrony/models/program"
)

func TestProgramText(t *testing.T) {
	o := ProgramObservation{
		End: ProgramRan, Variables: []string{"x", "y"}, Globals: 1, Mode: program.Parallel,
		Outcome: program.Outcome{
			Result: program.List(program.Float(2), program.String("a\n"), program.Func("f")), Output: []string{"1"},
			Variables: []program.Binding{{Name: "x", Value: program.Int(-7)}}, Steps: 9,
		},
		Events: []ChunkEvent{{Time: 1, Kind: ChunkStart, Worker: 1}, {Time: 2, Kind: ChunkFallback, Why: LimitNear}},
		Calls:  []SharedCall{{Op: program.SharedWrite, Args: []program.Value{program.Bool(true)}, Chunk: -1}},
	}
	written, err := FormatProgram(o)
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParseProgram("run", written)
	if err != nil || !reflect.DeepEqual(back, o) {
		t.Errorf("%v, from\n%s\ngot %+v", err, written, back)
	}
	for _, bad := range []string{"Ends 1", "End", "End 1 2", "End x", `Events {"When": 1}`, `Outcome {"Result": "@"}`} {
		if _, err := ParseProgram("run", "Mode 1\n"+bad+"\n"); err == nil || !strings.HasPrefix(err.Error(), "run:2:") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
