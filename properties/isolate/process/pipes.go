package process

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
)

// pipe is a pipe between this process and a child.
type pipe struct{ ours, theirs *os.File }

// pipes are all of a child's. Those that it does not have are zero.
type pipes struct {
	stdout, stderr, requests, answers pipe
}

// open makes the pipes that are wanted, and gives the child its ends.
func (p *pipes) open(cmd *exec.Cmd, stdout, stderr, linked bool) error {
	if stdout {
		if err := p.stdout.open(false); err != nil {
			return err
		}
		cmd.Stdout = p.stdout.theirs
	}
	if stderr {
		if err := p.stderr.open(false); err != nil {
			return err
		}
		cmd.Stderr = p.stderr.theirs
	}
	if linked {
		if err := errors.Join(p.requests.open(true), p.answers.open(false)); err != nil {
			return err
		}
		cmd.ExtraFiles = []*os.File{p.requests.theirs, p.answers.theirs}
	}
	return nil
}

func (p *pipe) open(theyRead bool) error {
	r, w, err := os.Pipe()
	if theyRead {
		r, w = w, r
	}
	p.ours, p.theirs = r, w
	return err
}

func (p *pipes) all() []*pipe { return []*pipe{&p.stdout, &p.stderr, &p.requests, &p.answers} }

// closeTheirs closes the child's ends, which it has copies of: else nothing would end them.
func (p *pipes) closeTheirs() {
	for _, p := range p.all() {
		_ = p.theirs.Close() // nothing is written there by us; nil is no matter
	}
}

// closeOurs closes ours. What reads or writes them ends.
func (p *pipes) closeOurs() {
	for _, p := range p.all() {
		_ = p.ours.Close()
	}
}

// line is a line that a child wrote, without its end, or why there is none.
type line struct {
	text []byte
	err  error
}

// errLong is a line that is too long. It was not kept.
var errLong = errors.New("it has written a line of more than 64 MiB")

// readLines sends the lines of r until it ends, or over is closed. What follows the last end
// of line is none, as its writer did not come to its end: it returns how many bytes that is.
func readLines(r io.Reader, lines chan<- line, over <-chan struct{}) (begun int64) {
	b := newReader(r, maxLine)
	for {
		text, err := b.next()
		if err != nil && !errors.Is(err, errLong) {
			return b.begun
		}
		select {
		case lines <- line{text, err}:
		case <-over:
			return 0
		}
	}
}

// reader reads lines of bounded length.
type reader struct {
	b     *bufio.Reader
	most  int
	begun int64 // bytes of the line that is being read
}

// next returns the next line, or errLong for one that was skipped.
func (r *reader) next() ([]byte, error) {
	var text []byte
	long := false
	for r.begun = 0; ; {
		part, err := r.b.ReadSlice('\n')
		r.begun += int64(len(part))
		if long = long || len(text)+len(part) > r.most+1; !long {
			text = append(text, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return nil, err
		case long:
			return nil, errLong
		}
		return text[:len(text)-1], nil
	}
}

func newReader(r io.Reader, most int) *reader {
	return &reader{b: bufio.NewReaderSize(r, 64<<10), most: most}
}
