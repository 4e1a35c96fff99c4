package contexts

import (
	"context"
	"errors"
	"sync"
	"testing"
)

var errDisk = errors.New("the disk is full")

// backup cancels its context with the cause of its failure.
type backup struct {
	cancel context.CancelCauseFunc
	failed chan struct{}
}

func (b *backup) runBuggy() {
	close(b.failed)
	b.cancel(errDisk)
}

func (b *backup) runFixed() {
	b.cancel(errDisk)
	close(b.failed)
}

// superviseBackup ends the context of a backup that has failed and asks why.
func superviseBackup(t *testing.T, run func(*backup)) {
	ctx, cancel := context.WithCancelCause(context.Background())
	b := &backup{cancel: cancel, failed: make(chan struct{})}
	var running sync.WaitGroup
	running.Add(1)
	go func() {
		defer running.Done()
		run(b)
	}()
	<-b.failed
	cancel(nil) // whatever else uses ctx ends too
	<-ctx.Done()
	if cause := context.Cause(ctx); !errors.Is(cause, errDisk) {
		t.Errorf("cause = %v, want %v", cause, errDisk)
	}
	running.Wait()
}

// The failure is announced before its cause is set, so the supervisor may
// cancel first, and only the first cause counts.
//
// want: failed at superviseBackup
func TestCauseLostBuggy(t *testing.T) {
	superviseBackup(t, (*backup).runBuggy)
}

func TestCauseLostFixed(t *testing.T) {
	superviseBackup(t, (*backup).runFixed)
}
