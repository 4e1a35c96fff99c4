package sched

import (
	"context"
	"time"

	"synchrony/models/trace"
)

type controlled struct{}
type task struct{}

func (c *controlled) spawn(name string, number int, f func())          { panic("todo") }
func (c *controlled) step(op trace.Op, o trace.Object)                 { panic("todo") }
func (c *controlled) readClock() time.Duration                         { panic("todo") }
func (c *controlled) stamp() time.Duration                             { panic("todo") }
func (c *controlled) sleep(time.Duration)                              { panic("todo") }
func (c *controlled) afterFunc(*Runtime, time.Duration, func()) *Timer { panic("todo") }
func (c *controlled) disarm(*Timer) bool                               { panic("todo") }
func (c *controlled) withCancel(*Runtime, context.Context) (context.Context, context.CancelFunc) {
	panic("todo")
}
func (c *controlled) onDone(*Runtime, context.Context, func()) func() bool { panic("todo") }
func (c *controlled) lock(*Runtime, *Mutex)                                { panic("todo") }
func (c *controlled) unlock(*Runtime, *Mutex)                              { panic("todo") }
func (c *controlled) wait(*Runtime, *Cond)                                 { panic("todo") }
func (c *controlled) signal(*Runtime, *Cond, trace.Op)                     { panic("todo") }
func (c *controlled) add(*Runtime, *WaitGroup, int)                        { panic("todo") }
func (c *controlled) join(*Runtime, *WaitGroup)                            { panic("todo") }
func (c *controlled) number(*ref, *Runtime, trace.Class) int32             { panic("todo") }
