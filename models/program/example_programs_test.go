package program

import (
	"os"
	"path/filepath"
	"testing"
)

// The programs of examples/vm do what they say, in every interleaving that is tried, and each level
// has as many as the documentation says.
func TestExamplePrograms(t *testing.T) {
	for _, level := range []struct {
		name string
		want int
	}{{"easy", 10}, {"medium", 15}, {"complex", 15}} {
		files, err := filepath.Glob(filepath.Join("..", "..", "examples", "vm", level.name, "*.zxasm"))
		if err != nil {
			t.Fatal(err)
		}
		if len(files) != level.want {
			t.Errorf("%s: %d examples, want %d", level.name, len(files), level.want)
		}
		for _, file := range files {
			t.Run(level.name+"/"+filepath.Base(file), func(t *testing.T) { checkExampleProgram(t, file) })
		}
	}
}

func checkExampleProgram(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(text) == 0 || text[0] != ';' {
		t.Error("it does not begin with a comment that says what it shows")
	}
	check(t, string(text))
	w := load(t, string(text))
	outcomes, _, err := Outcomes(w.Program, w.Setup.Limits, 200)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		for _, wrong := range w.Program.Expect.Check(o) {
			t.Errorf("in some interleaving: %s", wrong)
		}
	}
	roundTrip(t, w)
}
