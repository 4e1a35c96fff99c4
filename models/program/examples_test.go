package program

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// examples returns the texts of testdata/run by file name.
func examples(t testing.TB) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("testdata/run/*.zxasm")
	if err != nil || len(paths) < 40 {
		t.Fatalf("%d examples, %v", len(paths), err)
	}
	texts := make(map[string]string)
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[strings.TrimSuffix(filepath.Base(path), ".zxasm")] = string(data)
	}
	return texts
}

// TestExamples runs each example against its own expectations, then again under
// the explorer, whose first outcome must be Run's, then takes it through both forms.
func TestExamples(t *testing.T) {
	for name, text := range examples(t) {
		t.Run(name, func(t *testing.T) {
			check(t, text)
			w := load(t, text)
			o, err := Run(w.Program, w.Setup.Limits)
			if err != nil {
				t.Fatal(err)
			}
			all, _, err := Outcomes(w.Program, w.Setup.Limits, 200)
			if err != nil {
				t.Fatal(err)
			}
			if len(all) == 0 || all[0].Diff(o) != "" {
				t.Errorf("of %d outcomes the first is not Run's", len(all))
			}
			roundTrip(t, w)
		})
	}
}

// TestExamplesCover makes sure that the examples and tables use every instruction and end in
// every kind of error.
func TestExamplesCover(t *testing.T) {
	ops := make(map[Opcode]bool)
	kinds := make(map[ErrorKind]bool)
	for _, text := range examples(t) {
		w := load(t, text)
		kinds[w.Program.Expect.Error] = true
		for _, f := range w.Program.Functions {
			for _, in := range f.Code {
				ops[in.Op] = true
			}
		}
	}
	inTables := map[Opcode]bool{Neg: true, Not: true, Sub: true, Pow: true, Neq: true, Lte: true, Gte: true, And: true, Or: true}
	for _, op := range Opcodes() {
		if !ops[op] && !inTables[op] {
			t.Errorf("no example uses %v", op)
		}
	}
	for k := TypeError; k < errorKindCount; k++ {
		if !kinds[k] && k != ValueError && k != IndexError {
			t.Errorf("no example ends with a %v", k)
		}
	}
}

// TestExpectationsBite runs an example against wrong expectations: each must be noticed.
func TestExpectationsBite(t *testing.T) {
	text := "LOAD_CONST 1\nDUP\nSTORE_NAME x\nDUP\nPRINT\nDUP\nSHARED_WRITE s\n"
	for _, wrong := range []string{
		"result 1.0", "result 2", "var x = 2", "var y = 1", "shared s = nil", "shared x = 1",
		`output "2"`, "silence", "output \"1\"\n.expect output \"1\"", "error type error",
	} {
		w := load(t, ".expect "+wrong+"\n"+text)
		o, err := Run(w.Program, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if len(w.Program.Expect.Check(o)) != 1 {
			t.Errorf(".expect %s: %v", wrong, w.Program.Expect.Check(o))
		}
	}
	for _, wrong := range []string{"error type error", "error division by zero at main + 1", "result nil"} {
		w := load(t, ".expect "+wrong+"\nLOAD_CONST 1\nLOAD_CONST 0\nDIV\n")
		o, _ := Run(w.Program, Limits{})
		if len(w.Program.Expect.Check(o)) == 0 {
			t.Errorf(".expect %s was not noticed", wrong)
		}
	}
}

// roundTrip takes a workload through text and binary, and back.
func roundTrip(t fataler, w *Workload) {
	t.Helper()
	text := w.Format()
	again, err := ParseWorkload("again", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if !again.Program.Equal(w.Program) || again.Format() != text {
		t.Fatalf("the text changes the program:\n%s\ninto\n%s", text, again.Format())
	}
	data, err := w.Program.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var p Program
	if err := p.UnmarshalBinary(data); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	data2, _ := p.MarshalBinary()
	if !p.Equal(w.Program) || !bytes.Equal(data, data2) {
		t.Fatalf("the binary form changes the program:\n%s\ninto\n%s", text, Disassemble(&p))
	}
}

// fataler is what a testing.TB and a rapid.T have in common.
type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}
