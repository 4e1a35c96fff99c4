package command

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"synchrony/checkers/linearizability"
)

// recordedRegisters is a history of registers as it is recorded, in which some reads are wrong, some outcomes are unknown, and some operations fail.
func recordedRegisters(rng *rand.Rand, n int) string {
	var sb strings.Builder
	type client struct {
		name, key, phase int
		write            bool
		value            int
	}
	list, values := make([]client, 1+rng.IntN(3)), make([]int, 2)
	for i := range list {
		list[i].name = i
	}
	next, written, wrong := len(list), 0, rng.IntN(2)
	for range n {
		c := &list[rng.IntN(len(list))]
		line := func(kind, value string) {
			fmt.Fprintf(&sb, "{:process %d, :type :%s, :f %s, :value [%d %s]}\n", c.name, kind, map[bool]string{true: ":write", false: ":read"}[c.write], c.key, value)
		}
		shown := func() string {
			if c.value == 0 {
				return "nil"
			}
			return fmt.Sprint(c.value)
		}
		switch c.phase {
		case 0:
			c.phase, c.key, c.write, c.value = 1, rng.IntN(2), rng.IntN(2) == 0, 0
			if c.write {
				written++
				c.value = written
			}
			line("invoke", shown())
		case 1:
			switch c.phase = 2; {
			case c.write && rng.IntN(20) == 0:
				line("fail", shown())
				c.phase = 0
			case c.write:
				values[c.key] = c.value
			case wrong > 0 && rng.IntN(25) == 0:
				c.value = rng.IntN(written + 1)
			default:
				c.value = values[c.key]
			}
		default:
			if c.phase = 0; rng.IntN(25) == 0 {
				line("info", shown())
				c.name = next
				next++
				continue
			}
			line("ok", shown())
		}
	}
	return sb.String()
}

// tellTheSame compares all that is said of a history that is judged while it is read with what is said of the whole.
func tellTheSame(t *testing.T, got, whole *checkReport, what, history string) {
	t.Helper()
	x, _ := json.Marshal(whole) // both are plain data
	y, _ := json.Marshal(got)
	if !bytes.Equal(x, y) {
		t.Fatalf("%s:\n%s\nas a whole:\n%s\n%s", what, y, x, history)
	}
}

// TestStreamTellsTheSame compares what is said of a history that is judged while it is read, and can be read again, with what is said of the whole.
func TestStreamTellsTheSame(t *testing.T) {
	fails := 0
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 5))
		text := recordedRegisters(rng, 100+rng.IntN(900))
		o := &checkOptions{model: "register", format: "auto", pairs: "key", time: time.Minute}
		o.again = func() (io.Reader, error) { return strings.NewReader(text), nil }
		a := &app{stdin: strings.NewReader(text)}
		want, err := a.judgeCalls(o, "history", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		got, err := a.judgeStream(o, "history", linearizability.Register(), strings.NewReader(text), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if want.Verdict == "fail" {
			fails++
		}
		tellTheSame(t, got, want, fmt.Sprintf("seed %d", seed), text)
		o.again = nil
		if got, err = a.judgeStream(o, "history", linearizability.Register(), strings.NewReader(text), time.Now()); err != nil || got.Verdict != want.Verdict {
			t.Fatalf("seed %d: %v, and the whole is %v: %v", seed, got, want.Verdict, err)
		}
	}
	if fails < 30 || fails > 120 {
		t.Errorf("%d of 150 fail", fails)
	}
}

// TestWholeCallsAreNoStream: calls in any order are judged as a whole, also if there are many; and so are calls that their model does not have refused.
func TestWholeCallsAreNoStream(t *testing.T) {
	o := &checkOptions{model: "register", format: "auto", time: time.Minute}
	var whole strings.Builder
	for i := range 1500 {
		fmt.Fprintf(&whole, `{"process": 0, "call": %d, "return": %[1]d, "f": "write", "value": %[1]d}`+"\n", 2000-i)
	}
	a := &app{stdin: strings.NewReader(whole.String() + strings.Repeat(" ", wholeBytes))}
	if r, err := a.judgeCalls(o, "history", time.Now()); err != nil || r.Verdict != "pass" || r.Operations != 1500 {
		t.Errorf("%v: %v", r, err)
	}
	strange := "{:process 0, :type :invoke, :f :add, :value 1}\n{:process 0, :type :ok, :f :add, :value 1}\n"
	a.stdin = strings.NewReader(strange + strings.Repeat(" ", wholeBytes))
	if _, err := a.judgeCalls(o, "history", time.Now()); err == nil || !strings.Contains(err.Error(), "1: the model register has no") {
		t.Errorf("%v", err)
	}
}

// TestGrowing reads a file that grows: whole lines, then its rest; and pauses when all were read.
func TestGrowing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		if _, err := file.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	write("one\ntw")
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	pauses := 0
	g := &growing{in: in, idle: time.Nanosecond, wait: func() error { return nil }}
	g.pause = func() error {
		if pauses++; pauses == 1 {
			write("o\nthree\nfo")
		}
		return nil
	}
	all, err := io.ReadAll(g)
	if err != nil || string(all) != "one\ntwo\nthree\nfo" || g.given != int64(len(all)) || pauses != 2 {
		t.Errorf("%q, %d pauses: %v", all, pauses, err)
	}
}

// TestGrowingIsTheSameFile: a file that became shorter, or was replaced, is no longer the one that was judged; a line that is cut off is left out.
func TestGrowingIsTheSameFile(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"shorter": func(path string) error { return os.Truncate(path, 3) },
		"replaced": func(path string) error {
			return errors.Join(os.Remove(path), os.WriteFile(path, make([]byte, 100), 0o600))
		},
		"removed": os.Remove,
		"cut off": nil,
	} {
		path := filepath.Join(t.TempDir(), "history")
		if err := os.WriteFile(path, []byte("{:a 1}\n{:b"), 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		g := &growing{in: in, idle: time.Nanosecond, wait: func() error { return nil }, pause: func() error {
			if change != nil {
				return change(path)
			}
			return nil
		}}
		all, err := io.ReadAll(g)
		if (err == nil) != (change == nil) || string(all) != "{:a 1}\n" || string(g.held) != "{:b" {
			t.Errorf("%s: %q, and left %q: %v", name, all, g.held, err)
		}
		_ = in.Close() // it was only read
	}
}

// TestReadingIsShown: how much, how fast, and how long the rest takes, if that can be known.
func TestReadingIsShown(t *testing.T) {
	p := &checkProgress{file: "h", size: 400e6}
	p.read.Store(100e6)
	if line := p.line(10 * time.Second); line != "h: 100 of 400 MB read, 10.0 MB/s, 30s left" {
		t.Error(line)
	}
	if p.size = 0; p.line(10*time.Second) != "h: 100 MB read, 10.0 MB/s, 10s" {
		t.Error(p.line(10 * time.Second))
	}
}
