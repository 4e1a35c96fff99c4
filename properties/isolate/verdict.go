package isolate

import (
	"strings"

	"synchrony/checkers"
)

// maxEvidence bounds the lines of a stack that a verdict carries.
const maxEvidence = 60

// verdict judges a child that died.
func (d *death) verdict() checkers.Verdict {
	reason := "the process crashed: " + d.reason
	if d.rule == "hang" {
		reason = "the process hangs: " + d.reason
	}
	lines := lastWords(d.stderr, d.rule)
	return checkers.Failed(d.rule, reason, lines[:min(len(lines), maxEvidence)]...)
}

// firstLine returns the line that says why a Go process died: the first that
// begins a panic or a fatal error, else the first at all, else alternative.
func firstLine(stderr, alternative string) string {
	first := ""
	for line := range strings.Lines(stderr) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return scrub(line)
		}
		if first == "" {
			first = line
		}
	}
	if first == "" {
		return alternative
	}
	return scrub(first)
}
