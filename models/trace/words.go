package trace

import (
	"fmt"
	"strconv"
	"strings"

	"synchrony/models/batch"
)

var (
	eventWords   = [...]string{Start: "start", Read: "read", Write: "write", Commit: "commit", Rollback: "rollback"}
	outcomeWords = [...]string{
		Committed: "committed", Aborted: "aborted", Refused: "refused", TimedOut: "timeout", Cancelled: "cancelled",
	}
	reasonWords = [...]string{"RAW", "WAR", "WAW", "after"} // by bit
)

// String is the kind's word in a trace: "start", "read", "write", "commit" or
// "rollback".
func (k EventKind) String() string { return word(eventWords[:], int(k)) }

// String is the outcome's word in a trace: "committed", "aborted", "refused",
// "timeout" or "cancelled".
func (o Outcome) String() string { return word(outcomeWords[:], int(o)) }

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

// word is the i-th of words, or "?i" for a value without one.
func word(words []string, i int) string {
	if i < 0 || i >= len(words) || words[i] == "" {
		return "?" + strconv.Itoa(i)
	}
	return words[i]
}

// unword is the inverse of word for values up to 255.
func unword(what string, words []string, s string) (int, error) {
	for i, w := range words {
		if w == s && w != "" {
			return i, nil
		}
	}
	if i, ok := unresolved(s); ok && i >= 0 && i <= 255 {
		return int(i), nil
	}
	var known []string
	for _, w := range words {
		if w != "" {
			known = append(known, w)
		}
	}
	return 0, fmt.Errorf("unknown %s %q: want one of %s", what, s, strings.Join(known, ", "))
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
		bit, err := unword("reason", reasonWords[:], w)
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

// unresolved parses "?17", which stands for a number without a name.
func unresolved(s string) (int32, bool) {
	if !strings.HasPrefix(s, "?") {
		return 0, false
	}
	i, err := strconv.ParseInt(s[1:], 10, 32)
	return int32(i), err == nil
}
