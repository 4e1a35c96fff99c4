package results

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"synchrony/properties"
	"synchrony/reports"
)

// group is the properties of one group, in order.
type group struct {
	name       string
	properties []*Property
}

// groups are the groups of a run, in order of first appearance.
func (r *Run) groups() []group {
	var groups []group
	index := map[string]int{}
	for i := range r.Properties {
		p := &r.Properties[i]
		at, ok := index[p.Info.Group]
		if !ok {
			at = len(groups)
			index[p.Info.Group] = at
			groups = append(groups, group{name: p.Info.Group})
		}
		groups[at].properties = append(groups[at].properties, p)
	}
	return groups
}

// story is all that there is to say about a property beside its line in the
// console's report: why it did not pass, and how to see for oneself. With files it
// ends with the counterexamples' files. It is told as a run of that subject is.
func (p *Property) story(subject Subject, files bool) string {
	var b strings.Builder
	t := Text{Printer: reports.NewPrinter(&b), causes: map[properties.Group]bool{}, tests: subject == Tests}
	t.details(p)
	if files {
		for i := range p.Result.Failures {
			if f := &p.Result.Failures[i]; f.File != "" && f.Text != "" { // else the details have it
				t.Printf("\n%s:\n\n%s", f.File, untold(f))
			}
		}
	}
	return b.String()
}

// untold is the text of a failure's counterexample without what happened and why, which replay needs not, and which is told above it.
func untold(f *properties.Failure) string {
	c, err := properties.ParseCounterexample(f.File, []byte(f.Text))
	if err != nil {
		return f.Text
	}
	c.Story, c.Why = nil, nil
	return string(c.Format())
}

// failureStory is all that there is to say about one failure.
func failureStory(subject Subject, f *properties.Failure) string {
	var b strings.Builder
	t := Text{Printer: reports.NewPrinter(&b), causes: map[properties.Group]bool{}, tests: subject == Tests}
	t.failure(f)
	return b.String()
}

// withoutControls replaces the control characters that no XML document may contain (XML 1.0,
// section 2.2), even escaped, and that no other reader of text is glad of.
func withoutControls(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r', r >= 0x20 && r <= 0xD7FF, r >= 0xE000 && r <= 0xFFFD, r >= 0x10000:
			return r
		}
		return utf8.RuneError
	}, s)
}

// clip cuts text to at most limit bytes, and says so where it was cut: between lines
// if there are any.
func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	note := func(cut int) string { return fmt.Sprintf("(… and %s more)\n", reports.Plural(len(text)-cut, "byte")) }
	cut := max(0, limit-len(note(0))-1)
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	if end := strings.LastIndexByte(text[:cut], '\n'); end >= 0 {
		cut = end + 1
		return text[:cut] + note(cut)
	}
	return text[:cut] + "\n" + note(cut)
}

// title is a failure in one line.
func title(f *properties.Failure) string {
	return fmt.Sprintf("%s, %s: %s", f.Checker, f.Rule, f.Reason)
}
