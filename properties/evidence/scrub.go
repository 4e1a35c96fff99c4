package evidence

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// maxLine is how many bytes are kept of a line.
const maxLine = 1000

var (
	// address is a number that only this run of the process gave a meaning.
	address = regexp.MustCompile(`0x[0-9a-fA-F]{5,}`)
	// numbered is a goroutine, a thread or a process with its number.
	numbered = regexp.MustCompile(`\b(goroutine|GOID|(?i:pid|ppid|tid)|(?i:process|thread))([ =:#]{1,2})\d+\b`)
	// temporary is what follows the path of the folder of temporary files: in its first
	// component the number that made its name unique.
	temporary = regexp.MustCompile(`^([^\s/]*?)\d{4,}`)
)

// Line returns a line of a message without what differs from run to run, and without its end
// if it is very long.
func Line(s string) string {
	s = address.ReplaceAllString(cut(s, maxLine), "0x…")
	s = numbered.ReplaceAllString(s, "$1$2…")
	return scrubFolder(s, filepath.Clean(os.TempDir()))
}

// scrubFolder replaces the folder of temporary files, and what is unique in the names below it.
func scrubFolder(s, folder string) string {
	parts := strings.Split(s, folder+"/")
	for i := range parts[1:] {
		parts[i+1] = temporary.ReplaceAllString(parts[i+1], "$1…")
	}
	return strings.Join(parts, "$TMPDIR/")
}

// Lines returns the lines of a message so.
func Lines(s string) []string {
	var out []string
	for line := range strings.Lines(strings.TrimRight(s, "\n")) {
		if out = append(out, Line(strings.TrimRight(line, "\n"))); len(out) == maxLines {
			break
		}
	}
	return out
}
