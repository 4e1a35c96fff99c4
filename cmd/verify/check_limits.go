package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"syscall"
	"time"

	"synchrony/checkers"
)

// grace is how long a judge may take to end by itself when its time is over.
const grace = 2 * time.Second

// checkAnswer is what the process with the limits tells its parent.
type checkAnswer struct {
	Report *checkReport `json:"report,omitempty"`
	Error  string       `json:"error,omitempty"` // the history is malformed, say
}

// checkInChild runs this command again, in a process that may be ended when it takes
// too much.
func (a *app) checkInChild(ctx context.Context, o *checkOptions, path string) (*checkReport, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := []string{"check", "--limited", "--model", o.model, "--format", o.format, "--html", o.html,
		"--time", o.time.String(), "--memory", fmt.Sprint(o.memory)}
	for _, pair := range o.initial {
		args = append(args, "--initial", pair)
	}
	limited, cancel := context.WithTimeout(ctx, o.time+grace)
	defer cancel()
	cmd := exec.CommandContext(limited, self, append(args, "--", path)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for the parent to handle
	cmd.Env = append(os.Environ(), "GOTRACEBACK=single")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	err = cmd.Run()
	var answer checkAnswer
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case json.Unmarshal(stdout.Bytes(), &answer) == nil && answer.Error != "":
		return nil, errors.New(answer.Error)
	case answer.Report != nil:
		return answer.Report, nil
	case limited.Err() != nil:
		return unknownReport(o, path, time.Since(began), fmt.Sprintf("out of time after %v; more --time would help", o.time)), nil
	default:
		first, _, _ := strings.Cut(stderr.String(), "\n")
		return nil, fmt.Errorf("the process that judges has died: %w: %s", err, first)
	}
}

func unknownReport(o *checkOptions, path string, took time.Duration, reason string) *checkReport {
	return &checkReport{File: path, Model: o.model, Verdict: checkers.Unknown.String(), Reason: reason, Seconds: took.Seconds()}
}

// checkLimited is the process with the limits.
func (a *app) checkLimited(o *checkOptions, path string) error {
	go endWithParent(os.Getppid())
	began := time.Now()
	limit := int64(o.memory) << 20
	debug.SetMemoryLimit(limit) // collect harder as it comes near
	w := json.NewEncoder(a.stdout)
	go watchMemory(limit, func() {
		_ = w.Encode(checkAnswer{Report: unknownReport(o, path, time.Since(began), // nobody is left to tell if it fails
			fmt.Sprintf("out of memory: more than %d MB; more --memory, or a shorter history, or fewer operations under way at one time, would help", o.memory))})
		os.Exit(exitInconclusive)
	})
	report, err := a.judge(o, path, began)
	answer := checkAnswer{Report: report}
	if err != nil {
		answer.Error = err.Error()
	}
	return w.Encode(answer)
}

// watchMemory calls over when the process holds more than limit bytes.
func watchMemory(limit int64, over func()) {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	for range time.Tick(20 * time.Millisecond) {
		metrics.Read(sample)
		if int64(sample[0].Value.Uint64()-sample[1].Value.Uint64()) > limit {
			over()
		}
	}
}
