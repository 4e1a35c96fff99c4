package properties

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/txtar"

	"synchrony/models/schedule"
	"synchrony/models/text"
)

// formatVersion is the version of the counterexample file's format.
const formatVersion = 1

// header begins the first line of every counterexample.
const header = "verify counterexample"

// The files of a counterexample that are not the workload's.
const (
	verdictFile  = "verdict"
	scheduleFile = "schedule"
	storyFile    = "what-happened"
	whyFile      = "why-it-fails"
)

// Counterexample is a failing case as a file: everything needed to run it again,
// on any machine, without the generator.
type Counterexample struct {
	Property string
	System   string
	Checker  string
	Rule     string
	Reason   string
	Because  *Cause // what was wrong first, if that is known, and something else
	Evidence []string
	Story    []string // what happened, in order
	Why      []string // what it depends on
	Workload []txtar.File
	// Schedule is nil for a case that failed on plain goroutines.
	Schedule *schedule.Schedule
	// Hits is in how many of Runs runs a case without a schedule failed; both are 0 if that is not known.
	Hits, Runs int
	// Program is that which knows the property: see [Spec]. Empty is command verify.
	Program string
}

// Reproduce is what a person types in a shell to replay the file at path.
func (c *Counterexample) Reproduce(path string) string {
	path = text.QuoteWord(path)
	switch {
	case c.Program == "":
		return "verify replay " + path
	case strings.HasPrefix(c.Program, goTest+" "):
		return c.Program
	case strings.HasPrefix(c.Program, "-"):
		return "verify replay " + c.Program + " " + path
	}
	return "go run " + c.Program + " replay " + path
}

// FormatError says what is wrong with a counterexample file, and where.
type FormatError struct {
	File string
	Line int // 0 if it is about the whole file
	What string
}

func (e *FormatError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.What)
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.What)
}

// Format returns the file's content, a txtar archive.
func (c *Counterexample) Format() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %d\n\n", header, formatVersion)
	fmt.Fprintf(&b, "%s is violated: %s.\n\n", c.Property, oneLine(c.Reason))
	fmt.Fprintf(&b, "Reproduce it with: %s\n\n", oneLine(c.Reproduce("FILE")))
	ar := &txtar.Archive{Comment: b.Bytes()}
	add := func(name, text string) {
		ar.Files = append(ar.Files, txtar.File{Name: name, Data: []byte(text)})
	}
	var v strings.Builder
	for _, x := range []struct{ key, value string }{
		{"property", c.Property}, {"system", c.System}, {"checker", c.Checker}, {"rule", c.Rule}, {"reason", c.Reason},
	} {
		fmt.Fprintf(&v, "%s %s\n", x.key, oneLine(x.value))
	}
	if c.Because != nil {
		fmt.Fprintf(&v, "because %s\n", c.Because)
	}
	if c.Program != "" {
		fmt.Fprintf(&v, "program %s\n", oneLine(c.Program))
	}
	if c.Runs > 0 {
		fmt.Fprintf(&v, "rate %d of %d\n", c.Hits, c.Runs)
	}
	for _, e := range c.Evidence {
		fmt.Fprintf(&v, "evidence %s\n", oneLine(e))
	}
	add(verdictFile, v.String())
	ar.Files = append(ar.Files, c.Workload...)
	if c.Schedule != nil {
		add(scheduleFile, c.Schedule.String()+"\n")
	}
	for _, part := range []struct {
		name  string
		lines []string
	}{{storyFile, c.Story}, {whyFile, c.Why}} {
		if len(part.lines) > 0 {
			add(part.name, ofLines(part.lines))
		}
	}
	return txtar.Format(ar)
}

// ofLines is the content of a file of these lines.
func ofLines(lines []string) string {
	var s strings.Builder
	for _, line := range lines {
		line = oneLine(line)
		if len(txtar.Parse([]byte(line)).Files) > 0 { // it would begin a file of the archive
			line = " " + line
		}
		fmt.Fprintln(&s, line)
	}
	return s.String()
}

// oneLine keeps text from breaking the line-based form.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
}

// ParseCounterexample reads a counterexample; name is the file's, for errors,
// which are *FormatError.
func ParseCounterexample(name string, data []byte) (*Counterexample, error) {
	first, _, _ := strings.Cut(string(data), "\n")
	version, ok := strings.CutPrefix(strings.TrimSpace(first), header+" ")
	if !ok {
		return nil, &FormatError{name, 1, fmt.Sprintf("not a counterexample: the first line must be %q", fmt.Sprintf("%s %d", header, formatVersion))}
	}
	if version != fmt.Sprint(formatVersion) {
		return nil, &FormatError{name, 1, fmt.Sprintf("format version %q is not known; this program reads version %d", version, formatVersion)}
	}
	c := &Counterexample{}
	seen := map[string]bool{}
	for _, f := range txtar.Parse(data).Files {
		if seen[f.Name] {
			return nil, &FormatError{name, 0, fmt.Sprintf("the file %q is there twice", f.Name)}
		}
		seen[f.Name] = true
		switch f.Name {
		case verdictFile:
			if line, what := c.parseVerdict(splitLines(string(f.Data))); what != "" {
				return nil, &FormatError{name, line + lineOf(data, verdictFile), what}
			}
		case scheduleFile:
			s, err := schedule.ParseSchedule(strings.TrimSpace(string(f.Data)))
			if err != nil {
				return nil, &FormatError{name, lineOf(data, scheduleFile), err.Error()}
			}
			c.Schedule = &s
		case storyFile:
			c.Story = splitLines(string(f.Data))
		case whyFile:
			c.Why = splitLines(string(f.Data))
		default:
			c.Workload = append(c.Workload, f)
		}
	}
	switch {
	case c.Property == "":
		return nil, &FormatError{name, 0, fmt.Sprintf("the file %q with its property is missing: was the counterexample cut short?", verdictFile)}
	case len(c.Workload) == 0:
		return nil, &FormatError{name, 0, "the workload is missing: was the counterexample cut short?"}
	}
	return c, nil
}

// parseVerdict reads the lines of the verdict, and says which one is wrong, counted from 0, and how.
func (c *Counterexample) parseVerdict(lines []string) (line int, what string) {
	fields := map[string]*string{
		"property": &c.Property, "system": &c.System, "checker": &c.Checker,
		"rule": &c.Rule, "reason": &c.Reason, "program": &c.Program, "rate": new(string), "because": new(string),
	}
	for i, text := range lines {
		key, value, _ := strings.Cut(text, " ")
		if key == "evidence" {
			c.Evidence = append(c.Evidence, value)
			continue
		}
		f, known := fields[key]
		switch {
		case !known:
			return i, fmt.Sprintf("the file %q has an unknown line %q, or one that is there twice", verdictFile, text)
		case value == "" && key == "property":
			return i, "the property has no name"
		case key == "rate":
			_, err := fmt.Sscanf(value, "%d of %d", &c.Hits, &c.Runs)
			if err != nil || c.Hits < 0 || c.Hits > c.Runs || value != fmt.Sprintf("%d of %d", c.Hits, c.Runs) {
				return i, fmt.Sprintf("%q is no rate, such as \"3 of 200\"", value)
			}
		case key == "because":
			var ok bool
			if c.Because, ok = parseCause(value); !ok {
				return i, fmt.Sprintf("%q is no cause, such as \"order/plan, missing dependency: b does not wait for a\"", value)
			}
		}
		*f = value
		delete(fields, key)
	}
	return 0, ""
}

// splitLines returns the lines of a text, without what may not be in one.
func splitLines(text string) []string {
	text = strings.TrimRight(text, "\r\n")
	if text == "" {
		return nil
	}
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = oneLine(lines[i])
	}
	return lines
}

// lineOf returns the line after the marker of the named file in an archive.
func lineOf(data []byte, file string) int {
	for i, line := range strings.Split(string(data), "\n") {
		if strings.TrimRight(line, "\r") == "-- "+file+" --" {
			return i + 2
		}
	}
	return 0
}

// LoadCounterexample reads a counterexample from a file.
func LoadCounterexample(path string) (*Counterexample, error) {
	data, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	return ParseCounterexample(path, data)
}

// Save writes the counterexample into folder, which is made if need be, under a
// name that depends on its content alone, and returns the path. The file appears
// whole or not at all.
func (c *Counterexample) Save(folder string) (string, error) {
	data := c.Format()
	sum := sha256.Sum256(data)
	path := filepath.Join(folder, fmt.Sprintf("%s-%s-%x.txtar", FileName(c.Property), slug(c.Rule), sum[:4]))
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return "", err
	}
	if err := WriteFile(path, data); err != nil {
		return "", err
	}
	return path, nil
}

// FileName is how the names of a property's counterexamples begin.
func FileName(property string) string { return strings.ReplaceAll(property, "/", "-") }

// slug makes a rule's name fit for a file's name.
func slug(s string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return '-'
	}, s), "-")
}
