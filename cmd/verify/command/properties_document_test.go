//go:build cgo && !noz3

// The document is that of a build with the solver: without, two properties ask for less.

package command

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"synchrony/properties"
	"synchrony/properties/catalogue"
)

// TestPropertiesDocument: the document lists every property, with what it states.
func TestPropertiesDocument(t *testing.T) {
	registry, err := catalogue.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range registry.All() {
		if _, err := os.Stat("../../../" + sourceFile(c.Info())); err != nil || sourceFile(c.Info()) == "" {
			t.Errorf("%s does not say in which file it is defined, but %q", c.Info().ID, c.Info().Source)
		}
	}
	checkGenerated(t, "../../../docs/properties.md", "properties", propertyTables(registry))
}

// sourceFile is where a property is defined, without the line, which moves with every
// change above it.
func sourceFile(in properties.Info) string {
	file, _, _ := strings.Cut(in.Source, ":")
	return file
}

// propertyTables is a table for each group, in the order of reports.
func propertyTables(registry *properties.Registry) string {
	var b strings.Builder
	group := ""
	for _, c := range registry.All() {
		in := c.Info()
		if in.Group != group {
			group = in.Group
			fmt.Fprintf(&b, "\n## %s\n\n| property | states | system | checkers | must occur | defined in |\n|---|---|---|---|---|---|\n", group)
		}
		file := sourceFile(in)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | [%s](../%s) |\n",
			in.ID, in.Statement, in.System, strings.Join(in.Checkers, ", "), strings.Join(in.Sometimes, "; "), file, file)
	}
	return b.String() + "\n"
}
