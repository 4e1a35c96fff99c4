package configuration

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"pgregory.net/rapid"

	"synchrony/models/text"
)

// TestAnyConfiguration: whatever is in the file, it is read or refused, with a place.
func TestAnyConfiguration(t *testing.T) {
	word := rapid.SampledFrom([]string{
		"run", "list", "color", "iterations", "time", "json", "without", "prove", "5", "1m", "true", "~", "a",
		":", ": ", "\n", "\n  ", "\n    ", "- ", "[", "]", "{", "}", ",", "\"", "'", "&a ", "*a", "!!int ", "|", ">", "#", "---\n", "%", "?", "<<", "\t", "é",
	})
	rapid.Check(t, func(t *rapid.T) {
		yaml := strings.Join(rapid.SliceOfN(word, 0, 14).Draw(t, "words"), "")
		if err := configureSmall(smallCommand(), yaml); err != nil {
			placedWell(t, yaml, err)
		}
	})
}

// smallCommand is a command with flags of each kind.
func smallCommand() *cobra.Command {
	root := &cobra.Command{Use: "verify"}
	root.PersistentFlags().Bool("color", false, "")
	run := &cobra.Command{Use: "run", Run: func(*cobra.Command, []string) {}}
	run.Flags().Int("iterations", 0, "")
	run.Flags().Uint64("seed", 0, "")
	run.Flags().Duration("time", 0, "")
	run.Flags().String("json", "", "")
	run.Flags().StringArray("without", nil, "")
	root.AddCommand(run)
	return run
}

func configureSmall(cmd *cobra.Command, yaml string) error {
	_, err := Apply("f", []byte(yaml), false, cmd)
	return err
}

// placedWell fails unless an error of a configuration is at a place in it, and its message is one line.
func placedWell(t interface{ Fatalf(string, ...any) }, yaml string, err error) {
	var e *text.Error
	if !errors.As(err, &e) || e.Line < 1 || e.Line > len(lines(yaml))+1 || strings.Contains(e.Message, "\n") {
		t.Fatalf("%q: %q", yaml, err)
	}
}

// FuzzConfiguration: whatever is in the file, it is refused with a place, or sets flags, and a file that
// says the same sets the same.
func FuzzConfiguration(f *testing.F) {
	for _, s := range []string{
		"", "run:\n  iterations: 20\n  time: 1m30s\n  seed: 18446744073709551615\n  json: a b\n  without: [a, \"b,c\"]\n", "color: true\n",
		"run: {iterations: 20, time: 5}\n", "run: [[[[[[1]]]]]]\n", "run: &a {}\n", "run:\n  json: ../x\n", "run: {}\n---\nrun: {}\n", "run:\n\tseed: \"1\n",
		"run: !!int 5", "? ? ? x", "run:\n  json: |\n    a\n    b\n", "run:\n  seed: 0x10\n", "\xff", "\r\r0",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		cmd := smallCommand()
		if err := configureSmall(cmd, string(data)); err != nil {
			if utf8.Valid(data) && len(data) <= maxConfig {
				placedWell(t, string(data), err)
			}
			return
		}
		again := smallCommand()
		if yaml := configurationOf(cmd); configureSmall(again, yaml) != nil || configurationOf(again) != yaml {
			t.Fatalf("%q is the same as %q, and that as %q (%v)", data, yaml, configurationOf(again), configureSmall(again, yaml))
		}
	})
}

// configurationOf is a file with the flags that were set.
func configurationOf(cmd *cobra.Command) string {
	var b strings.Builder
	write := func(indent string, flags *pflag.FlagSet) {
		flags.VisitAll(func(f *pflag.Flag) {
			if !f.Changed {
				return
			}
			text := []byte(f.Value.String())
			switch v := f.Value.(type) {
			case pflag.SliceValue:
				text, _ = json.Marshal(v.GetSlice()) // JSON is YAML, too
			default:
				if f.Value.Type() == "string" {
					text, _ = json.Marshal(f.Value.String())
				}
			}
			fmt.Fprintf(&b, "%s%s: %s\n", indent, f.Name, text)
		})
	}
	write("", cmd.Root().PersistentFlags())
	b.WriteString("run:\n")
	write("  ", cmd.LocalNonPersistentFlags())
	return b.String()
}
