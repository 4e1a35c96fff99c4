package command

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// values are what a flag of each type is set to, none of which is a default.
var values = map[string]string{"int": "3", "uint64": "77", "string": "it's", "duration": "1m30s", "bool": "true", "stringSlice": "executor,checkers"}

// repeatable are the commands whose runs end with a line that repeats them: the flags that the line always has, and those that it never has.
var repeatable = []struct {
	command string
	always  []string
	never   string
}{
	{"run", []string{"iterations", "seed"}, "events github html jobs json junit listen no-store quiet rerun-failed sarif shard since store test2json verbose watch"},
	{"test", []string{"schedules", "seed"}, "events exec github html jobs json junit listen no-store quiet replay sarif shard store test2json times verbose"},
	{"mutants run", []string{"seed"}, "html jobs json keep markdown"},
	{"mutants auto", []string{"sample", "seed"}, "jobs json"},
}

// found is a command of a program that prints nothing.
func found(t *testing.T, name string) *cobra.Command {
	t.Helper()
	cmd, _, err := (&app{stdout: io.Discard, stderr: io.Discard}).root().Find(strings.Fields(name))
	if err != nil {
		t.Fatal(err)
	}
	return cmd
}

// TestRepeatLine: the line has every flag that a verdict depends on, such that the command that reads it is the same; and no other.
func TestRepeatLine(t *testing.T) {
	for _, r := range repeatable {
		var never []string
		cmd := found(t, r.command)
		if line, bare := repeatLine(cmd, nil, r.always...), "verify "+r.command; strings.Count(line, " --") != len(r.always) || !strings.HasPrefix(line, bare+" ") {
			t.Errorf("without flags it is %q", line)
		}
		found(t, r.command).LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			cmd := found(t, r.command)
			if err := cmd.Flags().Set(f.Name, values[f.Value.Type()]); err != nil {
				t.Fatal(err)
			}
			line := repeatLine(cmd, []string{"a b"}, r.always...)
			words := split(strings.TrimPrefix(line, "verify "+r.command+" "))
			if !slices.Contains(words, "--"+f.Name) {
				never = append(never, f.Name)
				return
			}
			again := found(t, r.command)
			if err := again.ParseFlags(words); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			if got, want := again.Flags().Lookup(f.Name).Value.String(), f.Name; got != cmd.Flags().Lookup(f.Name).Value.String() || got == "" {
				t.Errorf("%s: --%s is %q", line, want, got)
			}
			if args := again.Flags().Args(); len(args) != 1 || args[0] != "a b" {
				t.Errorf("%s: the words are %q", line, args)
			}
		})
		if got := strings.Join(never, " "); got != r.never {
			t.Errorf("verify %s leaves out %q, want %q", r.command, got, r.never)
		}
	}
}

// split takes a line apart into words as a shell does, as far as reports.Quote goes.
func split(line string) (words []string) {
	word, quoted, escaped := "", false, false
	for _, c := range line {
		switch {
		case escaped:
			word, escaped = word+string(c), false
		case c == '\\' && !quoted:
			escaped = true
		case c == '\'':
			quoted = !quoted
		case c == ' ' && !quoted:
			words, word = append(words, word), ""
		default:
			word += string(c)
		}
	}
	return append(words, word)
}
