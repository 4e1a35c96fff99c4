package farm

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"synchrony/properties"
)

// errUnwanted ends a task that nobody needs any more.
var errUnwanted = errors.New("the task is not wanted any more")

// job is a task that a worker holds.
type job struct {
	crew     *Crew
	store    *store
	handling *handling // of requests; nil if the campaign has none
	message  jetstream.Msg
	key      string

	mu   sync.Mutex
	last *properties.Progress
}

// perform does the task of a message, unless there is an answer to it, and stores the answer.
func (c *Crew) perform(ctx context.Context, s *store, h *handling, m jetstream.Msg) {
	j := &job{crew: c, store: s, handling: h, message: m, key: m.Subject()[len(workSubject(s.id)):]}
	working, cancel := context.WithCancelCause(ctx)
	var alive sync.WaitGroup
	alive.Go(func() { j.hold(working, cancel) })
	defer func() {
		cancel(nil)
		alive.Wait()
	}()
	err := j.tryTo(working)
	var unfit *RefusedError
	switch {
	case err == nil:
		j.acknowledge()
	case errors.Is(err, errUnwanted), errors.Is(context.Cause(working), errUnwanted):
	case ctx.Err() != nil:
		j.handBack()
	case errors.As(err, &unfit):
		j.handBack()
		c.refuse(unfit)
	default: // it goes to others, and is not judged if they cannot do it either
		c.Tell(fmt.Sprintf("a task of %s%s is left to others: %v", prefix, s.id, err))
	}
}

// tryTo does the task, and stores the answer. The error says why there is none.
func (j *job) tryTo(ctx context.Context) error {
	if _, err := j.store.results.Get(ctx, j.key); err == nil {
		return nil // it is answered, and only that was not acknowledged
	}
	var t *task
	if err := patiently(ctx, j.trouble, func(ctx context.Context) error {
		content, err := j.store.unpack(ctx, j.message.Data())
		switch {
		case gone(err):
			return &finalError{errUnwanted}
		case errors.Is(err, jetstream.ErrObjectNotFound):
			return &finalError{err}
		case err != nil:
			return err
		}
		t, err = readTask(content)
		switch {
		case err != nil:
		case t.Build != j.crew.Build:
			err = fmt.Errorf("%s is for another build of verify (%s; this is %s)", t.Name, t.Build, j.crew.Build)
		case t.Request != nil && (j.handling == nil || t.Sources != j.handling.requests.Sources):
			err = fmt.Errorf("%s is about other sources than its campaign", t.Name)
		}
		if err != nil {
			return &finalError{err}
		}
		return nil
	}); err != nil {
		return err
	}
	j.crew.busy.Add(1)
	a, err := j.answer(ctx, t)
	j.crew.busy.Add(-1)
	if err := cmp.Or(ctx.Err(), err); err != nil {
		return err
	}
	return j.keep(ctx, a)
}

// soon is a time that no task takes: past it, a deadline is there for nothing but its reserve.
const soon = 30 * 24 * time.Hour

// answer does the task. The error says that it is not for this worker.
func (j *job) answer(ctx context.Context, t *task) (*answer, error) {
	a := &answer{Worker: j.crew.Name}
	if t.Request != nil {
		return a, j.reply(ctx, t, a)
	}
	e := j.crew.executor(limits{t.Patience, t.Memory})
	if t.Explore != nil {
		x, err := e.Explore(ctx, t.Property, *t.Explore, j.progress)
		a.Exploration = &x
		a.fail(err)
		return a, nil
	}
	spec := *t.Spec
	if t.Soft > 0 { // testing ends then; shrinking has all the time it needs
		spec.Deadline, spec.Reserve = time.Now().Add(t.Soft+soon), soon
	}
	r, err := e.Run(ctx, t.Property, spec, j.progress)
	a.Result = &r
	a.fail(err)
	return a, nil
}

// reply answers a request. The error says that it is not for this worker.
func (j *job) reply(ctx context.Context, t *task, a *answer) error {
	var unfit *RefusedError
	reply, err := j.handling.handle(ctx, t, j.fetch, j.progress)
	if errors.As(err, &unfit) || errors.Is(err, errUnwanted) {
		return err
	}
	a.Reply = reply
	a.fail(err)
	return nil
}

func (j *job) progress(p properties.Progress) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last = &p
}

// keep stores an answer, however long the server takes for it: the work is done, and is not to be done again. An answer that is there stays.
func (j *job) keep(ctx context.Context, a *answer) error {
	content, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return patiently(ctx, j.trouble, func(ctx context.Context) error {
		message, err := j.store.pack(ctx, j.crew.Conn.nc.MaxPayload(), content)
		if err == nil {
			_, err = j.store.results.Create(ctx, j.key, message)
		}
		switch {
		case errors.Is(err, jetstream.ErrKeyExists):
			return nil
		case gone(err):
			return &finalError{errUnwanted}
		}
		return err
	})
}

// acknowledge takes the task from the queue, and tells the submitter. If that is lost, the next worker finds the answer.
func (j *job) acknowledge() {
	ctx, cancel := context.WithTimeout(context.Background(), callTime)
	defer cancel()
	j.crew.done.Add(1)
	_ = j.message.DoubleAck(ctx)
	j.crew.sign(j.store.id, sign{Task: j.key, Answered: true})
}

// handBack puts the task into the queue again, as this worker ends in good order: that is not counted against the task. If it does
// not get there, the submitter sees to it.
func (j *job) handBack() {
	ctx, cancel := context.WithTimeout(context.Background(), callTime)
	defer cancel()
	if j.message.DoubleAck(ctx) == nil {
		_, _ = j.crew.Conn.js.Publish(ctx, j.message.Subject(), j.message.Data())
	}
}

// Of a lease, a worker asks for so many new ones, so that one or two may be lost.
const renewals = 4

// signWait is the time between two signs of life of a worker that is at a task.
const signWait = time.Second

// hold keeps the task, and tells how far it is, until ctx is done; it cancels the work on one that nobody wants any more.
func (j *job) hold(ctx context.Context, cancel context.CancelCauseFunc) {
	renew, sign := time.NewTicker(j.store.lease/renewals), time.NewTicker(signWait)
	defer renew.Stop()
	defer sign.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-sign.C:
			j.sign("")
		case <-renew.C:
			_ = j.message.InProgress() // if it does not get there, others do the task, too, and the first answer counts
			if j.unwanted(ctx) {
				cancel(errUnwanted)
				return
			}
		}
	}
}

// sign tells the submitter how far the task is, and what is in the way.
func (j *job) sign(trouble string) {
	j.mu.Lock()
	last := j.last
	j.mu.Unlock()
	j.crew.sign(j.store.id, sign{Task: j.key, Progress: last, Trouble: trouble})
}

// unwanted reports whether the task is known not to be on the server any more.
func (j *job) unwanted(ctx context.Context) bool {
	meta, err := j.message.Metadata()
	if err != nil {
		return false
	}
	limited, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	_, err = j.store.work.GetMsg(limited, meta.Sequence.Stream)
	return errors.Is(err, jetstream.ErrMsgNotFound) || gone(err)
}

// trouble tells the submitter what keeps a task waiting, and who watches the worker.
func (j *job) trouble(err error) {
	if err == nil {
		j.crew.waits.trouble("")
		return
	}
	text := fmt.Sprintf("waiting with an answer: %v", j.crew.Conn.explain(err))
	j.crew.waits.trouble(text)
	j.sign(text)
}

// sign gives a sign of life to who follows a campaign.
func (c *Crew) sign(id string, g sign) {
	g.Worker, g.Room, g.Busy, g.Done = c.Name, max(c.Jobs, 1), int(c.busy.Load()), int(c.done.Load())
	if data, err := json.Marshal(g); err == nil {
		_ = c.Conn.nc.Publish(liveSubject(id), data) // nobody relies on it
	}
}
