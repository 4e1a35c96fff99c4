package command

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/cmd/verify/command/configuration"
	"synchrony/models/text"
	"synchrony/properties/catalogue"
)

// commandLine is the command without its effects.
func commandLine(t testing.TB) (*app, *cobra.Command) {
	t.Helper()
	registry, err := catalogue.All()
	if err != nil {
		t.Fatal(err)
	}
	a := &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, registry: registry, colour: colourAuto}
	return a, a.root()
}

// given is a configuration file's flags of a command, as a command line would say them.
func given(t testing.TB, text, command string, args ...string) (string, error) {
	_, root := commandLine(t)
	cmd, rest, err := root.Find(append(strings.Fields(command), args...))
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.ParseFlags(rest); err != nil {
		t.Fatal(err)
	}
	if _, err := configuration.Apply("f.yaml", []byte(text), false, cmd); err != nil {
		return "", err
	}
	var words []string
	for _, f := range slices.Concat(configuration.Keys(root.PersistentFlags()), configuration.Keys(cmd.LocalNonPersistentFlags())) {
		if f.Changed {
			words = append(words, fmt.Sprintf("%s=%s", f.Name, f.Value))
		}
	}
	return strings.Join(words, " "), nil
}

func TestConfiguration(t *testing.T) {
	for _, c := range []struct{ text, command, want string }{
		{"", "run", ""},
		{"# nothing\n", "run", ""},
		{"run:\n", "run", ""},
		{"run: {}\n", "run", ""},
		{"run:\n  iterations: 20\n  time: 1m30s\n  corpus: a b\n  quiet: true\n", "run", "corpus=a b iterations=20 quiet=true time=1m30s"},
		{"run: {iterations: 20, seed: 18446744073709551615}", "run", "iterations=20 seed=18446744073709551615"},
		{"run:\n  iterations: 20\n", "list", ""},
		{"color: never\nrun:\n  jobs: 1\nlist:\n  json: true\n", "list", "color=never json=true"},
		{"prove:\n  without: [\"a,b\", \"c,d\"]\n", "prove", `without=["a,b","c,d"]`},
		{"prove:\n  without: a,b\n", "prove", `without=["a,b"]`},
		{"check:\n  initial: [alice=100, bob=50]\n", "check", "initial=[alice=100,bob=50]"},
		{"run:\r\n  iterations: 20\r\n", "run", "iterations=20"},
		{"mutants:\n  run:\n    iterations: 20\n  auto: {sample: 5}\n", "mutants run", "iterations=20"},
		{"mutants:\n  run:\n    iterations: 20\n  auto: {sample: 5}\n", "mutants auto", "sample=5"},
		{"mutants:\n", "mutants auto", ""},
		{"run: {jobs: 1}\n", "mutants run", ""},
	} {
		if got, err := given(t, c.text, c.command); err != nil || got != c.want {
			t.Errorf("%q gives verify %s %q (%v), want %q", c.text, c.command, got, err, c.want)
		}
	}
}

// TestFlagsWin: what the command line says is not overridden.
func TestFlagsWin(t *testing.T) {
	text := "color: never\nrun:\n  iterations: 20\n  jobs: 3\n"
	got, err := given(t, text, "run", "--iterations", "7", "--color", "always")
	if want := "color=always iterations=7 jobs=3"; err != nil || got != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}

func TestConfigurationRefused(t *testing.T) {
	for _, c := range []struct {
		text      string
		line, col int
		what      string
	}{
		{"run:\n  itertions: 20\n", 2, 3, `verify run has no flag "itertions"; did you mean iterations?`},
		{"rum:\n  iterations: 20\n", 1, 1, `there is no command "rum"; did you mean run?`},
		{"colour: never\n", 1, 1, `there is no command "colour"; did you mean color?`},
		{"config: other.yaml\n", 1, 1, `there is no command "config"`},
		{"child: {}\n", 1, 1, `there is no command "child"`},
		{"run:\n  system: ./program\n", 2, 3, `verify run has no flag "system"`},
		{"run:\n  help: true\n", 2, 3, `verify run has no flag "help"`},
		{"check:\n  limited: true\n", 2, 3, `verify check has no flag "limited"`},
		{"run:\n  color: never\n", 2, 3, `verify run has no flag "color"`},
		{"list:\n  json: 1\n", 2, 9, `json is "1", and must be true or false`},
		{"run:\n  iterations: many\n", 2, 15, `iterations is "many", and must be a whole number`},
		{"run:\n  iterations: \"20\"\n", 2, 15, `iterations is "20", and must be a whole number`},
		{"run:\n  iterations: 1.5\n", 2, 15, `iterations is "1.5", and must be a whole number`},
		{"run:\n  iterations: [1, 2]\n", 2, 15, "iterations must be a whole number"},
		{"run:\n  iterations:\n", 2, 15, "iterations must be a whole number"},
		{"run:\n  time: 5\n", 2, 9, `time is "5", and must be a duration, such as 90s or 1m30s`},
		{"run:\n  corpus: {a: b}\n", 2, 11, "corpus must be a text"},
		{"run:\n  seed: -1\n", 2, 9, `seed is "-1", and must be a whole number from 0 to 18446744073709551615`},
		{"prove:\n  without: [a, {b: c}]\n", 2, 16, "without must be a text, or a list of texts"},
		{"color: blue\n", 1, 8, `color is "blue", and must be auto, always or never`},
		{"run: 5\n", 1, 6, "run must hold flags"},
		{"mutants:\n  seed: 1\n", 2, 3, `"seed" is a flag of mutants auto, mutants run and mutants strategies, and goes below the command's name, as in "mutants: auto:"`},
		{"mutants:\n  sead: 1\n", 2, 3, `there is no command "mutants sead"`},
		{"require-cases: 100\n", 1, 1, `"require-cases" is a flag of run, and goes below the command's name, as in "run:"`},
		{"mutants:\n  rnu: {}\n", 2, 3, `there is no command "mutants rnu"; did you mean run?`},
		{"mutants:\n  auto:\n    markdown: a\n", 3, 5, `verify mutants auto has no flag "markdown"`},
		{"mutants: 5\n", 1, 10, "mutants must hold names of its commands, and flags under them"},
		{"- run\n", 1, 1, "the file must hold names of commands, and flags under them"},
		{"1: 2\n", 1, 1, "a key must be a plain word"},
		{"run: &a {}\nlist: *a\n", 1, 6, "run must hold flags"},
		{"run: {}\n---\nrun: {}\n", 2, 1, "there must be one document only"},
		{"run---\n---\n", 2, 1, "there must be one document only"},
		{"run:\n  jobs: 1\n  jobs: 2\n", 3, 3, `mapping key "jobs" already defined at [2:3]`},
		{"run:\n\tjobs: 1\n", 2, 1, "found character '\t' that cannot start any token"},
		{"run:\r  itertions: 20\r", 2, 3, `verify run has no flag "itertions"; did you mean iterations?`},
		{"run: [1,\n", 1, 6, "sequence end token ']' not found"},
	} {
		_, err := given(t, c.text, "run")
		var e *text.Error
		if !errors.As(err, &e) || e.Line != c.line || e.Column != c.col || e.Message != c.what {
			t.Errorf("%q: %v, want %d:%d: %s", c.text, err, c.line, c.col, c.what)
		} else if e.Source != strings.Split(strings.ReplaceAll(c.text, "\r", "\n"), "\n")[c.line-1] {
			t.Errorf("%q: the excerpt is %q", c.text, e.Source)
		}
	}
	if _, err := given(t, "run: \xff", "run"); err == nil || err.Error() != "f.yaml: not a text in UTF-8" {
		t.Errorf("what is no text: %v", err)
	}
}

// TestConfigurationDocument: the document lists every key, with what its flag says.
func TestConfigurationDocument(t *testing.T) {
	checkGenerated(t, "../../../docs/configuration.md", "keys", keyTables(t))
}

// keyTables is all keys as tables.
func keyTables(t *testing.T) string {
	_, root := commandLine(t)
	var b bytes.Buffer
	table := func(flags []*pflag.Flag) {
		fmt.Fprint(&b, "\n| key | takes | means |\n|---|---|---|\n")
		for _, f := range flags {
			name, usage := pflag.UnquoteUsage(f)
			kind := configuration.Takes(f)
			if kind == configuration.Text && name != "string" {
				kind = "a " + name
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.Name, kind, strings.ReplaceAll(usage, "|", `\|`))
		}
	}
	fmt.Fprint(&b, "\nFor every command:\n")
	table(configuration.Keys(root.PersistentFlags()))
	for _, cmd := range documented(root)[1:] {
		flags := configuration.Keys(cmd.LocalNonPersistentFlags())
		if !configuration.Configurable(cmd) || len(flags) == 0 {
			continue
		}
		names := strings.Split(strings.TrimPrefix(cmd.CommandPath(), "verify "), " ")
		fmt.Fprintf(&b, "\nUnder `%s:`\n", strings.Join(names, ":` and there `"))
		table(flags)
	}
	fmt.Fprintln(&b)
	return b.String()
}
