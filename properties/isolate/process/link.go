package process

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"sync"
	"syscall"
	"time"
)

// The descriptors that a child finds.
const (
	requestsFD = 3
	answersFD  = 4
)

// What a child ends with when it ends itself.
const (
	exitLost   = 2 // its parent has gone, or cannot be reached: so does a Go program that crashes
	exitMemory = 3
	exitDumped = 128 + int(syscall.SIGQUIT) // as shells say it
)

// Link is a child's end of the pipes to its supervisor. Its methods may be called by many
// goroutines.
type Link struct {
	start    time.Time
	requests *reader

	mu      sync.Mutex // holds answers
	answers io.Writer
}

// errAlone says that this process was not started by a supervisor.
var errAlone = errors.New("this is for child processes of verify: there is no parent at descriptors 3 and 4")

// Attach links this process to the supervisor that started it. What it starts itself does not
// get the link. It can be done once.
func Attach() (*Link, error) {
	for _, fd := range []int{requestsFD, answersFD} {
		var s syscall.Stat_t
		if syscall.Fstat(fd, &s) != nil || s.Mode&syscall.S_IFMT != syscall.S_IFIFO {
			return nil, errAlone
		}
		syscall.CloseOnExec(fd)
	}
	return newLink(os.NewFile(requestsFD, "requests"), os.NewFile(answersFD, "answers")), nil
}

func newLink(requests io.Reader, answers io.Writer) *Link {
	return &Link{start: time.Now(), requests: newReader(requests, maxLine), answers: answers}
}

// Receive returns the next request, a line.
func (l *Link) Receive() ([]byte, error) { return l.requests.next() }

// Send sends v to the supervisor, as a line of JSON.
func (l *Link) Send(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if len(data) > maxLine {
		return errors.New("the answer has more than 64 MiB")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err = l.answers.Write(append(data, '\n'))
	return err
}

// memoryInterval is how often a child looks whether it holds too much.
const memoryInterval = interval / 5

// Live begins the child's duties, which last as long as it does: to beat; to end itself when
// it holds more than memory bytes, unless that is 0; to print all stacks and end upon SIGQUIT;
// and to end when the supervisor has gone without a word, for a system that spins would burn a
// processor for ever. Garbage is collected less often than by default. No request can be received after it.
func (l *Link) Live(memory int64) {
	collectSeldom(memory)
	dumpOnQuit()
	go func() {
		for {
			if _, err := l.Receive(); err != nil {
				os.Exit(exitLost)
			}
		}
	}()
	every := interval
	if memory > 0 {
		every = memoryInterval
	}
	last := l.beat(memory, 0) // before any work: what holds too much from the start is never let off for being quick
	go func() {
		for range time.Tick(every) {
			last = l.beat(memory, last)
		}
	}()
}

// beat sends a beat if the last one is not too recent, and ends the process if it holds more than memory bytes, unless
// that is 0. It returns when a beat was sent last.
func (l *Link) beat(memory int64, last time.Duration) time.Duration {
	own := ownMemory()
	full := memory > 0 && own > memory
	if !full && time.Since(l.start)-last < interval*9/10 {
		return last
	}
	b, _ := observe(os.Getpid(), l.start)
	b.Memory = own // by which it ends, though it may have given some back by now
	if l.Send(struct {
		Beat Beat `json:"beat"`
	}{b}) != nil {
		os.Exit(exitLost)
	}
	if full {
		os.Exit(exitMemory)
	}
	return b.Clock
}
