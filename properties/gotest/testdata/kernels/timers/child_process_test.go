package timers

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

// command ends at once, or is ended after a second.
func command(t *testing.T) *exec.Cmd {
	path, err := exec.LookPath("true")
	if err != nil {
		t.Skip(err)
	}
	return &exec.Cmd{Path: path, Env: os.Environ()}
}

func runBuggy(t *testing.T, cmd *exec.Cmd) (code int) {
	done := make(chan struct{}, 1)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = cmd.Wait()
		code = 1
		done <- struct{}{}
	}()
	select {
	case <-done:
	case <-time.After(time.Second):
	}
	return code
}

func runFixed(t *testing.T, cmd *exec.Cmd) (code int) {
	done := make(chan int, 1)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = cmd.Wait()
		done <- 1
	}()
	select {
	case code = <-done:
	case <-time.After(time.Second):
	}
	return code
}

// A child process that takes longer than it may leaves a goroutine that writes the result when it has been returned.
//
// want: race at runBuggy
func TestChildProcessBuggy(t *testing.T) { runBuggy(t, command(t)) }

func TestChildProcessFixed(t *testing.T) { runFixed(t, command(t)) }
