package evidence

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const (
	stackOfPanic = "goroutine 29 [running]:\nexample.org/system.work(0xc0000b2000)\n\t/src/pool.go:72 +0x6a\n\n"
	stackOfWait  = "goroutine 7 [chan receive]:\nexample.org/system.wait()\n\t/src/wait.go:7 +0x3e\n"
)

// TestLastWords: whatever was printed before, and however much was said, the reason and the
// stack are found.
func TestLastWords(t *testing.T) {
	many := strings.Repeat("y\n", 1<<18)
	stack := []string{"goroutine [running]:", "example.org/system.work", "\t/src/pool.go:72"}
	for name, c := range map[string]struct {
		said, reason, printed string
		words                 []string
	}{
		"nothing":             {},
		"only prints":         {said: "a\nb", printed: "a\nb\n"},
		"a panic":             {said: "panic: boom\n\n" + stackOfPanic + stackOfWait, reason: "panic: boom", words: append([]string{"panic: boom"}, stack...)},
		"much before":         {said: many + "panic: boom\n\n" + stackOfPanic, reason: "panic: boom", printed: many, words: append([]string{"panic: boom"}, stack...)},
		"a panic that stayed": {said: "panic: I am text\nand more\nfatal error: all goroutines\n\n" + stackOfPanic, reason: "fatal error: all goroutines", words: append([]string{"fatal error: all goroutines"}, stack...)},
		"no end of line":      {said: "panic: boom", reason: "panic: boom", words: []string{"panic: boom"}},
		"in the middle":       {said: "he said panic: no\n", printed: "he said panic: no\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var printed strings.Builder
			w := Words{Printed: &printed}
			_, _ = w.Write([]byte(c.said))
			reason, words := w.Crash()
			if reason != c.reason || printed.String() != c.printed {
				t.Errorf("reason %q after %d bytes, want %q after %d", reason, printed.Len(), c.reason, len(c.printed))
			}
			if diff := cmp.Diff(c.words, words); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLastWordsAreBounded: a message without end leaves room for the stack.
func TestLastWordsAreBounded(t *testing.T) {
	for name, message := range map[string]string{"one line": strings.Repeat("z", 1<<20), "lines": strings.Repeat("z\n\t", 1<<19)} {
		w := Words{Printed: &strings.Builder{}}
		_, _ = fmt.Fprintf(&w, "panic: %s\n\n%s%s", message, stackOfPanic, strings.Repeat(stackOfWait, 1<<14))
		if _, words := w.Crash(); len(words) > maxLines || words[len(words)-1] != "\t/src/pool.go:72" {
			t.Errorf("%s: %d lines, the last %q", name, len(words), words[len(words)-1])
		}
		if len(w.text) > 3*maxStacks {
			t.Errorf("%s: %d bytes are held", name, len(w.text))
		}
	}
}

// TestLastWordsComeInParts: it does not matter where one write ends and the next begins.
func TestLastWordsComeInParts(t *testing.T) {
	pieces := []string{"a\n", "panic: ", "boom", "\n", "\n", "fatal error: x\n", stackOfPanic, stackOfWait, "goroutine ", "b"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom(pieces)).Draw(t, "pieces"), "")
		var printed [2]strings.Builder
		whole, parts := Words{Printed: &printed[0]}, Words{Printed: &printed[1]}
		_, _ = whole.Write([]byte(text))
		for rest := text; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "n")
			_, _ = parts.Write([]byte(rest[:n]))
			rest = rest[n:]
		}
		if a, b := whole.last(), parts.last(); a != b || printed[0].String() != printed[1].String() {
			t.Fatalf("%q in parts is %q (%q), not %q (%q)", text, b, printed[1].String(), a, printed[0].String())
		}
	})
}

// TestExhausted: a machine without room is told from a system that is wrong.
func TestExhausted(t *testing.T) {
	for said, want := range map[string]string{
		"fatal error: runtime: out of memory\n\nruntime stack:\n":                                      "out of memory",
		"fatal error: runtime: cannot map pages in arena address space\n":                              "out of memory",
		"runtime: failed to create new OS thread (have 9 already; errno=11)\nfatal error: newosproc\n": "out of threads",
		"panic: open /x: too many open files\n\n" + stackOfPanic:                                       "out of file descriptors",
		"panic: fork/exec /bin/true: cannot allocate memory\n\n" + stackOfPanic:                        "out of memory",
		"panic: out of memory cells\n\n" + stackOfPanic:                                                "",
		"fatal error: concurrent map writes\n\n" + stackOfPanic:                                        "",
	} {
		w := Words{Printed: &strings.Builder{}}
		_, _ = w.Write([]byte(said))
		if got := w.Exhausted(); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}

// TestLine: what differs from run to run goes, and nothing else.
func TestLine(t *testing.T) {
	t.Setenv("TMPDIR", "/var/tmp/x")
	for said, want := range map[string]string{
		"panic: (main.bad) {0x4f1e2c, 0xc000012345}":               "panic: (main.bad) {0x…, 0x…}",
		"flags 0x1f and 12345 stay":                                "flags 0x1f and 12345 stay",
		"goroutine 4711 waits for process 815, pid=17, PID: 99":    "goroutine … waits for process …, pid=…, PID: …",
		"open /var/tmp/x/verify-1234567890/corpus/1234567: denied": "open $TMPDIR/verify-…/corpus/1234567: denied",
		"a process 12 of 13":                                       "a process … of 13",
		strings.Repeat("é", 600):                                   strings.Repeat("é", 500) + "… (1200 bytes)",
	} {
		if got := Line(said); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}
