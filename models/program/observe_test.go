package program

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestRunObserved(t *testing.T) {
	w := load(t, program(`LOAD_CONST 1; STORE_NAME a; CALL_FUNC_CONST @f 0; PRINT; FORK_EXECUTION 2; LOAD_NAME worker_id; STORE_NAME b;
LOAD_NAME b; LOAD_NAME a; ADD; ATOMIC_ADD n; PRINT; JOIN_WORKERS 0; LOAD_NAME none
.func f() locals(b)
LOAD_NAME a; DUP; STORE_NAME b; STORE_NAME c; LOAD_NAME b
.end`))
	var got []string
	o, err := RunObserved(w.Program, Limits{}, func(a Access) {
		name := "-"
		if a.Name >= 0 {
			name = w.Program.Names[a.Name]
		}
		kinds := map[Effect]string{ReadsVariable: "reads", WritesVariable: "writes", ReadsShared: "reads shared", WritesShared: "writes shared", Prints: "prints"}
		got = append(got, fmt.Sprintf("%d %s %s", a.PC, kinds[a.Effect], name))
	})
	want := []string{
		"1 writes a", "2 reads a", "2 writes c", "3 prints -",
		"12 reads a", "12 reads shared n", "12 writes shared n", // worker 0
		"12 reads a", "12 reads shared n", "12 writes shared n", // worker 1
		"12 writes b", "12 prints -", "12 writes b", "12 prints -", // the merge
		"13 reads none",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if plain, _ := Run(w.Program, Limits{}); err != nil || plain.Diff(o) != "" {
		t.Errorf("%v %s", err, plain.Diff(o))
	}
}
