package farm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"synchrony/properties/campaign"
)

// Executor does tasks: an isolate.Runner does, in child processes.
type Executor interface {
	campaign.Runner
	campaign.Explorer
}

// Crew is a process that does tasks, some at once, of whatever campaigns there are on the server that are of its build.
type Crew struct {
	Conn  *Conn
	Build string
	Name  string // of this process, for people
	Jobs  int    // tasks that are done at once
	// Executor returns what does tasks under the given limits.
	Executor func(patience time.Duration, memory int64) Executor
	// Open returns what handles the requests of a campaign that is of the given kind and setting. An error says why this worker cannot.
	Open func(ctx context.Context, kind string, setting json.RawMessage) (Handler, error)
	Tell func(string) // what a person should know, a line each

	waits   teller
	busy    atomic.Int32
	done    atomic.Int32
	closing sync.WaitGroup // of handlers that are not used any more

	mu        sync.Mutex
	stores    map[string]*store // of the campaigns that it works for
	executors map[limits]Executor
	handlings map[string]*handling     // of campaigns with requests
	refused   map[string]*RefusedError // why it works for no other one of its build
	listed    time.Time                // when the campaigns were looked up
}

// limits are what an executor is made for.
type limits struct {
	patience time.Duration
	memory   int64
}

// How long a worker waits for a task of one campaign before it looks at the next, and until it looks which campaigns there are.
const (
	taskWait = time.Second
	listWait = time.Second
	beatWait = 2 * time.Second // between signs of life of a process
)

// OtherBuildError says that the campaigns on a server are of other builds of the program.
type OtherBuildError struct {
	Own   string
	Found map[string]Identity // by the campaign's name
}

func (e *OtherBuildError) Error() string {
	id := slices.Min(slices.Collect(maps.Keys(e.Found)))
	return fmt.Sprintf("campaign %s is of another build of verify (%s; this is %s), which may give other answers; start workers of the same build: %s",
		prefix+id, e.Found[id].Build, e.Own, e.Found[id].Command)
}

// Work does tasks until ctx is done, which is no error. Tasks that are under way then are handed back.
func (c *Crew) Work(ctx context.Context) error {
	c.waits.tell = c.Tell
	c.stores, c.executors = map[string]*store{}, map[limits]Executor{}
	c.handlings, c.refused = map[string]*handling{}, map[string]*RefusedError{}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	for i := range max(c.Jobs, 1) {
		group.Go(func() {
			if err := c.slot(ctx, i); err != nil {
				cancel(err)
			}
		})
	}
	group.Go(func() { c.beat(ctx) })
	group.Wait()
	c.dropAll()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// slot does one task after another. It turns to one campaign after another, so that none waits for another to end.
func (c *Crew) slot(ctx context.Context, turn int) error {
	for ; ctx.Err() == nil; turn++ {
		stores, err := c.campaigns(ctx)
		var other *OtherBuildError
		var unfit *RefusedError
		if errors.As(err, &other) || errors.As(err, &unfit) {
			return err
		}
		if err != nil || len(stores) == 0 {
			if err != nil && ctx.Err() == nil {
				c.waits.trouble(fmt.Sprintf("waiting: %v", c.Conn.explain(err)))
			}
			pause(ctx, listWait)
			continue
		}
		c.waits.trouble("")
		s := stores[turn%len(stores)]
		h, err := c.handling(ctx, s)
		if errors.As(err, &unfit) {
			c.refuse(unfit)
		}
		if err != nil {
			continue
		}
		m, err := s.tasks.Next(jetstream.FetchMaxWait(taskWait / time.Duration(len(stores))))
		if err != nil {
			if !pauseUnless(ctx, err) {
				c.forget(s.id)
			}
			continue
		}
		c.perform(ctx, s, h, m)
	}
	return nil
}

// pauseUnless waits a moment if a campaign could not be asked for a task, and reports whether it is still there.
func pauseUnless(ctx context.Context, err error) bool {
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, jetstream.ErrNoMessages):
		return true // it has none now
	case gone(err), errors.Is(err, jetstream.ErrConsumerDeleted):
		return false
	}
	return pause(ctx, firstWait)
}

// campaigns are those that the crew works for, in order of name.
func (c *Crew) campaigns(ctx context.Context) ([]*store, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.listed) >= listWait {
		if err := c.list(ctx); err != nil {
			return nil, err
		}
		c.listed = now
	}
	var list []*store
	for _, id := range slices.Sorted(maps.Keys(c.stores)) {
		list = append(list, c.stores[id])
	}
	return list, nil
}

// list looks which campaigns there are. If there are some, and none that this worker can work for, that is an error: whoever has started it waits for it.
func (c *Crew) list(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	found, err := c.Conn.campaigns(limited)
	if err != nil {
		return err
	}
	own := 0
	for id, i := range found {
		if i.Build != c.Build || c.refused[id] != nil {
			continue
		}
		own++
		if c.stores[id] != nil {
			continue
		}
		// One that is just being made, or removed, is looked for again.
		if s, err := openStore(limited, c.Conn.js, id); err == nil {
			c.stores[id] = s
		}
	}
	for id := range c.stores {
		if _, ok := found[id]; !ok {
			delete(c.stores, id)
		}
	}
	for id := range c.handlings {
		if _, ok := found[id]; !ok {
			c.drop(id)
		}
	}
	if len(found) > 0 && own == 0 {
		return c.useless(found)
	}
	for _, id := range slices.Sorted(maps.Keys(c.refused)) {
		if why := c.refused[id]; !why.told {
			why.told = true
			c.Tell(why.Error())
		}
	}
	return nil
}

// useless says why this worker can work for none of the campaigns that were found.
func (c *Crew) useless(found map[string]Identity) error {
	for _, id := range slices.Sorted(maps.Keys(c.refused)) {
		if _, ok := found[id]; ok {
			return c.refused[id]
		}
	}
	return &OtherBuildError{Own: c.Build, Found: found}
}

func (c *Crew) forget(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.stores, id)
}

// executor is what does tasks under the given limits.
func (c *Crew) executor(l limits) Executor {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.executors[l] == nil {
		c.executors[l] = c.Executor(l.patience, l.memory)
	}
	return c.executors[l]
}

// beat gives signs of life to all campaigns.
func (c *Crew) beat(ctx context.Context) {
	for {
		c.mu.Lock()
		ids := slices.Sorted(maps.Keys(c.stores))
		c.mu.Unlock()
		for _, id := range ids {
			c.sign(id, sign{})
		}
		if !pause(ctx, beatWait) {
			return
		}
	}
}
