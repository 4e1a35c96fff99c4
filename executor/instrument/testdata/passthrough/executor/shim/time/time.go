// Package time has timers of its own.
package time

import "time"

type (
	Duration = time.Duration
	Timer    struct{ *time.Timer }
	Ticker   struct{ *time.Ticker }
)

func Now() time.Time                        { return time.Now() }
func Since(t time.Time) Duration            { return time.Since(t) }
func Sleep(d Duration)                      { time.Sleep(d) }
func After(d Duration) <-chan time.Time     { return time.After(d) }
func Tick(d Duration) <-chan time.Time      { return time.Tick(d) }
func NewTimer(d Duration) *Timer            { return &Timer{time.NewTimer(d)} }
func NewTicker(d Duration) *Ticker          { return &Ticker{time.NewTicker(d)} }
func AfterFunc(d Duration, f func()) *Timer { return &Timer{time.AfterFunc(d, f)} }
func Until(t time.Time) Duration            { return time.Until(t) }

// Real stands for the translation of a moment.
func Real(t time.Time) time.Time { return t }

// SetDeadline, SetReadDeadline, SetWriteDeadline and Deadline are the methods of their names.

func SetDeadline(x interface{ SetDeadline(t time.Time) error }) func(time.Time) error {
	return x.SetDeadline
}

func SetReadDeadline(x interface{ SetReadDeadline(t time.Time) error }) func(time.Time) error {
	return x.SetReadDeadline
}

func SetWriteDeadline(x interface{ SetWriteDeadline(t time.Time) error }) func(time.Time) error {
	return x.SetWriteDeadline
}

func Deadline(x interface{ Deadline() (time.Time, bool) }) func() (time.Time, bool) {
	return x.Deadline
}
