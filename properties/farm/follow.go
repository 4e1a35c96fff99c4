package farm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"synchrony/properties/isolate"
)

// How often a submitter reads answers that nobody has told it of, and how often it looks at the queue.
const (
	readInterval = 500 * time.Millisecond
	lookInterval = time.Second
)

// follow collects answers, and looks after the queue, until ctx is done.
//
// It asks again and again instead of having the server send: nothing that a restart of the server, a new leader of its cluster or a
// lost connection takes away has to be made anew.
func (s *Submitter) follow(ctx context.Context) {
	ticker := time.NewTicker(readInterval)
	defer ticker.Stop()
	looked := time.Now()
	for ctx.Err() == nil {
		err := s.call(ctx, s.collect)
		if now := time.Now(); err == nil && now.Sub(looked) >= lookInterval {
			looked = now
			err = s.call(ctx, s.look)
		}
		if ctx.Err() == nil {
			s.note(err)
		}
		select {
		case <-ticker.C:
		case <-s.nudged:
		case <-ctx.Done():
		}
	}
}

func (s *Submitter) call(ctx context.Context, f func(context.Context) error) error {
	limited, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	return f(limited)
}

// absences is at how many looks in a row a campaign must be absent to be taken for removed: a server that has just started may not know it yet.
const absences = 5

// note takes what came of looking at the server.
func (s *Submitter) note(err error) {
	if !gone(err) {
		s.mu.Lock()
		s.absent = 0
		s.mu.Unlock()
		s.trouble(err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.absent++; s.absent >= absences {
		s.giveUp(errRemoved)
	}
}

// GiveUp ends the campaign's waiting with an error: whoever calls it knows that no answer will come any more.
func (s *Submitter) GiveUp(why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.giveUp(why)
}

// giveUp is GiveUp. The lock is held.
func (s *Submitter) giveUp(why error) {
	if s.gone != nil {
		return
	}
	s.gone = why
	for key, w := range s.waiting {
		close(w.answered)
		delete(s.waiting, key)
	}
}

// collect reads the answers that have come.
func (s *Submitter) collect(ctx context.Context) error {
	s.collecting.Lock()
	defer s.collecting.Unlock()
	pre := "$KV." + prefix + s.store.id + "."
	for {
		s.mu.Lock()
		next := s.read + 1
		s.mu.Unlock()
		m, err := s.store.kept.GetMsg(ctx, next, jetstream.WithGetMsgSubject(pre+">"))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		s.mu.Lock()
		s.read = m.Sequence
		s.deliver(strings.TrimPrefix(m.Subject, pre), m.Data)
		s.mu.Unlock()
	}
}

// deliver hands an answer to who waits for it, or keeps it for who will ask. The lock is held.
func (s *Submitter) deliver(key string, message []byte) {
	w := s.waiting[key]
	if w == nil {
		s.answers[key] = message
		return
	}
	delete(s.waiting, key)
	s.status.Answered++
	w.answered <- message
}

// look sees how the queue is, and mends what the server has lost.
func (s *Submitter) look(ctx context.Context) error {
	s.mu.Lock()
	asked := slices.Collect(maps.Values(s.waiting)) // before the queue is: what is asked meanwhile is not on it yet
	s.mu.Unlock()
	idle, err := s.queue(ctx)
	if err != nil {
		return err
	}
	kept, err := s.store.kept.Info(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	if kept.State.LastSeq < s.read { // the server has lost some answers, and counts from there
		s.read = 0
	}
	for _, w := range asked {
		if w.idle++; !idle {
			w.idle = 0
		}
	}
	var open []string
	for key, w := range s.waiting {
		if w.idle > 1 { // once may be between two answers
			open = append(open, key)
		}
	}
	s.mu.Unlock()
	slices.Sort(open)
	for _, key := range open {
		if err := s.settle(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// queue sees how the queue is, and reports whether nothing is queued or held.
func (s *Submitter) queue(ctx context.Context) (idle bool, err error) {
	info, err := s.store.tasks.Info(ctx)
	if err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status.Queued, s.status.Held, s.status.Redelivered = int(info.NumPending), info.NumAckPending, info.NumRedelivered
	return info.NumPending == 0 && info.NumAckPending == 0, nil
}

// settle looks after a task that no worker has and none will get. If it is on the server, it was given to as many workers as there may be; if
// not, the server has lost it, or a worker that has handed it back ended between two steps. One that has come back meanwhile is on the queue again.
func (s *Submitter) settle(ctx context.Context, key string) error {
	s.mu.Lock()
	w := s.waiting[key]
	s.mu.Unlock()
	if w == nil {
		return nil
	}
	_, err := s.store.work.GetLastMsgForSubject(ctx, workSubject(s.store.id)+key)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return s.publish(ctx, key, w.task)
	}
	if err != nil {
		return err
	}
	if idle, err := s.queue(ctx); err != nil || !idle {
		return err
	}
	content, err := json.Marshal(s.lost(w))
	if err != nil {
		return err
	}
	message, err := s.store.pack(ctx, s.conn.nc.MaxPayload(), content)
	if err != nil {
		return err
	}
	if _, err := s.store.results.Create(ctx, key, message); err != nil && !errors.Is(err, jetstream.ErrKeyExists) {
		return err
	}
	s.withdraw(key)
	return nil
}

// lost is the answer to a task that ended all workers that had it.
func (s *Submitter) lost(w *waiting) *answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status.Lost++
	unjudged := &isolate.NotJudgedError{What: w.task.Name, Why: fmt.Sprintf("%d workers ended or fell silent while they were at it", Deliveries)}
	a := &answer{Worker: "none", Lost: true, Unjudged: unjudged, Error: unjudged.Error()}
	if w.task.Spec != nil {
		a.At = w.task.Spec.First
	}
	if w.heard {
		a.At = w.last.Case
	}
	return a
}
