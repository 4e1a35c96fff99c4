package program

import (
	"slices"
	"strconv"
	"strings"
)

// Text returns what o means, a line for each fact; equal texts are equal outcomes. After an error
// that is a limit ([ErrorKind.Limit]) that is only the limit's name, since implementations
// may strike it at different points.
func (o Outcome) Text() string {
	if o.Err != nil && o.Err.Kind.Limit() {
		return "error " + o.Err.Kind.String() + "\n"
	}
	var b strings.Builder
	line := func(parts ...string) {
		for _, part := range parts {
			b.WriteString(part)
		}
		b.WriteByte('\n')
	}
	if o.Err != nil {
		line("error ", o.Err.Kind.String(), " at ", o.Err.Name, "+", strconv.Itoa(o.Err.PC))
	} else {
		line("result ", o.Result.String())
	}
	for _, v := range o.Variables {
		line("var ", v.Name, " = ", v.Value.String())
	}
	for _, v := range o.Shared {
		line("shared ", v.Name, " = ", v.Value.String())
	}
	for _, text := range o.Output {
		line("output ", strconv.Quote(text))
	}
	return b.String()
}

// Line is what the run shows, on one line for a person: of runs of one program, which has the given globals, equal lines
// are equal outcomes. A result of nil is left out if there is anything else.
func (o Outcome) Line(globals []string) string {
	var parts []string
	switch {
	case o.Err != nil && o.Err.Kind.Limit():
		return "error " + o.Err.Kind.String()
	case o.Err != nil:
		parts = append(parts, "error "+o.Err.Kind.String()+" at "+o.Err.Name+"+"+strconv.Itoa(o.Err.PC))
	case o.Result.Kind() != NilKind:
		parts = append(parts, "result "+o.Result.String())
	}
	for _, v := range o.Variables {
		parts = append(parts, v.Name+" = "+v.Value.String())
	}
	for _, v := range o.Shared {
		name := v.Name
		if slices.Contains(globals, name) {
			name = "shared " + name
		}
		parts = append(parts, name+" = "+v.Value.String())
	}
	for _, text := range o.Output {
		parts = append(parts, "output "+strconv.Quote(text))
	}
	if len(parts) == 0 {
		return "result nil"
	}
	return strings.Join(parts, ", ")
}

// Same reports whether two outcomes mean the same.
func (o Outcome) Same(other Outcome) bool { return o.Text() == other.Text() }

// Diff returns the lines of the texts that differ, o's with "-" and the other's with "+"; ""
// if they mean the same. Equal lines at the beginning and the end are left out.
func (o Outcome) Diff(other Outcome) string {
	if o.Same(other) {
		return ""
	}
	a, b := strings.SplitAfter(o.Text(), "\n"), strings.SplitAfter(other.Text(), "\n")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	var d strings.Builder
	for _, line := range a {
		d.WriteString("-" + line)
	}
	for _, line := range b {
		d.WriteString("+" + line)
	}
	return d.String()
}
