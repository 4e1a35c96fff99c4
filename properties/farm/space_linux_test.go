package farm

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// diskVariable says how many bytes the disk has on which a submitter keeps what its server holds: one that the process makes for itself.
const diskVariable = "FARM_TEST_DISK"

// ownDisk gives a folder a disk of its own, if this process is to have one. Nobody else sees it.
func ownDisk(folder string) error {
	size := os.Getenv(diskVariable)
	if size == "" {
		return nil
	}
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return err
	}
	return syscall.Mount("tmpfs", folder, "tmpfs", 0, "size="+size)
}

// withNamespaces lets a process mount what only it sees.
func withNamespaces(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}, GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
}

// fillDisk writes a file that leaves a disk no room.
func fillDisk(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := io.CopyBuffer(f, zeros{}, make([]byte, 4096)); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full, but: %v", err)
	}
}

// zeros has no end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestDiskFull: while the disk of the server inside the command is full the campaign waits, and says for what; it goes on when there is room, and be it
// little.
func TestDiskFull(t *testing.T) {
	g := newGate(t, nil)
	seen := 0
	g.hold = func(passage) bool { seen++; return seen == 3 }
	o := sixteen(t)
	o.Cases = 60 // more answers than may still fit into blocks that are there
	o.Folder, o.Workers = t.TempDir(), 1
	order, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	s := startWith(t, withNamespaces, "submitter", []string{gateVariable + "=" + g.path, diskVariable + "=" + fmt.Sprint(4<<20)}, string(order))
	var p passage
	select {
	case p = <-g.held:
	case <-s.ended:
		if text := s.err.String(); strings.Contains(text, "a disk of its own: ") && strings.Contains(text, syscall.EPERM.Error()) || strings.Contains(text, syscall.EACCES.Error()) {
			t.Skipf("this system lets nobody make a disk of his own: %s", text)
		}
		t.Fatalf("it ended: %v: %s", s.ProcessState, s.err)
	}
	filler := filepath.Join("/proc", fmt.Sprint(s.Process.Pid), "root", o.Folder, "filler")
	fillDisk(t, filler)
	p.release()
	for !strings.Contains(s.err.String(), "the farm's server cannot write in "+o.Folder) {
		select {
		case <-s.ended:
			t.Fatalf("it ended: %v: %s", s.ProcessState, s.err)
		case <-time.After(firstWait):
		}
	}
	if err := os.Truncate(filler, 1<<20); err != nil { // of four MiB, of which the server itself needs little
		t.Fatal(err)
	}
	<-s.ended
	if !s.ProcessState.Success() {
		t.Fatalf("%v: %s", s.ProcessState, s.err)
	}
	o.Corpus = t.TempDir()
	compare(t, text(shown(t.Context(), o.campaign())), s.out.String())
	if n := g.total(); n > 62 { // the one that was held, and the one that was begun when the disk was full, may be done again
		t.Errorf("%d runs of 60 numbers: what was answered was run again\n%s", n, s.err)
	}
}
