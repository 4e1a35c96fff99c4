package process

import (
	"bytes"
	"fmt"
	"sync"
)

// Output keeps the beginning and the end of what is written to it, and drops what is between.
// Its methods may be called by many goroutines. The zero value keeps nothing.
type Output struct {
	mu   sync.Mutex
	most int    // bytes of each
	head []byte // the first bytes
	tail []byte // the last bytes after those: at most twice most
	lost int    // bytes dropped
}

// NewOutput returns an Output that keeps so many bytes of the beginning, and as many of the end.
func NewOutput(most int) *Output { return &Output{most: most} }

// Write never fails.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := len(p)
	room := min(o.most-len(o.head), len(p))
	o.head, p = append(o.head, p[:room]...), p[room:]
	if extra := len(p) - o.most; extra > 0 {
		o.lost += extra
		p = p[extra:]
	}
	o.tail = append(o.tail, p...)
	if extra := len(o.tail) - o.most; extra > o.most {
		o.tail = append(o.tail[:0], o.tail[extra:]...)
		o.lost += extra
	}
	return n, nil
}

// Bytes returns what was kept, and a line that says how much was not.
func (o *Output) Bytes() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	tail, lost := o.tail, o.lost
	if extra := len(tail) - o.most; extra > 0 {
		tail, lost = tail[extra:], lost+extra
	}
	if lost == 0 {
		return bytes.Join([][]byte{o.head, tail}, nil)
	}
	return fmt.Appendf(bytes.Clone(o.head), "\n… %d bytes …\n%s", lost, tail)
}
