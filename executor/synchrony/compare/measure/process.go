package measure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// process is what a process took, with those that it started.
type process struct {
	Wall, CPU time.Duration
	Memory    float64 // of the largest of them, in MB
	Exit      int     // its exit code
}

// watching is the first argument of a process that runs another one and says what that took. The kernel counts as a process's
// memory also that of its parent when it was started, and this program can be large: so the parent is a small one.
const watching = "-watch-process"

// watch runs a command and writes what it took, also if it came to no good end.
func watch(out io.Writer, command []string) error {
	cmd := exec.Command(command[0], command[1:]...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	start := time.Now()
	err := cmd.Run()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() == wrongUse {
		return fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, said.Bytes())
	}
	p := process{Wall: time.Since(start), CPU: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), Exit: cmd.ProcessState.ExitCode()}
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		p.Memory = float64(u.Maxrss) * 1024 / million // Linux counts in KiB
	}
	return json.NewEncoder(out).Encode(p)
}

// wrongUse is the exit code of verify, if it could not do its work; 1 and 3 are verdicts.
const wrongUse = 2

// runVerify runs the program in a folder of its own.
func (s *settings) runVerify(args ...string) (process, error) {
	folder, err := os.MkdirTemp("", "compare")
	if err != nil {
		return process{}, err
	}
	defer os.RemoveAll(folder)
	self, err := os.Executable()
	if err != nil {
		return process{}, err
	}
	cmd := exec.Command(self, append([]string{watching, s.verify}, args...)...)
	cmd.Dir = folder
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return process{}, fmt.Errorf("%w: %s", err, said.Bytes())
	}
	var p process
	return p, json.Unmarshal(out.Bytes(), &p)
}
