package farm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"synchrony/properties"
)

// RefusedError says that a worker cannot work for a campaign, which is of its build of the program.
type RefusedError struct {
	Campaign string // its name
	Err      error
	told     bool
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("campaign %s%s cannot be worked for here: %v", prefix, e.Campaign, e.Err)
}

func (e *RefusedError) Unwrap() error { return e.Err }

// handling is the handler of a campaign, which is opened when it is first needed.
type handling struct {
	campaign string
	requests *Requests
	open     sync.Once
	use      sync.RWMutex // for reading by who handles a request; for writing by who closes it
	handler  Handler
	err      error // why there is none: a *RefusedError, or that of ctx
}

// handling is that of a campaign, with a handler of the campaign's sources; nil if it has no requests.
func (c *Crew) handling(ctx context.Context, s *store) (*handling, error) {
	if s.requests == nil {
		return nil, nil
	}
	c.mu.Lock()
	h := c.handlings[s.id]
	if h == nil {
		h = &handling{campaign: s.id, requests: s.requests}
		c.handlings[s.id] = h
	}
	c.mu.Unlock()
	h.open.Do(func() {
		if h.handler, h.err = c.Open(ctx, h.requests.Kind, h.requests.Setting); h.err == nil {
			h.err = h.fits(ctx)
		}
		if h.err != nil && ctx.Err() == nil {
			h.err = refused(s.id, h.err)
		}
	})
	return h, h.err
}

// refused makes an error that of a campaign that cannot be worked for.
func refused(campaign string, err error) error {
	var already *RefusedError
	if errors.As(err, &already) {
		return err
	}
	return &RefusedError{Campaign: campaign, Err: err}
}

// fits reports as a *RefusedError that the handler answers from other sources than the campaign's.
func (h *handling) fits(ctx context.Context) error {
	own, err := h.handler.Sources(ctx)
	if err != nil || own == h.requests.Sources {
		return err
	}
	return &RefusedError{Campaign: h.campaign, Err: fmt.Errorf(
		"its sources are others (%s; those here are %s); start workers where they are the same, or name the folder with --source", h.requests.Sources, own)}
}

// handle answers the request of a task. It is told as a *RefusedError, and not answered, if the sources have changed meanwhile.
func (h *handling) handle(ctx context.Context, t *task, fetch Fetch, progress func(properties.Progress)) (json.RawMessage, error) {
	h.use.RLock()
	defer h.use.RUnlock()
	if h.handler == nil { // the campaign has ended since the task was taken
		return nil, errUnwanted
	}
	if err := h.fits(ctx); err != nil {
		return nil, err
	}
	reply, err := h.handler.Handle(ctx, t.Request, fetch, progress)
	if err != nil {
		return nil, err
	}
	return json.Marshal(reply)
}

// close closes the handler, once nobody uses it.
func (h *handling) close(tell func(string)) {
	h.open.Do(func() {}) // if it was not opened, it never is
	h.use.Lock()
	defer h.use.Unlock()
	if h.handler == nil {
		return
	}
	if err := h.handler.Close(); err != nil {
		tell(fmt.Sprintf("something of campaign %s%s stays behind: %v", prefix, h.campaign, err))
	}
	h.handler = nil
}

// refuse leaves a campaign to others.
func (c *Crew) refuse(why *RefusedError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refused[why.Campaign] = why
	delete(c.stores, why.Campaign)
	c.listed = time.Time{} // whether there is another one to work for is looked at now
	c.drop(why.Campaign)
}

// drop closes what was made for a campaign that is not worked for any more, if anything was. The lock is held.
func (c *Crew) drop(campaign string) {
	h := c.handlings[campaign]
	delete(c.handlings, campaign)
	if h != nil {
		c.closing.Go(func() { h.close(c.Tell) })
	}
}

// dropAll closes what was made for any campaign.
func (c *Crew) dropAll() {
	c.mu.Lock()
	for _, id := range slices.Sorted(maps.Keys(c.handlings)) {
		c.drop(id)
	}
	c.mu.Unlock()
	c.closing.Wait()
}
