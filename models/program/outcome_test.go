package program

import "testing"

func TestOutcomeText(t *testing.T) {
	o := run(t, "LOAD_CONST 1\nSTORE_NAME b\nLOAD_CONST \"x\"\nSTORE_NAME a\nLOAD_CONST \"two\\nlines\"\nPRINT\nLOAD_CONST 2\nSHARED_WRITE n\nLOAD_CONST 1.0\n")
	want := "result 1.0\nvar a = \"x\"\nvar b = 1\nshared n = 2\noutput \"two\\nlines\"\n"
	if o.Text() != want {
		t.Errorf("got\n%s", o.Text())
	}
	other := o
	other.Shared = nil
	other.Output = []string{"two lines"}
	other.Steps++
	if got := o.Diff(other); got != "-shared n = 2\n-output \"two\\nlines\"\n+output \"two lines\"\n" {
		t.Errorf("got\n%s", got)
	}
	if o.Diff(o) != "" || !o.Same(o) || o.Same(other) {
		t.Error("an outcome differs from itself, or not from another")
	}
	failed := run(t, "LOAD_CONST 1\nLOAD_NAME q\n")
	if failed.Text() != "error undefined name at main+1\n" || failed.Err.Error() != "line 2 (main+1): undefined name: q" {
		t.Errorf("got\n%s%v", failed.Text(), failed.Err)
	}
}

// TestLimitsAreExact: a run that uses n succeeds with the limit n, and not with n-1.
func TestLimitsAreExact(t *testing.T) {
	text := "CALL_FUNC_CONST @f 0\nPOP\nLOAD_CONST \"ab\"\nDUP\nADD\nPRINT\nFORK_EXECUTION 1\nLOAD_CONST 1\nBUILD_LIST 1\nPOP\nJOIN_WORKERS 0\n" +
		"LOAD_CONST 3\nCALL_BUILTIN work 1\n.func f()\nNOP\n.end\n"
	w := load(t, text)
	// 7 + 1 + 3 + 2 instructions; "abab" twice, and a list of one int
	used := run(t, text)
	if used.Steps != 13 || used.Memory != 20+20+32 || used.Time != 3 {
		t.Fatalf("used %d steps, %d bytes, %d ms", used.Steps, used.Memory, used.Time)
	}
	for _, c := range []struct {
		enough, scarce Limits
		kind           ErrorKind
	}{
		{Limits{Steps: 13}, Limits{Steps: 12}, StepLimit},
		{Limits{Memory: 72}, Limits{Memory: 71}, MemoryLimit},
		{Limits{Time: 3}, Limits{Time: 2}, TimeLimit},
		{Limits{CallDepth: 1}, Limits{CallDepth: -1}, StackLimit},
		{Limits{Workers: 1}, Limits{Workers: -1}, WorkerLimit},
	} {
		if o, _ := Run(w.Program, c.enough); o.Err != nil {
			t.Errorf("%+v: %v", c.enough, o.Err)
		}
		if o, _ := Run(w.Program, c.scarce); o.Err == nil || o.Err.Kind != c.kind {
			t.Errorf("%+v: %v", c.scarce, o.Err)
		}
	}
}

// TestListing checks that each instruction has its line, and Disassemble the same ones.
func TestListing(t *testing.T) {
	w := load(t, "x: LOAD_CONST \"s\"\nJUMP_IF_TRUE x\n.func f(a)\nLOAD_NAME a\n.end\n")
	if got := Listing(w.Program, 0); len(got) != 2 || got[0] != `LOAD_CONST "s"` || got[1] != "JUMP_IF_TRUE L0" {
		t.Errorf("got %q", got)
	}
	if f := w.Program.FunctionIndex("f"); f != 1 || w.Program.FunctionIndex("g") != -1 || Listing(w.Program, f)[0] != "LOAD_NAME a" {
		t.Errorf("got %d", f)
	}
}
