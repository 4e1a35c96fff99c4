package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"synchrony/checkers"
)

// checkInChild judges the history in a file, or standard input, in a process with limits.
func (a *app) checkInChild(ctx context.Context, o *checkOptions, path string) (*checkReport, error) {
	content, closing, err := a.open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = closing() }() // it was only read
	if o.limit > 0 {
		content = io.LimitReader(content, o.limit)
	}
	p := &checkProgress{file: path, began: time.Now()}
	if file, ok := content.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			p.size = info.Size()
		}
	}
	defer a.showReading(p)()
	return judgeInChild(ctx, o, path, content, func(n checkNews) { p.read.Store(max(p.read.Load(), n.Read)) })
}

// judgeInChild runs this command again, in a process that may be ended when it takes
// too much, with the history, which is named path, as its standard input.
func judgeInChild(ctx context.Context, o *checkOptions, path string, content io.Reader, news func(checkNews)) (*checkReport, error) {
	child := confinement{args: append(o.arguments(), "--", path), input: content, patience: o.time + grace, inAll: true, memory: o.memory}
	if o.fits {
		in, granted := &counted{Reader: content}, time.Duration(0)
		child.input, child.more = in, func() time.Duration {
			all := timeFor(in.bytes.Load())
			more := all - granted
			granted = all
			return more
		}
	}
	return o.hear(ctx, &child, path, news)
}

// arguments are those of the process that judges, but for the history.
func (o *checkOptions) arguments() []string {
	args := []string{"check", "--limited", "--no-config", "--model", o.model, "--format", o.format, "--html", o.html,
		"--isolation", o.isolation, "--pairs", o.pairs, "--nil-reads", o.nils,
		"--time", o.time.String(), "--memory", fmt.Sprint(o.memory), "--part", fmt.Sprint(o.part), "--parts", fmt.Sprint(o.parts)}
	if o.modelFile != "" {
		args = append(args, "--model-file", o.modelFile)
	}
	if o.negative {
		args = append(args, "--negative-balances")
	}
	if o.fits {
		args = append(args, "--fits")
	}
	for _, pair := range o.initial {
		args = append(args, "--initial", pair)
	}
	return args
}

// hear runs the process that judges, and returns its verdict. If it takes too much, that is what it has known before, if it has known anything.
func (o *checkOptions) hear(ctx context.Context, child *confinement, path string, news func(checkNews)) (*checkReport, error) {
	began := time.Now()
	var report *checkReport
	whole := false
	err := child.run(ctx, func(answer json.RawMessage) error {
		var n checkNews
		err := json.Unmarshal(answer, &n)
		if whole = whole || n.Whole; n.Report != nil && !n.SoFar {
			report = n.Report
		}
		news(n)
		return err
	})
	switch {
	case report != nil && (errors.Is(err, errOutOfTime) || errors.Is(err, errOutOfMemory)):
		report.Seconds = cmp.Or(report.Seconds, time.Since(began).Seconds())
		return report, nil
	case errors.Is(err, errOutOfTime):
		return o.unknown(path, time.Since(began), fmt.Sprintf("out of time after %v; more --time would help", o.time)), nil
	case errors.Is(err, errOutOfMemory):
		return o.unknown(path, time.Since(began), fmt.Sprintf(
			"out of memory: more than %d MB; more --memory, or a shorter history, or fewer operations under way at one time, would help", o.memory)), nil
	case err == nil && report == nil && !whole:
		return nil, errors.New("the process that judges has ended without a verdict")
	}
	return report, err
}

// unknown reports that a history could not be judged.
func (o *checkOptions) unknown(path string, took time.Duration, reason string) *checkReport {
	model := o.model
	if m, err := readModel(o.modelFile); o.modelFile != "" && err == nil {
		model = m.Name
	}
	return &checkReport{File: path, Model: model, Verdict: checkers.Unknown.String(), Reason: reason, Seconds: took.Seconds()}
}

// checkLimited is the process with the limits.
func (a *app) checkLimited(o *checkOptions, path string) error {
	return a.confined(o.memory, func(answer func(any) error) error {
		tell := func(n checkNews) error { return answer(n) }
		o.news = func(r *checkReport) { _ = tell(checkNews{Report: r}) } // that nobody hears it, the last word finds, too
		var report *checkReport
		var err error
		if o.follow {
			report, err = a.judgeGrowing(o, path, tell)
		} else {
			report, err = a.judgeContent(o, path, tell)
		}
		if err != nil || report == nil {
			return err
		}
		return tell(checkNews{Report: report})
	})
}

// judgeContent judges standard input.
func (a *app) judgeContent(o *checkOptions, path string, tell func(checkNews) error) (*checkReport, error) {
	o.again = rereading(path, a.stdin)
	o.input = &counted{Reader: a.stdin}
	a.stdin = o.input
	defer o.saysRead(tell)()
	content, err := unpacked(context.Background(), path, a.stdin)
	if err != nil {
		return nil, err
	}
	a.stdin = content
	return a.judge(o, path, time.Now())
}

// saysRead tells now and then how much was read, until the function that it returns is called.
func (o *checkOptions) saysRead(tell func(checkNews) error) (stop func()) {
	ticker, done := time.NewTicker(liveInterval), make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				_ = tell(checkNews{SoFar: true, Read: o.input.bytes.Load()}) // that nobody hears it, the last word finds, too
			case <-done:
				return
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(done)
	}
}

// rereading reads content from here on once more; nil if it cannot be, for it is no file. What a history that is followed has come by is none, but path is.
func rereading(path string, content io.Reader) func() (io.Reader, error) {
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && path != "-" {
		return func() (io.Reader, error) {
			file, err := os.Open(path) // it is closed when the process ends
			if err != nil {
				return nil, err
			}
			return unpacked(context.Background(), path, file)
		}
	}
	file, ok := content.(*os.File)
	if !ok {
		return nil
	}
	from, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil
	}
	return func() (io.Reader, error) {
		if _, err := file.Seek(from, io.SeekStart); err != nil {
			return nil, err
		}
		return unpacked(context.Background(), path, file)
	}
}
