package ci

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the generated parts of documents")

// The generated part of docs/ARCHITECTURE.md stands between these.
const (
	packagesBegin = "<!-- packages: written by go test ./ci -run TestPackagesDocument -update -->\n"
	packagesEnd   = "<!-- end of packages -->\n"
)

// TestPackagesDocument: the document lists every package, with how the first sentence of
// its documentation begins, up to a colon, and what it may import.
func TestPackagesDocument(t *testing.T) {
	const path = "../docs/ARCHITECTURE.md"
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(content), packagesBegin)
	_, after, ended := strings.Cut(rest, packagesEnd)
	if !ok || !ended {
		t.Fatalf("%s has no part between %q and %q", path, packagesBegin, packagesEnd)
	}
	want := before + packagesBegin + packagesTable(t) + packagesEnd + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(content) {
		t.Errorf("%s does not list the packages as they are; go test ./ci -run TestPackagesDocument -update writes it", path)
	}
}

// saysOfItself is how the first sentence of a package's documentation begins.
var saysOfItself = regexp.MustCompile(`^(Package|Command) \w+ `)

// packagesTable is a row for each package, by path. Examples are not listed: they show
// what anybody else's packages would do.
func packagesTable(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprint(&b, "\n| package | what it is | may import |\n|---|---|---|\n")
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		if within(name, "examples") {
			continue
		}
		if !saysOfItself.MatchString(p.Doc) {
			t.Errorf("the documentation of %s begins with %q", name, p.Doc)
		}
		imports := slices.Clone(floorPlan[roomOf(name)])
		for i := range imports {
			imports[i] = "`" + imports[i] + "`"
		}
		is, _, _ := strings.Cut(saysOfItself.ReplaceAllString(p.Doc, ""), ":")
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, strings.TrimSuffix(is, "."), strings.Join(imports, " "))
	}
	return b.String() + "\n"
}
