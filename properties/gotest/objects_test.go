package gotest

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	protocol "synchrony/executor/shim/testing"
)

// transfer locks two accounts, each in a line.
const transfer = `package m

func (a *Account) transfer(to *Account, done chan int) {
	a.mu.Lock()
	to.mu.Lock()
	a.mu.Lock(); to.mu.Lock()
	done <- 1
	for v := range done {
		_ = v
	}
}
`

// inFile is a describer, and a position of each line of a file with that text.
func inFile(t *testing.T, text string) (d *describer, at func(line string) string) {
	file := filepath.Join(t.TempDir(), "a.go")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return &describer{names: namer{filepath.Dir(file)}}, func(line string) string { return file + ":" + line + " m.(*Account).transfer" }
}

// TestOperand: what an operation is about is called as its line calls it, if that is one thing.
func TestOperand(t *testing.T) {
	d, at := inFile(t, transfer)
	for _, c := range []struct{ line, op, want string }{
		{"4", "lock", "a.mu"}, {"5", "lock", "to.mu"}, {"4", "unlock", ""}, {"6", "lock", ""}, {"7", "send", "done"}, {"8", "recv", "done"}, {"7", "recv", ""}, {"99", "lock", ""},
	} {
		if got := d.source.operand(placeOf(at(c.line)), c.op); got != c.want {
			t.Errorf("%s in line %s: %q, want %q", c.op, c.line, got, c.want)
		}
	}
}

// TestDeadlockInWords: a deadlock says what each goroutine waits for and holds, as the program calls it there, and who waits for whom.
func TestDeadlockInWords(t *testing.T) {
	d, at := inFile(t, transfer)
	lock := func(task int32, object string) protocol.Step {
		return protocol.Step{Task: task, Op: "lock", Object: object, Position: at("4")}
	}
	f := &protocol.Finding{
		Kind: protocol.Deadlock, Schedule: "default", Steps: []protocol.Step{lock(0, "mutex/0"), lock(1, "mutex/1")},
		Tasks: []protocol.Task{
			{Name: "left", State: "waiting", Op: "lock", Objects: []string{"mutex/1"}, Position: at("5"), Holds: []string{"mutex/0"}},
			{Number: 1, Name: "right", State: "waiting", Op: "lock", Objects: []string{"mutex/0"}, Position: at("5"), Started: at("9"), Holds: []string{"mutex/1"}},
		},
	}
	if got, want := d.reason(f), "no goroutine can go on: left waits at a.go:5 to lock to.mu (mutex 1); right waits at a.go:5 to lock to.mu (mutex 0)"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	want := []string{
		"left waits at a.go:5 in (*Account).transfer to lock to.mu (mutex 1), which right has locked; it holds a.mu (mutex 0)",
		"right, started at a.go:9, waits at a.go:5 in (*Account).transfer to lock to.mu (mutex 0), which left has locked; it holds a.mu (mutex 1)",
		"So left waits for right, which waits for left.",
	}
	if got := d.evidence(f); !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	if held := d.held(f); len(held) != 2 || held[0].Object != "a.mu (mutex 1)" || held[1].Object != "a.mu (mutex 0)" { // a thing has one name in a graph
		t.Errorf("%+v", held)
	}
}

// TestShortNames: in a row, an object is called as the program calls it, and by its number, too, where another is called the same.
func TestShortNames(t *testing.T) {
	d, at := inFile(t, transfer)
	f := &protocol.Finding{Steps: []protocol.Step{
		{Op: "lock", Object: "mutex/0", Position: at("4")}, {Task: 1, Op: "lock", Object: "mutex/1", Position: at("4")}, {Op: "lock", Object: "mutex/2", Position: at("5")},
		{Op: "unlock", Object: "mutex/0"}, {Op: "unlock", Object: "mutex/2"}, {Op: "unlock", Object: "mutex/3"},
	}}
	want := []string{"unlocks a.mu (mutex 0)", "unlocks to.mu", "unlocks mutex 3"}
	if got := d.deedsOf(f)[3:]; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
