package evidence

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// Words takes what a Go process writes on standard error. It keeps its last words: what it
// says when it dies, from the last line that begins a panic, a fatal error, the answer to a
// SIGQUIT, or a stack outside of those; the rest goes on to Printed. It holds a bounded part of
// both, however much is written. Its methods may be called by many goroutines.
type Words struct {
	Printed io.Writer // gets what the process printed before it died; must not fail

	mu      sync.Mutex
	line    []byte // the beginning of the line that is being written
	dropped bool   // it has more
	dying   bool   // last words were begun
	stacks  bool   // and have come to the stacks
	text    []byte // the last words, of bounded length
	lines   int    // of the message in text
}

// maxStacks is how many bytes of stacks are kept.
const maxStacks = 64 << 10

// Write takes the next part. It never fails.
func (w *Words) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for part := range slices.Chunk(p, 32<<10) { // which is looked through more than once
		w.write(part)
	}
	return len(p), nil
}

func (w *Words) write(p []byte) {
	for len(p) > 0 {
		if len(w.line) == 0 && (!w.dying || w.full()) {
			p = w.skip(p)
		}
		end := bytes.IndexByte(p, '\n')
		part := p
		if end >= 0 {
			part = p[:end]
		}
		room := min(len(part), maxLine+1-len(w.line))
		w.line, w.dropped = append(w.line, part[:room]...), w.dropped || room < len(part)
		if end < 0 {
			break
		}
		w.take()
		p = p[end+1:]
	}
}

// beginnings are those of lines that last words may begin with, after the end of another line.
var beginnings = [][]byte{[]byte("\npanic: "), []byte("\nfatal error: "), []byte("\nSIGQUIT: "), []byte("\ngoroutine ")}

// skip passes over the lines at the beginning of p that are no last words, and returns the rest.
// A system may print faster than lines can be taken one by one.
func (w *Words) skip(p []byte) []byte {
	for _, b := range beginnings {
		if bytes.HasPrefix(p, b[1:]) {
			return p
		}
	}
	end := bytes.LastIndexByte(p, '\n') + 1
	for _, b := range beginnings {
		if i := bytes.Index(p[:end], b); i >= 0 {
			end = i + 1
		}
	}
	if !w.dying {
		_, _ = w.Printed.Write(p[:end])
	}
	return p[end:]
}

// full reports whether nothing is kept before another part of the last words begins.
func (w *Words) full() bool {
	if w.stacks {
		return len(w.text) >= maxStacks
	}
	return w.lines >= maxLines
}

// take takes a whole line. There may be very many, so that most must cost little.
func (w *Words) take() {
	line := w.line
	if w.dropped {
		line = append(line[:maxLine], "…"...)
	}
	line = append(line, '\n')
	w.line, w.dropped = line[:0], false
	switch {
	case bytes.HasPrefix(line, []byte("panic: ")), bytes.HasPrefix(line, []byte("fatal error: ")), bytes.HasPrefix(line, []byte("SIGQUIT: ")):
		w.dying, w.stacks, w.text, w.lines = true, false, w.text[:0], 0
	case bytes.HasPrefix(line, []byte("goroutine ")) && goroutine.Match(line[:len(line)-1]):
		if w.dying && !w.stacks && w.full() {
			w.text = append(w.text, '\n') // it was not kept
		}
		w.dying, w.stacks = true, true
	}
	switch {
	case !w.dying:
		_, _ = w.Printed.Write(line)
	case !w.full():
		w.text = append(w.text, line...)
		w.lines++
	}
}

// last ends the line that was begun, and returns the last words.
func (w *Words) last() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.line) > 0 {
		w.take()
	}
	return string(w.text)
}

// Crash returns what a process said that crashed: the line that says why, which is empty if
// it died without a word, and the message with the stack that it shows first.
func (w *Words) Crash() (reason string, words []string) {
	words = crashWords(w.last())
	if len(words) > 0 && !strings.HasPrefix(words[0], "goroutine [") {
		reason = words[0]
	}
	return reason, words
}

// Hang returns the stacks of a process that was made to show them.
func (w *Words) Hang() []string { return hangWords(w.last()) }

// Exhausted says in a few words which resource of the machine the process missed, if that is
// why it crashed; else it is empty. What the Go runtime says then begins with a fatal error;
// what a system says is the error of a system call.
func (w *Words) Exhausted() string {
	message, _, _ := strings.Cut(w.last(), "\n\n")
	first, _, _ := strings.Cut(message, "\n")
	fatal := strings.HasPrefix(first, "fatal error: ")
	holds := func(text string) bool { return strings.Contains(message, text) }
	switch {
	case fatal && (holds("out of memory") || holds("cannot map pages") || holds("memory reservation exceeds")), holds(syscall.ENOMEM.Error()):
		return "out of memory"
	case holds(syscall.EMFILE.Error()), holds(syscall.ENFILE.Error()):
		return "out of file descriptors"
	case fatal && holds("newosproc"):
		return "out of threads"
	}
	return ""
}
