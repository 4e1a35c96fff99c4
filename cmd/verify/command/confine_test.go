package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// confinedName is a command of this test's, which serves a parent in the way that its argument says.
const confinedName = "confined"

func confinedMain() {
	a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	err := a.confined(64, func(answer func(any) error) error {
		if err := answer("first"); err != nil {
			return err
		}
		switch os.Args[1] {
		case "ends":
			content, err := io.ReadAll(os.Stdin)
			if err != nil {
				return err
			}
			return answer(string(content))
		case "refuses":
			return errors.New("line 3 is no history")
		case "crashes":
			panic("at the disco")
		case "is killed":
			self, err := os.FindProcess(os.Getpid())
			if err != nil {
				return err
			}
			if err := self.Kill(); err != nil {
				return err
			}
			select {}
		case "hangs":
			select {}
		case "grows":
			var all [][]byte
			for {
				piece := make([]byte, 1<<20)
				for i := 0; i < len(piece); i += 4096 {
					piece[i] = 1
				}
				if all = append(all, piece); len(all) > 1<<12 {
					return errors.New("4 GB, and nobody has minded")
				}
			}
		}
		return fmt.Errorf("unexpected argument %q", os.Args[1])
	})
	if err != nil {
		os.Exit(exitError)
	}
	os.Exit(exitPassed)
}

// TestConfinement: whatever becomes of a process, its parent keeps its answers, and learns how it ended.
func TestConfinement(t *testing.T) {
	path, err := exec.LookPath(confinedName)
	if err != nil {
		t.Fatal(err)
	}
	died := func(cause string) func(error) bool {
		return func(err error) bool {
			var d *diedError
			return errors.As(err, &d) && strings.Contains(err.Error(), cause)
		}
	}
	for how, c := range map[string]struct {
		right func(error) bool
		heard []string
	}{
		"ends":      {func(err error) bool { return err == nil }, []string{"first", "content"}},
		"refuses":   {func(err error) bool { return err != nil && err.Error() == "line 3 is no history" }, nil},
		"crashes":   {died("exit status 2: panic: at the disco"), nil},
		"is killed": {died("signal: killed"), nil},
		"hangs":     {func(err error) bool { return errors.Is(err, errOutOfTime) }, nil},
		"grows":     {func(err error) bool { return errors.Is(err, errOutOfMemory) }, nil},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			child := confinement{executable: path, args: []string{how}, input: strings.NewReader("content"), patience: time.Minute, memory: 64}
			if how == "hangs" {
				child.patience = 300 * time.Millisecond
			}
			var heard []string
			err := child.run(t.Context(), func(answer json.RawMessage) error {
				var word string
				if err := json.Unmarshal(answer, &word); err != nil {
					return err
				}
				heard = append(heard, word)
				return nil
			})
			want := c.heard
			if want == nil {
				want = []string{"first"}
			}
			if !c.right(err) || how != "hangs" && !slices.Equal(heard, want) { // a slow machine may hang before it says a word
				t.Errorf("ended with %v after %q", err, heard)
			}
		})
	}
}

// TestConfinementEndsWithItsCaller: cancelling ends the process, and so does a caller that wants no more.
func TestConfinementEndsWithItsCaller(t *testing.T) {
	path, err := exec.LookPath(confinedName)
	if err != nil {
		t.Fatal(err)
	}
	child := confinement{executable: path, args: []string{"hangs"}, patience: time.Minute}
	enough := errors.New("enough")
	if err := child.run(t.Context(), func(json.RawMessage) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("ended with %v, want %v", err, enough)
	}
}
