package command

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"synchrony/models/text"
)

// fencedBlock is a fenced block of a document.
type fencedBlock struct {
	info string // what stands after the fence
	text string
	line int // of its first line
}

// blocks are the fenced blocks of a document.
func blocks(document string) []fencedBlock {
	var all []fencedBlock
	inside := false
	number := 0
	for line := range strings.Lines(document) {
		number++
		info, fence := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "```")
		switch {
		case fence && !inside:
			all = append(all, fencedBlock{info: info, line: number + 1})
			inside = true
		case fence:
			inside = false
		case inside:
			all[len(all)-1].text += line
		}
	}
	return all
}

// step is a command of a document and what it should print.
type step struct {
	command string
	want    []string // lines, with … for anything
	line    int
}

// steps are the commands of a console block.
func (b fencedBlock) steps() []step {
	var all []step
	number := b.line - 1
	for line := range strings.Lines(b.text) {
		number++
		line = strings.TrimSuffix(line, "\n")
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			all = append(all, step{command: command, line: number})
		} else if len(all) > 0 {
			last := &all[len(all)-1]
			last.want = append(last.want, line)
		}
	}
	return all
}

// differs says which line of want the output lacks; empty if it has them all, in order. A
// line that is … alone stands for any number of lines; others follow one another.
func differs(want []string, output string) string {
	lines := strings.Split(strings.TrimRight(output, "\n"), "\n")
	if output == "" {
		lines = nil
	}
	gap := false
	for _, w := range want {
		if w == "…" {
			gap = true
			continue
		}
		pattern := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(w), "…", ".*") + "$")
		for gap && len(lines) > 0 && !pattern.MatchString(lines[0]) {
			lines = lines[1:]
		}
		if len(lines) == 0 || !pattern.MatchString(lines[0]) {
			return w
		}
		lines, gap = lines[1:], false
	}
	if len(lines) > 0 && !gap && len(want) > 0 {
		return "the end, before: " + lines[0]
	}
	return ""
}

// TestTutorial types all commands of the tutorial, in one shell, and compares what they
// print. Only make is not let loose: it says what it would do.
func TestTutorial(t *testing.T) {
	document, err := os.ReadFile("../../../docs/tutorial.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	const mark = "\x01"
	var script strings.Builder
	var all []step
	fmt.Fprintf(&script, "cd %s\nmake() { command make -C %s --dry-run \"$@\"; }\n", text.QuoteWord(folder), text.QuoteWord(source))
	for _, b := range blocks(string(document)) {
		language, file, _ := strings.Cut(b.info, " ")
		switch {
		case language == "console":
			for _, s := range b.steps() {
				all = append(all, s)
				fmt.Fprintf(&script, "(exit $code)\n%s\ncode=$?\nprintf '%s'\n", s.command, mark)
			}
		case file != "":
			fmt.Fprintf(&script, "cat > %s <<'END OF FILE'\n%sEND OF FILE\n", text.QuoteWord(file), b.text)
		}
	}
	cmd := exec.Command("bash")
	cmd.Stdin = strings.NewReader("code=0\n" + script.String())
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(folder, "state"))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	outputs := strings.Split(stdout.String(), mark)
	if len(all) < 15 || len(outputs) != len(all)+1 {
		t.Fatalf("%d commands have %d outputs", len(all), len(outputs)-1)
	}
	for i, s := range all {
		if lacks := differs(s.want, outputs[i]); lacks != "" {
			t.Errorf("docs/tutorial.md:%d: $ %s\nlacks: %s\nit prints:\n%s", s.line, s.command, lacks, outputs[i])
		}
	}
	if stderr.Len() > 0 {
		t.Errorf("standard error:\n%s", &stderr)
	}
}

func TestDiffers(t *testing.T) {
	for _, c := range []struct{ want, output, lacks string }{
		{"", "", ""},
		{"", "anything\n", ""}, // nothing is said of it
		{"a\nb", "a\nb\n", ""},
		{"a\nb", "a\nc\nb\n", "b"},
		{"a\n…\nb", "a\nc\nb\n", ""},
		{"a\n…", "a\nc\nb\n", ""},
		{"a", "a\nb\n", "the end, before: b"},
		{"…\nb", "a\nb\n", ""},
		{"…\nd", "a\nb\n", "d"},
		{"a … (c)", "a b (c)\n", ""},
		{"a … (c)", "a b (d)\n", "a … (c)"},
		{"a", "", "a"},
	} {
		var want []string
		if c.want != "" {
			want = strings.Split(c.want, "\n")
		}
		if got := differs(want, c.output); got != c.lacks {
			t.Errorf("%q against %q: lacks %q, want %q", c.output, c.want, got, c.lacks)
		}
	}
}
