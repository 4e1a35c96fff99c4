package farm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"synchrony/properties"
)

// Submitter hands out the tasks of one campaign, and collects the answers. Its methods may be called from several goroutines.
type Submitter struct {
	conn     *Conn
	store    *store
	identity Identity
	tell     func(string) // what a person should know meanwhile
	waits    teller
	crowd    *crowd
	live     *nats.Subscription
	nudged   chan struct{} // there may be an answer
	over     context.CancelFunc
	followed sync.WaitGroup
	whole    context.Context // of the campaign: tasks have shorter ones, which end where a violation makes them needless
	ending   sync.Once       // the last look at what has come, when the campaign is interrupted

	collecting sync.Mutex // whoever reads answers holds it

	mu       sync.Mutex
	read     uint64            // the last message of the results that was read
	answers  map[string][]byte // by key; those that were there are kept until they are asked for
	waiting  map[string]*waiting
	gone     error // why no answer will come any more; nil while one may
	status   Status
	troubles map[string]bool // of workers, that were told
	absent   int             // looks in a row at which the campaign was not there
}

// waiting is a task whose answer is waited for.
type waiting struct {
	task     *task
	progress func(properties.Progress)
	last     properties.Progress // that was heard
	heard    bool
	idle     int         // looks in a row, from before each on, at which nothing was queued or held
	answered chan []byte // has room for one
}

// Submit begins a campaign, or takes it up where it was. What keeps it waiting is told by tell, a line each.
func Submit(ctx context.Context, conn *Conn, i Identity, l Limits, tell func(string)) (*Submitter, error) {
	st, err := conn.makeStore(ctx, i, l)
	if err != nil {
		return nil, conn.explain(err)
	}
	s := &Submitter{
		conn: conn, store: st, identity: i, whole: ctx, tell: tell, waits: teller{tell: tell}, crowd: newCrowd(), nudged: make(chan struct{}, 1),
		answers: map[string][]byte{}, waiting: map[string]*waiting{}, troubles: map[string]bool{},
	}
	if err := s.collect(ctx); err != nil {
		return nil, conn.explain(err)
	}
	if s.live, err = conn.nc.Subscribe(liveSubject(st.id), s.hear); err != nil {
		return nil, conn.explain(err)
	}
	var following context.Context
	following, s.over = context.WithCancel(context.WithoutCancel(ctx))
	s.followed.Go(func() { s.follow(following) })
	return s, nil
}

// Resumed is how many answers there were when the campaign was taken up.
func (s *Submitter) Resumed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.answers)
}

// Close ends the submitter. A campaign that is finished is removed from the server; of another one the answers stay, for who
// submits it again, and what is queued goes.
func (s *Submitter) Close(ctx context.Context, finished bool) error {
	s.over()
	s.followed.Wait()
	_ = s.live.Unsubscribe() // of a connection that may be lost
	var err error
	if finished {
		err = s.conn.removeStore(ctx, s.store.id)
	} else {
		err = s.store.work.Purge(ctx)
	}
	if err != nil && !gone(err) {
		return fmt.Errorf("the campaign %s%s stays on the server: %w", prefix, s.store.id, s.conn.explain(err))
	}
	return nil
}

// do has a task done, and returns its answer.
func (s *Submitter) do(ctx context.Context, t *task, progress func(properties.Progress)) (*answer, error) {
	t.Build = s.identity.Build
	key, err := t.key()
	if err != nil {
		return nil, err
	}
	w := &waiting{task: t, progress: progress, answered: make(chan []byte, 1)}
	known, err := s.await(key, w)
	if err != nil {
		return nil, err
	}
	if !known {
		if err := s.publish(ctx, key, t); err != nil {
			s.forget(key)
			return nil, err
		}
	}
	select {
	case message, ok := <-w.answered:
		if !ok {
			s.mu.Lock()
			defer s.mu.Unlock()
			return nil, s.gone
		}
		content, err := s.store.unpack(ctx, message)
		if err != nil {
			return nil, s.conn.explain(err)
		}
		return readAnswer(content, t)
	case <-ctx.Done():
		if message := s.late(key, w); message != nil {
			limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTime)
			defer cancel()
			if content, err := s.store.unpack(limited, message); err == nil {
				return readAnswer(content, t)
			}
		}
		s.withdraw(key)
		return nil, ctx.Err()
	}
}

// late is the answer to a task that was there by the time that nobody wants to wait any longer; nil if none was. The first who asks reads what has come.
func (s *Submitter) late(key string, w *waiting) []byte {
	if s.whole.Err() != nil {
		s.ending.Do(func() {
			_ = s.call(context.Background(), s.collect) // what cannot be read stays, for who submits the campaign again
		})
	}
	s.forget(key)
	select {
	case message := <-w.answered:
		return message
	default:
		return nil
	}
}

// await waits for the answer to a task, and reports whether it is known already.
func (s *Submitter) await(key string, w *waiting) (known bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone != nil {
		return false, s.gone
	}
	s.status.Tasks++
	if message, ok := s.answers[key]; ok {
		s.status.Answered++
		w.answered <- message
		return true, nil
	}
	if s.waiting[key] != nil {
		return false, fmt.Errorf("%s was submitted twice", w.task.Name)
	}
	s.waiting[key] = w
	return false, nil
}

func (s *Submitter) forget(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.waiting, key)
}

// withdraw takes a task back that nobody waits for any more; a worker that has it drops it.
func (s *Submitter) withdraw(key string) {
	ctx, cancel := context.WithTimeout(context.Background(), callTime)
	defer cancel()
	_ = s.store.work.Purge(ctx, jetstream.WithPurgeSubject(workSubject(s.store.id)+key)) // its answer does no harm
}

// publish puts a task into the queue, unless it is there. It tries until the server answers.
func (s *Submitter) publish(ctx context.Context, key string, t *task) error {
	content, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return patiently(ctx, s.trouble, func(ctx context.Context) error {
		message, err := s.store.pack(ctx, s.conn.nc.MaxPayload(), content)
		if err != nil {
			return s.final(err)
		}
		_, err = s.conn.js.Publish(ctx, workSubject(s.store.id)+key, message, jetstream.WithRetryAttempts(0))
		if queued(err) {
			return nil
		}
		return s.final(err)
	})
}

// final makes an error final that will not pass if one waits.
func (s *Submitter) final(err error) error {
	if full(err) || code(err) != 0 && !temporary(err) {
		return &finalError{s.conn.explain(err)}
	}
	return err
}

// trouble tells what keeps the campaign waiting; nil is nothing.
func (s *Submitter) trouble(err error) {
	text := ""
	if err != nil {
		text = fmt.Sprintf("waiting: %v", s.conn.explain(err))
	}
	s.waits.trouble(text)
}

// told reports whether a worker's trouble was told before.
func (s *Submitter) told(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.troubles[text]
	s.troubles[text] = true
	return known
}

// hear takes a worker's sign of life.
func (s *Submitter) hear(m *nats.Msg) {
	var g sign
	if json.Unmarshal(m.Data, &g) != nil {
		return // of somebody else
	}
	name := ""
	s.mu.Lock()
	w := s.waiting[g.Task]
	if w != nil {
		name = w.task.Name
		if g.Progress != nil {
			w.last, w.heard = *g.Progress, true
		}
	}
	s.mu.Unlock()
	s.crowd.hear(&g, name, time.Now())
	if text := g.Worker + ": " + g.Trouble; g.Trouble != "" && !s.told(text) {
		s.tell(text)
	}
	if w != nil && g.Progress != nil {
		w.progress(*g.Progress)
	}
	if g.Answered {
		select {
		case s.nudged <- struct{}{}:
		default: // it was told
		}
	}
}

// Status says how the farm is.
func (s *Submitter) Status() Status {
	workers := s.crowd.list(time.Now())
	s.mu.Lock()
	defer s.mu.Unlock()
	status := s.status
	status.Workers, status.Trouble = workers, s.waits.current()
	return status
}

// errRemoved says that somebody has removed the campaign from the server.
var errRemoved = errors.New("the campaign is not on the server any more: somebody has removed it, or the server has lost what it held; run the same command again")
