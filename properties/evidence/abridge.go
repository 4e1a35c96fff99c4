package evidence

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// How many bytes are kept of a text that a system under test can make as long as it likes: of a line, and of all lines. What is shown of right systems stays far below.
const (
	longestLine = 4000
	longestText = 32 << 10
)

// Abridge returns a line without its end if it is very long, and says how long it is.
func Abridge(line string) string { return cut(line, longestLine) }

// AbridgeLines returns lines so, the first of them if all together are very long, and says how many there are.
func AbridgeLines(lines []string) []string {
	out, size := slices.Clone(lines), 0
	for i, line := range lines {
		out[i] = Abridge(line)
		if size += len(out[i]); size > longestText {
			return append(out[:i], fmt.Sprintf("… (%d lines)", len(lines)))
		}
	}
	return out
}

// cut keeps so many bytes of a line, in whole characters.
func cut(line string, most int) string {
	if len(line) <= most {
		return line
	}
	end := most
	for end > 0 && !utf8.RuneStart(line[end]) {
		end--
	}
	return fmt.Sprintf("%s… (%d bytes)", line[:end], len(line))
}
