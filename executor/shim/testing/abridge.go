//go:build go1.26

package testing

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// What is kept of the text that a test hands over, for it goes into terminals, reports and files.
const (
	mostLines = 20       // of an entry of its log, or of a message
	mostBytes = 4 << 10  // of one
	mostLog   = 200      // entries of a log
	mostText  = 64 << 10 // bytes of all of them
)

// abridge keeps the beginning of a text, made plain, and says how much more there was.
func abridge(text string) string {
	text = strings.TrimRight(Plain(text), "\n")
	kept, more := text, ""
	if end := line(text, mostLines); end < len(text) {
		kept = text[:end]
		more = "\n… and 1 more line"
		if n := strings.Count(text[end:], "\n"); n > 1 {
			more = fmt.Sprintf("\n… and %d more lines", n)
		}
	}
	if len(kept) > mostBytes {
		kept = kept[:mostBytes]
		for i := 1; i < utf8.UTFMax; i++ { // the last character may have been cut
			if r, size := utf8.DecodeLastRuneInString(kept); r != utf8.RuneError || size != 1 {
				break
			}
			kept = kept[:len(kept)-1]
		}
		more = fmt.Sprintf("… (%d bytes)", len(text))
	}
	return kept + more
}

// line is where the n-th line of a text ends.
func line(text string, n int) (end int) {
	for ; n > 0; n-- {
		i := strings.IndexByte(text[end:], '\n')
		if i < 0 {
			return len(text)
		}
		end += i + 1
	}
	return end - 1
}

// add logs a text, and returns what is kept of it.
func (r *run) add(text string) string {
	text = abridge(text)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.log) == mostLog || r.logged+len(text) > mostText {
		r.cut++
		return text
	}
	r.logged += len(text)
	r.log = append(r.log, text)
	return text
}
