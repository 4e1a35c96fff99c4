package command

import (
	"fmt"
	"io"
	"os"
)

// colourMode is what --color says; it is a flag's value.
type colourMode string

const (
	colourAuto   colourMode = "auto"
	colourAlways colourMode = "always"
	colourNever  colourMode = "never"
)

func (m *colourMode) String() string { return string(*m) }

// Type is how flagError knows what the flag takes.
func (*colourMode) Type() string { return "when" }

func (m *colourMode) Set(s string) error {
	switch mode := colourMode(s); mode {
	case colourAuto, colourAlways, colourNever:
		*m = mode
		return nil
	}
	return fmt.Errorf("%q is none of auto, always and never", s)
}

// wantsColour reports whether text for w should be coloured.
func (a *app) wantsColour(w io.Writer) bool {
	yes, _ := a.colour.decide(isTerminal(w), os.Getenv)
	return yes
}

// decide says whether to colour text that goes to a terminal, or elsewhere, and what
// decides that: the flag; else the environment, where no outweighs yes
// (no-color.org, bixense.com/clicolors); else whether a terminal is there that can.
func (m colourMode) decide(terminal bool, getenv func(string) string) (yes bool, why string) {
	switch {
	case m == colourAlways || m == colourNever:
		return m == colourAlways, "--color=" + string(m)
	case getenv("NO_COLOR") != "":
		return false, "NO_COLOR is set"
	case getenv("CLICOLOR_FORCE") != "" && getenv("CLICOLOR_FORCE") != "0":
		return true, "CLICOLOR_FORCE is set"
	case getenv("CLICOLOR") == "0":
		return false, "CLICOLOR is 0"
	case !terminal:
		return false, "it is no terminal"
	case getenv("TERM") == "dumb":
		return false, "TERM is dumb"
	}
	return true, "it is a terminal"
}
