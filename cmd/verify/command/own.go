package command

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"synchrony/properties"
)

// What examples name of the built-in properties.
var (
	ofVerify  = regexp.MustCompile(`(^|\s)verify `)
	twoNames  = regexp.MustCompile(`\b(run) S5 S7\b`)
	oneName   = regexp.MustCompile(`\b(run|soak|history) S6\b`)
	groupName = regexp.MustCompile(`\b(run|soak|list) batch\b`)
	fileName  = regexp.MustCompile(`\bcounterexamples/S[0-9]+-`)
	remark    = regexp.MustCompile(`^  (\S.*?)(?:  +(\S.*))?$`) // an example, and what is said of it
)

// ownExamples makes the examples of all commands those of a program with properties of its own: they begin with what a person types to run it, and
// name its properties.
func ownExamples(cmd *cobra.Command, registry *properties.Registry, program string) {
	if registry == nil || len(registry.All()) == 0 { // nothing to name
		return
	}
	if _, builtIn := registry.Lookup("S6"); builtIn && program == "verify" {
		return
	}
	cmd.Example = ownExample(cmd.Example, registry.All(), program)
	for _, sub := range cmd.Commands() {
		ownExamples(sub, registry, program)
	}
}

// ownExample makes an example that of a program with at least one property, and aligns the remarks anew.
func ownExample(example string, all []properties.Testable, program string) string {
	first := all[0].Info()
	two, group := first.ID, first.Group
	if len(all) > 1 {
		two += " " + all[1].Info().ID
	}
	if group == "" {
		group = first.ID
	}
	var commands, remarks []string
	width := 0
	for _, line := range strings.Split(example, "\n") {
		if strings.Contains(line, "run broken-") { // there is no such demonstration
			continue
		}
		parts := remark.FindStringSubmatch(line)
		if parts == nil {
			parts = []string{"", strings.TrimPrefix(line, "  "), ""}
		}
		c := parts[1]
		for _, r := range []struct {
			what *regexp.Regexp
			by   string
		}{{ofVerify, "${1}" + literal(program) + " "}, {twoNames, "${1} " + literal(two)}, {oneName, "${1} " + literal(first.ID)}, {groupName, "${1} " + literal(group)}, {fileName, "counterexamples/" + literal(first.ID) + "-"}} {
			c = r.what.ReplaceAllString(c, r.by)
		}
		commands, remarks = append(commands, c), append(remarks, parts[2])
		if parts[2] != "" {
			width = max(width, utf8.RuneCountInString(c))
		}
	}
	var b strings.Builder
	for i, c := range commands {
		if i > 0 {
			b.WriteByte('\n')
		}
		if c != "" {
			b.WriteString("  " + c)
		}
		if remarks[i] != "" {
			b.WriteString(strings.Repeat(" ", width+3-utf8.RuneCountInString(c)) + remarks[i])
		}
	}
	return b.String()
}

// literal is a text as the replacement of a regular expression.
func literal(s string) string { return strings.ReplaceAll(s, "$", "$$") }
