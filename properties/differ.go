package properties

import (
	"fmt"
	"strings"

	"synchrony/checkers"
)

// Difference is a claim of a counterexample that its replay does not bear out.
type Difference struct {
	Field    string `json:"field"`    // of the file: system, checker, rule, reason, because, or a line of evidence or what-happened
	Recorded string `json:"recorded"` // empty if the file has no such line
	Found    string `json:"found"`    // empty if the replay has none
}

// String says so.
func (d Difference) String() string {
	switch {
	case d.Recorded == "":
		return fmt.Sprintf("%s: the replay shows %q, and the file has no such line", d.Field, d.Found)
	case d.Found == "":
		return fmt.Sprintf("%s: the file says %q, and the replay shows no such line", d.Field, d.Recorded)
	}
	return fmt.Sprintf("%s: the file says %q, and the replay shows %q", d.Field, d.Recorded, d.Found)
}

// Compare notes in r what c says of a violation by the system and r does not show, if it shows one: field by field, and with lines also what was wrong first, and the first
// line of evidence and of the story that differs. A field that c leaves out claims nothing. Two texts are the same if alike maps them to the
// same one.
func (r *Replay) Compare(c *Counterexample, system string, lines bool, alike func(string) string) {
	if r.Verdict.Status != checkers.Fail {
		return
	}
	differ := func(field, recorded, shown string) bool {
		recorded, shown = strings.TrimSpace(oneLine(recorded)), strings.TrimSpace(oneLine(shown))
		if alike(recorded) == alike(shown) {
			return false
		}
		r.Differs = append(r.Differs, Difference{field, recorded, shown})
		return true
	}
	for _, f := range []struct{ field, recorded, shown string }{
		{"system", c.System, system}, {"checker", c.Checker, r.Checker}, {"rule", c.Rule, r.Verdict.Rule}, {"reason", c.Reason, r.Verdict.Reason},
	} {
		if f.recorded != "" {
			differ(f.field, f.recorded, f.shown)
		}
	}
	if c.Because != nil && lines {
		shown := ""
		if r.Because != nil {
			shown = r.Because.String()
		}
		differ("because", c.Because.String(), shown)
	}
	for _, l := range []struct {
		field           string
		recorded, shown []string
	}{{"evidence", c.Evidence, r.Verdict.Evidence}, {storyFile, c.Story, r.Story}} {
		for i := 0; lines && len(l.recorded) > 0 && i < max(len(l.recorded), len(l.shown)); i++ {
			if differ(fmt.Sprintf("%s, line %d", l.field, i+1), lineAt(l.recorded, i), lineAt(l.shown, i)) {
				break
			}
		}
	}
}

// Exactly is for Compare: texts are the same if they are equal.
func Exactly(text string) string { return text }

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}
