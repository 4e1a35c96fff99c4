// Package native has tests that get no further when their goroutines are tasks of a scheduler, and what is to be said of each.
package native

import (
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"testing"
)

func listener(t *testing.T) net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestAccept: not run: it waits in net.(*TCPListener).Accept, called at native_test.go:23, which no schedule decides about
func TestAccept(t *testing.T) {
	_, err := listener(t).Accept()
	t.Error(err)
}

// TestSpawned: not run: it waits in net.(*TCPListener).Accept, called at native_test.go:32, which no schedule decides about
func TestSpawned(t *testing.T) {
	l := listener(t)
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := l.Accept()
		t.Error(err)
	})
	wg.Wait()
}

// TestChild: not run: it waits in os/exec.(*Cmd).Run, called at native_test.go:40, which no schedule decides about
func TestChild(t *testing.T) {
	t.Error(exec.Command("sleep", "100").Run())
}

// TestPipe: not run: it waits in io.ReadAll, called at native_test.go:49, which no schedule decides about
func TestPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.ReadAll(r)
	t.Error(err)
	w.Close()
}

// TestLater: inconclusive: it shows no sign of life: it waits in net.(*TCPListener).Accept, called at native_test.go:68, which no schedule decides about
func TestLater(t *testing.T) {
	l := listener(t)
	defer l.Close()
	var mu sync.Mutex
	ready := false
	go func() {
		mu.Lock()
		ready = true
		mu.Unlock()
	}()
	mu.Lock()
	defer mu.Unlock()
	if ready {
		_, err := l.Accept()
		t.Error(err)
	}
}

// TestComputes: inconclusive: it shows no sign of life: it computes
func TestComputes(*testing.T) {
	for {
	}
}
