package auto

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed equivalent.txt
var equivalentText string

// EquivalentFile is where the list of equivalent mutants is kept, from the module's root.
const EquivalentFile = "properties/mutants/auto/equivalent.txt"

// Equivalent is the reviewed list of mutants that no property can kill: by key, the reason
// why their verdicts can't differ from those of the original.
type Equivalent map[string]string

// ListError is a line of the list that cannot be read.
type ListError struct {
	Line int
	Why  string
}

func (e *ListError) Error() string { return fmt.Sprintf("%s:%d: %s", EquivalentFile, e.Line, e.Why) }

// Reviewed is the list that comes with this package.
func Reviewed() (Equivalent, error) { return parseEquivalent(equivalentText) }

// parseEquivalent reads a list: a key on a line of its own, the reason in indented lines
// behind it. Keys that share a reason follow one another. A line that begins with # is a comment.
func parseEquivalent(text string) (Equivalent, error) {
	list := Equivalent{}
	var keys []string // that wait for their reason
	line, explained := 0, false
	for l := range strings.Lines(text) {
		line++
		content := strings.TrimSpace(l)
		switch indented := l[0] == ' ' || l[0] == '\t'; {
		case content == "" || l[0] == '#':
		case !indented:
			if explained {
				keys, explained = nil, false
			}
			if _, twice := list[content]; twice {
				return nil, &ListError{line, "this mutant is listed already"}
			}
			list[content] = ""
			keys = append(keys, content)
		case len(keys) == 0:
			return nil, &ListError{line, "a reason without a mutant: begin a mutant's line without white space"}
		default:
			explained = true
			for _, k := range keys {
				list[k] = strings.TrimSpace(list[k] + " " + content)
			}
		}
	}
	if len(keys) > 0 && !explained {
		return nil, &ListError{line, "a mutant without a reason: say in an indented line why no verdict can differ"}
	}
	return list, nil
}
