package command

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// endless is a run that ends by a signal only.
func endless(t *testing.T, properties ...string) *exec.Cmd {
	args := append([]string{"run", "--iterations", "100000000", "--seed", "1", "--jobs", "2", "--json", "out.json"}, properties...)
	cmd := exec.Command("verify", args...)
	cmd.Dir = t.TempDir()
	cmd.Stderr = os.Stderr
	return cmd
}

// checkInterrupted checks how an interrupted run ended, and what it left.
func checkInterrupted(t *testing.T, cmd *exec.Cmd, output string, code int, wants ...string) {
	t.Helper()
	if got := cmd.ProcessState.ExitCode(); got != code {
		t.Errorf("exit code is %d, want %d", got, code)
	}
	for _, want := range append(wants, "inconclusive: interrupted ", "interrupted: this is what was found so far", "repeat with: verify run ") {
		if !strings.Contains(output, want) {
			t.Errorf("the output lacks %q:\n%s", want, output)
		}
	}
	report, err := os.ReadFile(filepath.Join(cmd.Dir, "out.json"))
	if err != nil || !bytes.Contains(report, []byte(`"interrupted": true`)) {
		t.Errorf("the report does not say that it was interrupted (%v):\n%s", err, report)
	}
}

// TestInterrupt ends a run as soon as it has begun: it is inconclusive.
func TestInterrupt(t *testing.T) {
	cmd := endless(t, "S2", "S16")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var output strings.Builder
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if output.Len() == 0 { // the header: signals are heard by now
			if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
				t.Error(err)
			}
		}
		output.WriteString(lines.Text() + "\n")
	}
	_ = cmd.Wait() // the exit code is checked below
	checkInterrupted(t, cmd, output.String(), exitInconclusive)
}

// TestInterruptKeepsWhatWasFound ends a run, by the other signal, once a violation
// was saved: the violation decides.
func TestInterruptKeepsWhatWasFound(t *testing.T) {
	cmd := endless(t, "S16", "broken-lost-update")
	var output strings.Builder
	cmd.Stdout = &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for {
		saved, err := filepath.Glob(filepath.Join(cmd.Dir, defaultCorpus, "broken-lost-update-*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		if len(saved) > 0 {
			break
		}
		runtime.Gosched()
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // the exit code is checked below
	checkInterrupted(t, cmd, output.String(), exitViolated, "complete, lost update: ", "verify replay counterexamples/broken-lost-update-")
}
