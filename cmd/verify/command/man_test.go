package command

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"synchrony/cmd/verify/command/configuration"

	"github.com/spf13/cobra"
)

func TestRoff(t *testing.T) {
	for text, want := range map[string]string{
		"a-b":          `a\-b`,
		`C:\x`:         `C:\ex`,
		".set x\n'tis": "\\&.set x\n\\&'tis",
		"a.b 'c'":      "a.b 'c'",
		"PROPERTY… 😀":  `PROPERTY\[u2026] \[u1F600]`,
	} {
		if got := roff(text); got != want {
			t.Errorf("roff(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestManText(t *testing.T) {
	var b strings.Builder
	manText(&b, "One\n.two:\n\n  a  b\n\n  c\nThree\n\n  d")
	want := "One\n\\&.two:\n.PP\n.nf\n  a  b\n\n  c\n.fi\nThree\n.PP\n.nf\n  d\n.fi\n"
	if b.String() != want {
		t.Errorf("got %q\nwant %q", b.String(), want)
	}
}

// TestManPages: each command has a page that says what its help says, in requests that
// are known.
func TestManPages(t *testing.T) {
	_, root := commandLine(t)
	requests := regexp.MustCompile(`^\.(TH|SH|PP|TP|B|nf|fi)(\s|$)`)
	names := map[string]bool{}
	for _, cmd := range documented(root) {
		page := manPage(cmd)
		names[pageName(cmd)] = true
		for line := range bytes.Lines(page) {
			if line[0] == '\'' || line[0] == '.' && !requests.Match(line) {
				t.Errorf("%s: unknown request %q", pageName(cmd), line)
			}
			if i := slices.IndexFunc(line, func(b byte) bool { return b >= 0x80 }); i >= 0 {
				t.Errorf("%s: not ASCII: %q", pageName(cmd), line)
			}
		}
		for _, flag := range configuration.Keys(cmd.LocalNonPersistentFlags()) {
			if !bytes.Contains(page, []byte(roff("--"+flag.Name))) {
				t.Errorf("%s: there is no flag %s", pageName(cmd), flag.Name)
			}
		}
		if nf, fi := bytes.Count(page, []byte("\n.nf\n")), bytes.Count(page, []byte("\n.fi\n")); nf != fi {
			t.Errorf("%s: %d .nf and %d .fi", pageName(cmd), nf, fi)
		}
	}
	if !names["verify"] || !names["verify-run"] || names["verify-child"] || names["verify-help"] {
		t.Errorf("pages of %v", names)
	}
}

// TestEveryCommand: each command has a help with examples of itself and its exit codes,
// refuses what it does not know, and stands in a group of the overview.
func TestEveryCommand(t *testing.T) {
	_, root := commandLine(t)
	for _, cmd := range documented(root)[1:] {
		name := cmd.CommandPath()
		if !strings.Contains(cmd.Example, name+" ") && !strings.Contains(cmd.Example, name+"\n") && !strings.HasSuffix(cmd.Example, name) {
			t.Errorf("%s: no example", name)
		}
		if strings.HasSuffix(cmd.Short, ".") || cmd.Long == "" {
			t.Errorf("%s: says too little of itself, or ends what stands in a list with a full stop", name)
		}
		if cmd.Parent() == root && cmd.GroupID == "" {
			t.Errorf("%s: in no group", name)
		}
		for line := range strings.Lines(cmd.Long + "\n" + cmd.Example) {
			if n := len([]rune(line)); n > 110 {
				t.Errorf("%s: a line of %d columns: %s", name, n, line)
			}
		}
		for line := range strings.Lines(cmd.Example) {
			checkExample(t, root, line)
		}
	}
}

// checkExample holds an example to the flags that there are.
func checkExample(t *testing.T, root *cobra.Command, line string) {
	t.Helper()
	line, _, _ = strings.Cut(strings.TrimSpace(line), "   ") // what follows is an explanation
	for command := range strings.SplitSeq(line, "&&") {
		words := strings.Fields(command)
		if len(words) == 0 || words[0] != "verify" {
			continue
		}
		cmd, args, err := root.Find(words[1:])
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		for _, arg := range args {
			name, ok := strings.CutPrefix(arg, "--")
			if name, _, _ = strings.Cut(name, "="); ok && cmd.Flags().Lookup(name) == nil && root.PersistentFlags().Lookup(name) == nil {
				t.Errorf("%s: there is no flag --%s", line, name)
			}
		}
	}
}

// TestEveryCommandHasAScript: for each command there are scripts that ask for its help,
// succeed with it, and use it wrongly.
func TestEveryCommandHasAScript(t *testing.T) {
	paths, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal(len(paths), err)
	}
	var scripts strings.Builder
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		scripts.Write(content)
	}
	_, root := commandLine(t)
	for _, cmd := range documented(root)[1:] {
		if cmd.Parent().Name() == "completion" { // as many as there are shells
			continue
		}
		name := strings.TrimPrefix(cmd.CommandPath(), "verify ")
		for _, want := range []string{"code 0 %s --help", "code 2 %s( |$)", "(code [014] |verify )%s "} {
			if pattern := fmt.Sprintf("(?m)"+want, name); !regexp.MustCompile(pattern).MatchString(scripts.String()) {
				t.Errorf("no script has %q", pattern)
			}
		}
	}
}
