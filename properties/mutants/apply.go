package mutants

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
)

// ApplyError is a patch that does not fit the source any more.
type ApplyError struct {
	Mutant string
	Path   string // of the source file
	Line   int    // where the part that does not fit should be, in the file as it was
	What   string
}

func (e *ApplyError) Error() string {
	return fmt.Sprintf("the patch of mutant %s no longer applies: %s:%d: %s; make it anew", e.Mutant, e.Path, e.Line, e.What)
}

// apply returns the mutant's source, given that of its file. Each part of the patch
// applies where it says or else, because other lines come and go, at the only place
// that it fits. The error is an [*ApplyError].
func (m *Mutant) apply(source []byte) ([]byte, error) {
	lines := slices.Collect(strings.Lines(string(source)))
	file := &gitdiff.File{}
	for _, f := range m.fragments {
		places := fits(f, lines)
		moved := *f
		switch {
		case slices.Contains(places, f.OldPosition):
		case len(places) == 1:
			moved.OldPosition = places[0]
		case len(places) == 0:
			return nil, &ApplyError{m.Name, m.Path, int(f.OldPosition), "its lines are not in the file"}
		default:
			return nil, &ApplyError{m.Name, m.Path, int(f.OldPosition), fmt.Sprintf("its lines are in the file %d times", len(places))}
		}
		file.TextFragments = append(file.TextFragments, &moved)
	}
	var out bytes.Buffer
	if err := gitdiff.Apply(&out, bytes.NewReader(source), file); err != nil {
		return nil, &ApplyError{m.Name, m.Path, int(m.fragments[0].OldPosition), err.Error()}
	}
	return out.Bytes(), nil
}

// fits lists the lines, from 1, at which the fragment's old lines stand.
func fits(f *gitdiff.TextFragment, lines []string) []int64 {
	var old []string
	for _, l := range f.Lines {
		if l.Old() {
			old = append(old, l.Line)
		}
	}
	var places []int64
	for at := 0; at+len(old) <= len(lines); at++ {
		if slices.Equal(lines[at:at+len(old)], old) {
			places = append(places, int64(at+1))
		}
	}
	return places
}
