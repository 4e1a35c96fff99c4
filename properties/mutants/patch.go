package mutants

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
)

// Mutant is the program with one mechanism removed or wrong, as a patch says.
type Mutant struct {
	Name     string `json:"name"`              // the patch's file name without ".patch"
	Breaks   string `json:"breaks"`            // what is broken, in a sentence
	Seen     string `json:"seen"`              // where such a bug was seen, or typically is, in a sentence
	Report   string `json:"report,omitempty"`  // the address of the public report that it follows; empty if none
	ShownBy  string `json:"shownBy,omitempty"` // the input and schedule that show it, in a sentence; there if Report is
	KilledBy string `json:"property"`          // the ID of the property that must find it
	Cases    int    `json:"cases,omitempty"`   // that this property needs; 0 is what any other gets
	Verdict  string `json:"verdict,omitempty"` // the rule of the violation, such as "deadlock"; empty if any will do
	// Survives is what input or question is missing, in a sentence, if no property finds it yet: then it is
	// expected to survive, and a kill is what shows that the patch is out of date. Empty if it must be killed.
	Survives string `json:"survives,omitempty"`
	// NeedsSchedules says that the default schedule of a case does not show it, so that ways to choose
	// others can be compared by it.
	NeedsSchedules bool   `json:"needsSchedules,omitempty"`
	Path           string `json:"path"` // of the source file, from the module's root
	Diff           string `json:"diff"` // the patch without its header

	fragments []*gitdiff.TextFragment
}

// PatchError says what is wrong with a patch, and where.
type PatchError struct {
	File string
	Line int // from 1
	What string
}

func (e *PatchError) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.What) }

// suffix ends the file names of patches.
const suffix = ".patch"

// rooms are the folders whose files a patch may change: what is tested, parsers and
// validators among it, and what judges it.
var rooms = []string{"models/", "executor/", "checkers/", "properties/"}

// parsePatch reads a patch. Its form is header lines "Key: value", a blank line, and the
// unified diff of one file, as git diff writes it. The keys, each at most once, are
// Breaks, Seen and Killed-by, and optionally Report with Shown-by, Survives, Cases, Verdict and Needs. The
// file's name, which ends in ".patch", names the mutant. Errors are [*PatchError].
func parsePatch(file string, data []byte) (*Mutant, error) {
	name, ok := strings.CutSuffix(path.Base(file), suffix)
	if !ok || name == "" {
		return nil, &PatchError{file, 1, "the file's name must be that of the mutant, and end in " + suffix}
	}
	m := &Mutant{Name: name}
	header, diff, _ := strings.Cut(string(data), "\n\n")
	lines := strings.Split(header, "\n")
	if err := m.parseHeader(file, lines); err != nil {
		return nil, err
	}
	m.Diff = diff
	return m, m.parseDiff(file, len(lines)+2)
}

// headerKeys are the keys of a patch's header. It is never written.
var headerKeys = []string{"Breaks", "Seen", "Report", "Shown-by", "Killed-by", "Survives", "Cases", "Verdict", "Needs"}

// needsSchedules is what a mutant may need.
const needsSchedules = "schedules"

func (m *Mutant) parseHeader(file string, lines []string) error {
	fields := map[string]*string{
		"Breaks": &m.Breaks, "Seen": &m.Seen, "Report": &m.Report, "Shown-by": &m.ShownBy, "Killed-by": &m.KilledBy,
		"Survives": &m.Survives, "Verdict": &m.Verdict, "Cases": new(string), "Needs": new(string),
	}
	for i, line := range lines {
		key, value, ok := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		field, known := fields[key]
		switch {
		case !ok:
			return &PatchError{file, i + 1, fmt.Sprintf("the header line %q is not of the form \"Key: value\"", line)}
		case !known:
			return &PatchError{file, i + 1, fmt.Sprintf("unknown key %q; the keys are %s", key, strings.Join(headerKeys, ", "))}
		case *field != "":
			return &PatchError{file, i + 1, fmt.Sprintf("a second %q", key)}
		case value == "":
			return &PatchError{file, i + 1, fmt.Sprintf("%q has no value", key)}
		}
		*field = value
		switch key {
		case "Cases":
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 {
				return &PatchError{file, i + 1, fmt.Sprintf("Cases is %q, and must be a whole number of at least 1", value)}
			}
			m.Cases = n
		case "Needs":
			if m.NeedsSchedules = value == needsSchedules; !m.NeedsSchedules {
				return &PatchError{file, i + 1, fmt.Sprintf("Needs is %q, and can only be %q", value, needsSchedules)}
			}
		case "Report":
			if !strings.HasPrefix(value, "https://") {
				return &PatchError{file, i + 1, fmt.Sprintf("Report is %q, and must be an address that begins with https://", value)}
			}
		}
	}
	if (m.Report == "") != (m.ShownBy == "") {
		return &PatchError{file, len(lines), "the header has only one of \"Report\" and \"Shown-by\", which go together"}
	}
	for _, key := range []string{"Breaks", "Seen", "Killed-by"} {
		if *fields[key] == "" {
			return &PatchError{file, len(lines), fmt.Sprintf("the header has no %q", key)}
		}
	}
	return nil
}

// parseDiff reads the diff, which begins at the given line of the file.
func (m *Mutant) parseDiff(file string, line int) error {
	wrong := func(what string) error { return &PatchError{file, line, what} }
	files, _, err := gitdiff.Parse(strings.NewReader(m.Diff))
	switch {
	case err != nil:
		return wrong("the diff cannot be read: " + strings.TrimPrefix(err.Error(), "gitdiff: "))
	case len(files) != 1:
		return wrong(fmt.Sprintf("the diff must change one file, and changes %d", len(files)))
	}
	f := files[0]
	m.Path = f.OldName
	switch {
	case !strings.HasPrefix(m.Diff, "diff --git "):
		return wrong("the diff must begin with the line \"diff --git a/FILE b/FILE\", as git diff writes it")
	case f.IsNew || f.IsDelete || f.IsRename || f.IsCopy || f.IsBinary || f.OldName != f.NewName:
		return wrong("the diff must change the text of a file that is there, and keep its name")
	case len(f.TextFragments) == 0:
		return wrong("the diff changes nothing")
	case !strings.HasSuffix(m.Path, ".go") || strings.HasSuffix(m.Path, "_test.go") || path.Clean(m.Path) != m.Path || !inRoom(m.Path):
		return wrong(fmt.Sprintf("%s is not a Go file, tests apart, in one of %s", m.Path, strings.Join(rooms, ", ")))
	}
	m.fragments = f.TextFragments
	return nil
}

func inRoom(p string) bool {
	for _, r := range rooms {
		if strings.HasPrefix(p, r) {
			return true
		}
	}
	return false
}
