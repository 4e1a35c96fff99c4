package command

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/models/text"
)

// notRepeated is the annotation of a flag that no verdict depends on.
const notRepeated = "verify_not_repeated"

// unrepeated says of flags that no verdict depends on them: they decide what is printed and kept, and how many processors work. Any other flag is part
// of the line that repeats a run, so that a new one is not forgotten there.
func unrepeated(f *pflag.FlagSet, names ...string) {
	for _, name := range names {
		if err := f.SetAnnotation(name, notRepeated, []string{"true"}); err != nil {
			panic(err) // there is no such flag
		}
	}
}

// repeatLine is the command line that repeats a run of cmd on words: with each flag that a verdict depends on and whose value is not its
// default, and with those named in always, which a reader wants to see. A number that is always named is left out where it is 0, which is no limit.
func repeatLine(cmd *cobra.Command, words []string, always ...string) string {
	line := strings.Fields(cmd.CommandPath())
	for _, w := range words {
		line = append(line, text.QuoteWord(w))
	}
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		value, named := f.Value.String(), slices.Contains(always, f.Name)
		switch {
		case f.Annotations[notRepeated] != nil, f.Name == "help", cmd.InheritedFlags().Lookup(f.Name) != nil:
		case isSlice(f):
			for _, v := range f.Value.(pflag.SliceValue).GetSlice() {
				if f.Changed {
					line = append(line, "--"+f.Name, text.QuoteWord(v))
				}
			}
		case !named && value == f.DefValue, named && f.Value.Type() == "int" && value == "0":
		case f.Value.Type() == "bool" && value == "true":
			line = append(line, "--"+f.Name)
		case f.Value.Type() == "bool":
			line = append(line, "--"+f.Name+"="+value)
		default:
			line = append(line, "--"+f.Name, text.QuoteWord(value))
		}
	})
	return strings.Join(line, " ")
}

func isSlice(f *pflag.Flag) bool {
	_, is := f.Value.(pflag.SliceValue)
	return is
}
