// Package page writes the generated part of a document, which stands between two marks.
package page

import (
	"fmt"
	"os"
	"strings"
)

// Part is the generated part of a document. Both of its marks end their lines.
type Part struct{ Begin, End string }

// Write puts text, which ends its last line, into its part of a file, and leaves everything else as it is.
func (p Part) Write(file, text string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(content), p.Begin)
	_, after, ended := strings.Cut(rest, p.End)
	if !ok || !ended {
		return fmt.Errorf("%s has no part between %q and %q", file, p.Begin, p.End)
	}
	return os.WriteFile(file, []byte(before+p.Begin+text+p.End+after), 0o666)
}
