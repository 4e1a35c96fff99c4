package trace

import (
	"fmt"
	"strconv"
	"strings"

	"synchrony/models/batch"
	"synchrony/models/text"
)

var (
	eventWords  = [...]string{Start: "start", Read: "read", Write: "write", Commit: "commit", Rollback: "rollback"}
	reasonWords = [...]string{"RAW", "WAR", "WAW", "after"} // by bit
)

// String is the kind's word in a trace: "start", "read", "write", "commit" or
// "rollback".
func (k EventKind) String() string { return text.Word(eventWords[:], int(k)) }

// String is the reasons, separated by commas: "RAW,WAW".
func (k DependencyKind) String() string {
	if k == 0 {
		return "none"
	}
	var words []string
	for bit := range 8 {
		switch {
		case k&(1<<bit) == 0:
		case bit < len(reasonWords):
			words = append(words, reasonWords[bit])
		default:
			words = append(words, "?"+strconv.Itoa(bit))
		}
	}
	return strings.Join(words, ",")
}

// formatFailureKind is the kind in quotes, "guard failed", or ?9 for one that
// does not exist.
func formatFailureKind(k batch.FailureKind) string {
	if _, err := batch.ParseFailureKind(k.String()); err != nil {
		return "?" + strconv.Itoa(int(k))
	}
	return strconv.Quote(k.String())
}

// parseReasons is the inverse of DependencyKind.String.
func parseReasons(s string) (DependencyKind, error) {
	if s == "none" {
		return 0, nil
	}
	var k DependencyKind
	for w := range strings.SplitSeq(s, ",") {
		bit, err := text.Unword("reason", reasonWords[:], w)
		if err != nil {
			return 0, err
		}
		if bit > 7 {
			return 0, fmt.Errorf("unknown reason %q", w)
		}
		k |= 1 << bit
	}
	return k, nil
}
