package ci

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// namedPath is a path in a document's text, from the module's root.
var namedPath = regexp.MustCompile("`((?:checkers|ci|cmd|docs|examples|executor|generators|models|properties|reports|tools)/[\\w./-]+)`")

// TestNamedPaths: the files and folders that documents name exist, but for those that stand
// for any: with NAME in them.
func TestNamedPaths(t *testing.T) {
	named := 0
	for _, file := range markdownFiles(t) {
		for _, m := range namedPath.FindAllStringSubmatch(readDocument(t, file), -1) {
			if strings.Contains(m[1], "NAME") {
				continue
			}
			named++
			if _, err := os.Stat(filepath.Join("..", m[1])); err != nil {
				t.Errorf("%s names %s, which does not exist", file, m[1])
			}
		}
	}
	if named < 50 {
		t.Errorf("%d paths are named", named)
	}
}
