package waitgroup

import (
	"errors"
	"sync"
	"testing"
)

// folder holds files that may be removed while they are scanned.
type folder struct {
	mu    sync.Mutex
	files map[string]int
}

func (f *folder) remove(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.files, name)
}

func (f *folder) size(name string) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if size, ok := f.files[name]; ok {
		return size, nil
	}
	return 0, errors.New("no such file: " + name)
}

func scanBuggy(f *folder, name string, scans *sync.WaitGroup, sizes chan<- int) {
	size, err := f.size(name)
	if err != nil {
		return
	}
	sizes <- size
	scans.Done()
}

func scanFixed(f *folder, name string, scans *sync.WaitGroup, sizes chan<- int) {
	defer scans.Done()
	size, err := f.size(name)
	if err != nil {
		return
	}
	sizes <- size
}

// scanWhileRemoved scans a file while another goroutine removes it.
func scanWhileRemoved(t *testing.T, scan func(*folder, string, *sync.WaitGroup, chan<- int)) {
	f := &folder{files: map[string]int{"tmp": 3}}
	sizes := make(chan int, 1)
	var scans, remover sync.WaitGroup
	remover.Add(1)
	go func() {
		defer remover.Done()
		f.remove("tmp")
	}()
	scans.Add(1)
	go scan(f, "tmp", &scans, sizes)
	scans.Wait()
	remover.Wait()
	close(sizes)
	for size := range sizes {
		if size != 3 {
			t.Errorf("size = %d", size)
		}
	}
}

// The scan of a file that has gone returns without Done, and Wait waits for
// ever.
//
// want: deadlock at scanWhileRemoved
func TestMissingDoneBuggy(t *testing.T) {
	scanWhileRemoved(t, scanBuggy)
}

func TestMissingDoneFixed(t *testing.T) {
	scanWhileRemoved(t, scanFixed)
}
