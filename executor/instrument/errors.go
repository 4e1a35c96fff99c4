package instrument

import (
	"fmt"
	"regexp"
	"strings"
)

// SetupError says that a folder, a toolchain or a set of patterns cannot be built
// from at all.
type SetupError struct {
	Dir    string
	Reason string // what is wrong and what to do
	// NoModule says that it is in no Go module, nor in a workspace of some.
	NoModule bool
}

func (e *SetupError) Error() string { return e.Dir + ": " + e.Reason }

// LoadError says that packages do not load or do not compile as the user wrote
// them: nothing was rewritten.
type LoadError struct {
	Dir      string
	Problems []string // each with its position, in the order of the go command
}

func (e *LoadError) Error() string {
	s := "the packages do not load: " + e.Problems[0]
	if placed := hasPlace.MatchString(e.Problems[0]); placed {
		s = "the code does not compile: " + e.Problems[0]
	}
	if n := len(e.Problems) - 1; n > 0 {
		s += fmt.Sprintf(" (and %d more; see go vet)", n)
	}
	return s
}

// hasPlace tells what is wrong with code from what is wrong with patterns, go.mod
// files and the like.
var hasPlace = regexp.MustCompile(`^[^ ]+\.go:[0-9]+:`)

// BuildError says that rewritten code does not compile although the user's does:
// the fault is the rewriting's, or something it cannot take.
type BuildError struct {
	Packages []string
	Output   string // of the go command
}

func (e *BuildError) Error() string {
	first, more, _ := strings.Cut(strings.TrimSpace(e.Output), "\n")
	if strings.HasPrefix(first, "# ") && more != "" {
		first, _, _ = strings.Cut(more, "\n")
	}
	return fmt.Sprintf("%s cannot be put under control: the rewritten code does not compile: %s", strings.Join(e.Packages, ", "), first)
}
