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

// TestRunMoments: a limit on steps that a moment names ends the run at that instruction; and in a worker or an element,
// whose share it is that ends, no later.
func TestRunMoments(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"calls", `LOAD_CONST 3; CALL_FUNC_CONST @f 1; STORE_NAME a; LOAD_NAME a; BUILD_LIST 1; PRINT
.func f(n)
LOAD_NAME n; JUMP_IF_FALSE out; LOAD_NAME n; LOAD_CONST 1; SUB; CALL_FUNC_CONST @f 1; POP
out:
LOAD_NAME n; RETURN
.end`},
		{"elements", `NOP; LOAD_CONST [1, 2, 3]; PARALLEL_MAP @f; STORE_NAME a
.func f(n)
LOAD_NAME n; CALL_FUNC_CONST @g 1; RETURN
.end
.func g(n)
LOAD_NAME n; LOAD_CONST "s"; BUILD_LIST 2; RETURN
.end`},
		{"forks in forks", `FORK_EXECUTION 2; LOAD_CONST 1; STORE_NAME a; FORK_EXECUTION 3; LOAD_NAME a; PRINT; JOIN_WORKERS 0
BARRIER_SYNC 1; JOIN_WORKERS 0; LOAD_CONST 2; PRINT`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := load(t, program(c.text)).Program
			var moments []Moment
			whole, err := RunMoments(p, Limits{}, func(m Moment) { moments = append(moments, m) })
			if plain, _ := Run(p, Limits{}); err != nil || plain.Diff(whole) != "" || plain.Steps != int64(len(moments)) {
				t.Fatalf("%v %s; %d moments of %d steps", err, plain.Diff(whole), len(moments), plain.Steps)
			}
			for _, m := range moments {
				alone := c.name == "calls" // otherwise the lowest task's end is the run's
				o, _ := Run(p, Limits{Steps: m.Steps})
				switch e := o.Err; {
				case m.Steps == 0: // means the default
				case e == nil || e.Kind != StepLimit:
					t.Errorf("%+v: with as many steps the run ends with %v", m, e)
				case alone && (e.Function != m.Function || e.PC != m.PC):
					t.Errorf("%+v: with as many steps the run ends at %v", m, e)
				}
				if o, _ := Run(p, Limits{Memory: m.Memory}); alone && o.Err != nil && o.Steps <= m.Steps {
					t.Errorf("%+v: as much memory is used up after %d steps", m, o.Steps)
				}
				if o, _ := Run(p, Limits{Memory: m.Memory - 1}); alone && m.Memory > 1 && (o.Err == nil || o.Steps > m.Steps) {
					t.Errorf("%+v: a byte less is enough for %d steps", m, o.Steps)
				}
			}
		})
	}
}
