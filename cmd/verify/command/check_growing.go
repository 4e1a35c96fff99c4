package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/models/recording"
	"synchrony/models/text"
)

// growing reads a file that still grows, line by line; and once nothing more has come for a while, a last line that has not ended, if it is whole.
type growing struct {
	in    *os.File
	idle  time.Duration // how long nothing may come
	every time.Duration // how often it looks
	pause func() error  // is called when all whole lines were read, and there were some; an error ends the reading
	wait  func() error  // is called each time there is nothing

	held  []byte // was read, and not given; in the end, a line that is left out
	lines int    // so many bytes of it are whole lines
	given int64
	news  bool // something was given since the last pause
	since time.Time
	ended bool
}

func (g *growing) Read(to []byte) (int, error) {
	for g.lines == 0 {
		if g.ended {
			return 0, io.EOF
		}
		if err := g.more(); err != nil {
			return 0, err
		}
	}
	n := copy(to, g.held[:g.lines])
	g.held, g.lines = g.held[n:], g.lines-n
	g.given += int64(n)
	g.news = true
	return n, nil
}

// more reads more of the file, or waits for it.
func (g *growing) more() error {
	part := make([]byte, 64<<10)
	n, err := g.in.Read(part)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if n > 0 {
		g.held = append(g.held, part[:n]...)
		g.lines = bytes.LastIndexByte(g.held, '\n') + 1
		g.since = time.Now()
		return nil
	}
	if g.news {
		g.news = false
		if err := g.pause(); err != nil {
			return err
		}
		g.since = time.Now()
		return nil
	}
	if g.since.IsZero() {
		g.since = time.Now()
	}
	if err := g.there(); err != nil {
		return err
	}
	if time.Since(g.since) >= g.idle {
		if g.ended = true; recording.Whole(g.held) {
			g.lines = len(g.held)
		}
		return nil
	}
	time.Sleep(g.every)
	return g.wait()
}

// there returns an error if the file is not what it was any more.
func (g *growing) there() error {
	was, err := g.in.Stat()
	if err != nil {
		return err
	}
	return stillGrows(g.in.Name(), was, g.given+int64(len(g.held)))
}

// stillGrows returns an error if a file is not what it was any more: another one has its name, or it is shorter than what was read of it.
func stillGrows(path string, was os.FileInfo, read int64) error {
	is, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case !os.SameFile(is, was):
		return fmt.Errorf("%s is another file than the one that was read: follow it anew", path)
	case is.Size() < read:
		return fmt.Errorf("%s is shorter than what was read of it: follow it anew", path)
	}
	return nil
}

// followFrom is how large a file must be to be judged while it is read, as it grows. A smaller one is judged again each time.
const followFrom = 4 << 20

// checkNews is what the process that judges says of a history.
type checkNews struct {
	Report *checkReport `json:"report,omitempty"` // the last one is the verdict
	SoFar  bool         `json:"soFar,omitempty"`  // more is to come
	Read   int64        `json:"read,omitempty"`   // bytes of it
	Whole  bool         `json:"whole,omitempty"`  // it cannot be judged while it is read
}

// followCalls judges a file of calls on independent objects while it grows, in a process with limits. It reports whether that can be.
func (a *app) followCalls(ctx context.Context, o *checkOptions, path string, tell func(*checkReport)) (last *checkReport, ok bool, err error) {
	args := append(o.arguments(), "--follow", "--idle", o.idle.String())
	whole := false
	child := confinement{args: append(args, "--", path), patience: o.time + grace, memory: o.memory}
	report, err := o.hear(ctx, &child, path, func(n checkNews) {
		whole = whole || n.Whole
		if n.SoFar && n.Report != nil {
			last = n.Report
			tell(last)
		}
	})
	switch {
	case whole:
		return nil, false, nil
	case err != nil && ctx.Err() != nil:
		return last, true, nil
	}
	return report, true, err
}

// judgeGrowing is the process that judges a file while it grows.
func (a *app) judgeGrowing(o *checkOptions, path string, tell func(checkNews) error) (*checkReport, error) {
	m, err := linearizability.Lookup(o.model)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	s := newCallStream(m, o, true)
	began := time.Now()
	verdict, searched := checkers.Passed(), false
	judge := func() error {
		began = time.Now()
		var err error
		verdict, searched, err = s.Check(o.limits(began))
		return err
	}
	report := func() *checkReport {
		r := s.report(&checkReport{File: path, Model: o.model}, verdict, searched)
		r.Seconds = time.Since(began).Seconds()
		return r
	}
	g := &growing{in: file, idle: o.idle, every: 200 * time.Millisecond, wait: func() error { return tell(checkNews{SoFar: true}) }}
	g.pause = func() error {
		if err := judge(); err != nil {
			return err
		}
		if verdict.Status == checkers.Fail {
			return errFails
		}
		return tell(checkNews{Report: report(), SoFar: true})
	}
	o.again = func() (io.Reader, error) {
		again, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		return io.LimitReader(again, g.given), nil // the process ends with it
	}
	h, err := recording.Visit(path, g, o.notation(m), s)
	if errors.Is(err, recording.ErrWholeCalls) {
		return nil, tell(checkNews{Whole: true})
	}
	if err != nil && !s.Failed() {
		return nil, err
	}
	if err := judge(); err != nil {
		return nil, err
	}
	if verdict.Status != checkers.Fail {
		if err := s.settled(m); err != nil {
			return nil, err
		}
	}
	r := report()
	r.notes(h)
	if n := len(g.held); n > 0 && g.ended {
		r.Notes = append(r.Notes, unended(n))
	}
	if r.Verdict == checkers.Fail.String() {
		return r, a.explainStream(r, o, m, h, s, began)
	}
	return r, a.writePage(r, o, callsPage(h, nil, nil, true), nil)
}

// soFar says how far a history that grows is judged.
func (a *app) soFar(r *checkReport) {
	fmt.Fprintf(a.stderr, "%s of %s so far, in %.1f s: %s\n", text.Plural(r.Operations, "operation"), r.File, r.Seconds, r.Verdict)
}
