package command

import (
	"io"
	"os"

	"golang.org/x/term"
)

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// isLive reports whether what is on w can be drawn anew: on a terminal that can move its
// cursor, and that a person sees.
func isLive(w io.Writer, getenv func(string) string) bool {
	return isTerminal(w) && getenv("TERM") != "dumb" && !isCI(getenv)
}

// isCI reports whether a CI service runs this, which nearly all of them say by CI=true.
func isCI(getenv func(string) string) bool {
	ci := getenv("CI")
	return ci != "" && ci != "false" && ci != "0"
}

// size is that of the terminal w; 80 columns and 24 rows if it does not say.
func size(w io.Writer) (columns, rows int) {
	if f, ok := w.(*os.File); ok {
		if columns, rows, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 && rows > 0 {
			return columns, rows
		}
	}
	return 80, 24
}

// width is that of the terminal w, to which text is to be fitted; 0 if w is none.
func width(w io.Writer) int {
	if !isTerminal(w) {
		return 0
	}
	columns, _ := size(w)
	return columns
}
