package command

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the generated parts of documents")

// checkGenerated holds the part of a document that the running test generates to be what it
// should be, or writes it, with -update. The part stands between two comments that name it.
func checkGenerated(t *testing.T, path, part, want string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	command := fmt.Sprintf("go test ./cmd/verify/command -run %s -update", t.Name())
	begin, end := fmt.Sprintf("<!-- %s: written by %s -->\n", part, command), fmt.Sprintf("<!-- end of %s -->\n", part)
	before, rest, ok := strings.Cut(string(content), begin)
	_, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatalf("%s has no part between %q and %q", path, begin, end)
	}
	want = before + begin + want + end + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(string(content), want); d != "" {
		t.Errorf("%s is not up to date (-), and should be (+); %s writes it:\n%s", path, command, d)
	}
}
