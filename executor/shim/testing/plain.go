//go:build go1.26

package testing

import (
	"regexp"
	"strings"
)

// ownSource is the folder that a rewritten program's runtime is compiled from, up to the name of a package.
const ownSource = `/source/[0-9a-f]{32}/executor/(?:shim|sched)/`

var (
	ownPath     = regexp.MustCompile(`\S*` + ownSource)
	ownFrame    = regexp.MustCompile(`^\s*/.*` + ownSource + `[^:]*:\d+( \+0x[0-9a-f]+)?$`)
	goFrame     = regexp.MustCompile(`^\s*/.*/src/(?:runtime|iter)/[a-z0-9_]+\.(?:go|s):\d+( \+0x[0-9a-f]+)?$`)
	renamedTest = regexp.MustCompile(`\bVerify_(Test|Fuzz)`)
)

// Plain is a text that a test hands over, without what it would not say if the test ran natively: the frames of the runtime
// under the test in stacks, as texts of the Go runtime and of assertion packages have them, and the names of renamed tests.
func Plain(text string) string {
	if strings.Contains(text, "Verify_") {
		text = renamedTest.ReplaceAllString(text, "$1")
	}
	if !strings.Contains(text, "/executor/") || !ownPath.MatchString(text) {
		return text
	}
	lines := strings.SplitAfter(text, "\n")
	kept, within := lines[:0], false // within a stack, below frames that were left out
	for _, line := range lines {
		l := strings.TrimRight(line, "\n")
		if within = ownFrame.MatchString(l) || within && goFrame.MatchString(l); !within {
			kept = append(kept, ownPath.ReplaceAllString(line, ""))
			continue
		}
		if n := len(kept); n > 0 && isFunction(kept[n-1]) {
			kept = kept[:n-1]
		}
	}
	return strings.TrimRight(strings.Join(kept, ""), "\n")
}

// isFunction reports whether a line of a stack names a function of the runtime under the test, or of Go's.
func isFunction(line string) bool {
	for _, prefix := range [...]string{"verify.invalid/", "runtime.", "iter.", "created by verify.invalid/", "created by runtime.", "created by iter."} {
		if strings.HasPrefix(line, prefix) {
			return true
		}
	}
	return false
}
