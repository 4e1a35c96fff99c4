package process

import (
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

// maxDump is how many bytes of stacks a child shows that hangs.
const maxDump = 64 << 10

// dumpHeader is the line before them, as the Go runtime writes it.
const dumpHeader = "SIGQUIT: quit\n\n"

// dumpOnQuit makes a SIGQUIT, which is how the supervisor asks a child that hangs what it is
// doing, print all stacks. The Go runtime would do so too, but cannot show the stack of a
// goroutine that is running on another thread; this stops the world first.
func dumpOnQuit() {
	quit := make(chan os.Signal, 1)
	signal.Notify(quit, syscall.SIGQUIT)
	go func() {
		<-quit
		stacks := make([]byte, maxDump)
		stacks = append([]byte(dumpHeader), stacks[:runtime.Stack(stacks, true)]...)
		_, _ = os.Stderr.Write(stacks) // there is nobody to tell if it fails
		os.Exit(exitDumped)
	}()
}
