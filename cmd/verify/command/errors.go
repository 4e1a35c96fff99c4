package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"synchrony/cmd/verify/command/configuration"
	"synchrony/models/text"
	"synchrony/properties/isolate"
	"synchrony/reports"
)

// The exit codes.
const (
	exitPassed        = 0
	exitViolated      = 1 // a property was violated, a batch not committed, a program not as expected
	exitError         = 2 // wrong use, or the harness itself failed
	exitInconclusive  = 3
	exitNotReproduced = 4
)

// status ends the program with a code, when everything there is to say was said.
type status int

func (s status) Error() string { return fmt.Sprintf("exit code %d", int(s)) }

// exit returns the error that ends the program with code.
func exit(code int) error {
	if code == exitPassed {
		return nil
	}
	return status(code)
}

// statusCode is the exit code of a verdict.
func statusCode(s reports.Status) int {
	return slices.Index([]reports.Status{reports.Pass, reports.Fail, reports.Broken, reports.Inconclusive}, s)
}

// exitCode prints err as one line, unless it is a status, and returns the exit code.
func exitCode(stderr io.Writer, err error) int {
	if err == nil {
		return exitPassed
	}
	var s status
	if errors.As(err, &s) {
		return int(s)
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(stderr, "verify: interrupted")
		return exitInconclusive
	}
	fmt.Fprintf(stderr, "verify: %s\n", reports.Legible(err.Error()))
	var unjudged *isolate.NotJudgedError
	if errors.As(err, &unjudged) {
		return exitInconclusive
	}
	return exitError
}

// usageError is a command line that makes no sense.
type usageError struct {
	command string // "verify run"
	what    string
}

func (e *usageError) Error() string {
	if strings.HasSuffix(e.what, "?") {
		return fmt.Sprintf("%s See %s --help", e.what, e.command)
	}
	return fmt.Sprintf("%s; see %s --help", e.what, e.command)
}

func wrongUse(cmd *cobra.Command, format string, args ...any) error {
	return &usageError{cmd.CommandPath(), fmt.Sprintf(format, args...)}
}

// atLeastOne refuses a command line without arguments.
func atLeastOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return wrongUse(cmd, "which %s?", what)
		}
		return nil
	}
}

// exactlyOne refuses any other number of arguments.
func exactlyOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return wrongUse(cmd, "one %s at a time, not %d", what, len(args))
		}
		return atLeastOne(what)(cmd, args)
	}
}

// none refuses arguments.
func none(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return wrongUse(cmd, "%s takes no arguments, such as %q", cmd.CommandPath(), args[0])
	}
	return nil
}

// flagError says for people what is wrong with a flag.
func flagError(cmd *cobra.Command, err error) error {
	var missing *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &missing) && missing.GetSpecifiedShortnames() == "":
		if where := elsewhere(cmd, missing.GetSpecifiedName()); where != "" {
			return wrongUse(cmd, "%s", where)
		}
		var known []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden {
				known = append(known, "--"+f.Name)
			}
		})
		name := "--" + missing.GetSpecifiedName()
		return wrongUse(cmd, "unknown flag %s%s", name, didYouMean(name, known))
	case errors.As(err, &invalid):
		f := invalid.GetFlag()
		if want := configuration.Takes(f); want != configuration.Text {
			if errors.Is(err, strconv.ErrRange) && f.Value.Type() == "int" { // it is a whole number
				return wrongUse(cmd, "--%s is %s, which is out of range: it must be at most %d", f.Name, invalid.GetValue(), math.MaxInt)
			}
			return wrongUse(cmd, "--%s is %q, and must be %s", f.Name, invalid.GetValue(), want)
		}
	}
	return wrongUse(cmd, "%v", err)
}

// didYouMean is "; did you mean run?" if a candidate is near the word, else nothing.
func didYouMean(word string, candidates []string) string {
	return text.Suggest(word, slices.Values(candidates))
}
