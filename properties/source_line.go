package properties

import (
	"bufio"
	"os"
	"strconv"
	"strings"
)

// maxSourceLine is how many bytes of a line of source are shown.
const maxSourceLine = 100

// SourceLine is the line of source at a position "file.go:12", without the space around it; "" if it cannot be read here, as of a program that was
// built elsewhere.
func SourceLine(position string) string {
	i := strings.LastIndexByte(position, ':')
	if i < 0 {
		return ""
	}
	want, err := strconv.Atoi(position[i+1:])
	if err != nil {
		return ""
	}
	f, err := os.Open(position[:i])
	if err != nil {
		return ""
	}
	defer f.Close() // which was only read
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		if n < want {
			continue
		}
		line := strings.TrimSpace(lines.Text())
		if len(line) > maxSourceLine {
			line = strings.ToValidUTF8(line[:maxSourceLine], "") + "…"
		}
		return line
	}
	return ""
}
