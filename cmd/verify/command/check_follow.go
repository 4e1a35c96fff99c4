package command

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/models/recording"
	"synchrony/models/text"
)

// follower judges a history that still grows, up to its last whole line: again each time there is more or, if it is large and can be judged while it is
// read, what there is more of it; until a prefix of it fails, or nothing has come for a while.
type follower struct {
	path  string
	idle  time.Duration // how long nothing may come
	every time.Duration // how often it looks
	judge func(size int64) (*checkReport, error)
	tell  func(*checkReport)

	from   int64 // how large the file must be to be judged while it is read
	stream func() (r *checkReport, ok bool, err error)
}

// run returns the last report; nil if there was no whole line.
func (f *follower) run(ctx context.Context) (*checkReport, error) {
	var last *checkReport
	judged := int64(0)
	var was os.FileInfo // the file that was judged
	since := time.Now()
	for {
		if judged > f.from {
			if err := stillGrows(f.path, was, judged); err != nil {
				return nil, err
			}
		}
		size, err := wholeLines(f.path)
		if err != nil {
			return nil, err
		}
		if f.stream != nil && size > f.from {
			if r, ok, err := f.stream(); ok {
				return r, err
			}
			f.stream = nil
		}
		if size != judged { // a small file that became shorter is another one
			if was, err = os.Stat(f.path); err != nil {
				return nil, err
			}
			if last, err = f.judge(size); err != nil {
				return nil, err
			}
			if judged = size; last.Verdict == checkers.Fail.String() {
				return last, nil
			}
			f.tell(last)
			since = time.Now()
			continue
		}
		if time.Since(since) >= f.idle {
			return f.rest(last, judged)
		}
		select {
		case <-ctx.Done():
			return last, nil
		case <-time.After(f.every):
		}
	}
}

// rest judges the file to its end, if its last line has not ended, and is whole nevertheless: nothing more will come.
func (f *follower) rest(last *checkReport, judged int64) (*checkReport, error) {
	info, err := os.Stat(f.path)
	if err != nil || !info.Mode().IsRegular() || info.Size() <= judged {
		return last, err
	}
	file, err := os.Open(f.path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	line, err := io.ReadAll(io.NewSectionReader(file, judged, info.Size()-judged))
	switch {
	case err != nil:
		return nil, err
	case recording.Whole(line):
		return f.judge(info.Size())
	case last != nil:
		last.Notes = append(last.Notes, unended(len(line)))
	}
	return last, nil
}

// unended is the note on a last line of so many bytes that is left out.
func unended(bytes int) string {
	return fmt.Sprintf("the last line has not ended, and its %s are left out", text.Plural(bytes, "byte"))
}

// wholeLines is how many bytes of a file are lines that have ended.
func wholeLines(path string) (int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }() // it was only read
	size, err := file.Seek(0, io.SeekEnd)
	buf := make([]byte, 64<<10)
	for err == nil && size > 0 {
		from := max(size-int64(len(buf)), 0)
		part := buf[:size-from]
		if _, err = file.ReadAt(part, from); err == nil {
			if i := bytes.LastIndexByte(part, '\n'); i >= 0 {
				return from + int64(i) + 1, nil
			}
			size = from
		}
	}
	return 0, err
}

// followHistory is verify check --follow.
func (a *app) followHistory(ctx context.Context, o *checkOptions, path string) (*checkReport, error) {
	f := &follower{
		path: path, idle: o.idle, every: 200 * time.Millisecond,
		judge: func(size int64) (*checkReport, error) {
			part := *o
			part.limit = size
			return a.checkInChild(ctx, &part, path)
		},
		tell: a.soFar, from: followFrom,
	}
	if m, err := linearizability.Lookup(o.model); err == nil && m.Streams() {
		f.stream = func() (*checkReport, bool, error) { return a.followCalls(ctx, o, path, a.soFar) }
	}
	report, err := f.run(ctx)
	if err == nil && report == nil {
		why := fmt.Sprintf("there was no whole line in %v: nothing is known yet", o.idle)
		if ctx.Err() != nil {
			why = "interrupted before there was a verdict on any of it"
		}
		report = o.unknown(path, o.idle, why)
	}
	return report, err
}

// Default limits on time: a minute, and as much again for each so many bytes of the history.
const (
	defaultTime  = time.Minute
	bytesAMinute = 100 << 20
)

// fitLimits gives a large history more time, if the person gave none: one whose size is not known, as more of it is read.
func (a *app) fitLimits(o *checkOptions, path string) {
	info, err := os.Stat(path)
	if in, ok := a.stdin.(*os.File); ok && path == "-" {
		info, err = in.Stat()
	}
	if err == nil && info.Mode().IsRegular() {
		o.time += timeFor(info.Size()).Round(time.Second)
	} else if !o.follow {
		o.fits = true
	}
}

// timeFor is the time for so many bytes.
func timeFor(bytes int64) time.Duration {
	return time.Duration(float64(defaultTime) * float64(bytes) / bytesAMinute)
}

// counted counts the bytes that are read.
type counted struct {
	io.Reader
	bytes atomic.Int64
}

func (c *counted) Read(to []byte) (int, error) {
	n, err := c.Reader.Read(to)
	c.bytes.Add(int64(n))
	return n, err
}
