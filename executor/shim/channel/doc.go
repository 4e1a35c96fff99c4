//go:build go1.26

// Package channel provides what the language does with channels as functions that a controlled run schedules: send,
// receive, close, range and select, on ordinary channels.
//
//	c <- v                 channel.To(c).Send(v)
//	v := <-c               v := channel.Recv(c)
//	v, ok := <-c           v, ok := channel.Recv2(c)
//	close(c)               channel.Close(c)
//	len(c)                 channel.Len(c)
//	for v := range c {     for it, v := channel.Range(c); it.Next(&v); {
//	for v = range c {      for it := channel.Each(c); it.Next(&v); {
//	for range c {          for it := channel.Each(c); it.Next(nil); {
//	select {               switch c0, c1 := channel.RecvCase(a), channel.To(b).Case(x); channel.Select(false, c0, c1) {
//	case v, ok := <-a:     case 0: v, ok := c0.Value, c0.Ok
//	case b <- x:           case 1:
//	}                      }
//	select {}              channel.Select(false)
//
// Channels keep their types, and what is buffered lies in the channel itself. Who waits is queued, first come, first
// served, in a table of the run; a partner completes what somebody waits for, as in Go's own runtime. So a send or a select with
// default succeeds only if somebody has begun to wait, not if somebody is about to. Which of several ready cases a select
// takes is picked by the strategy and recorded in the schedule.
//
// The race detector sees the order that Go's memory model gives: see waiter.go and order.go.
package channel
