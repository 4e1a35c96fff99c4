package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	return judgeInChild(ctx, o, path, content)
}

// judgeInChild runs this command again, in a process that may be ended when it takes
// too much, with the history, which is named path, as its standard input.
func judgeInChild(ctx context.Context, o *checkOptions, path string, content io.Reader) (*checkReport, error) {
	args := []string{"check", "--limited", "--no-config", "--model", o.model, "--format", o.format, "--html", o.html,
		"--isolation", o.isolation, "--pairs", o.pairs, "--nil-reads", o.nils,
		"--time", o.time.String(), "--memory", fmt.Sprint(o.memory), "--part", fmt.Sprint(o.part), "--parts", fmt.Sprint(o.parts)}
	if o.modelFile != "" {
		args = append(args, "--model-file", o.modelFile)
	}
	if o.negative {
		args = append(args, "--negative-balances")
	}
	for _, pair := range o.initial {
		args = append(args, "--initial", pair)
	}
	child := confinement{args: append(args, "--", path), input: content, patience: o.time + grace, memory: o.memory}
	began := time.Now()
	var report *checkReport
	err := child.run(ctx, func(answer json.RawMessage) error { return json.Unmarshal(answer, &report) })
	switch {
	case errors.Is(err, errOutOfTime):
		return o.unknown(path, time.Since(began), fmt.Sprintf("out of time after %v; more --time would help", o.time)), nil
	case errors.Is(err, errOutOfMemory):
		return o.unknown(path, time.Since(began), fmt.Sprintf(
			"out of memory: more than %d MB; more --memory, or a shorter history, or fewer operations under way at one time, would help", o.memory)), nil
	case err == nil && report == nil:
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
		content, err := unpacked(context.Background(), path, a.stdin)
		if err != nil {
			return err
		}
		a.stdin = content
		report, err := a.judge(o, path, time.Now())
		if err != nil {
			return err
		}
		return answer(report)
	})
}
