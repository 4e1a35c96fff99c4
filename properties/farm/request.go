package farm

import (
	"context"
	"encoding/json"
	"fmt"

	"synchrony/properties"
	"synchrony/properties/document"
)

// Requests says what the tasks of a campaign are, if they do not test properties that the program has: they are about source code that the
// workers have, too, or about files that are attached to the campaign.
type Requests struct {
	Kind    string          `json:"kind"`    // what they ask for
	Setting json.RawMessage `json:"setting"` // what all of them have in common
	Sources string          `json:"sources"` // identity of the source code, empty if there is none: a worker that has another one is refused
}

// text is their form as JSON, as streams have it; empty if there are none.
func (r *Requests) text() string {
	if r == nil {
		return ""
	}
	text, err := json.Marshal(r)
	if err != nil {
		panic(err) // the setting is no JSON
	}
	return string(text)
}

// readRequests reads what text has written.
func readRequests(text string) (*Requests, error) {
	if text == "" {
		return nil, nil
	}
	r := &Requests{}
	if err := document.Read([]byte(text), r); err != nil {
		return nil, fmt.Errorf("what the campaign's tasks are is not understood: %w", err)
	}
	return r, nil
}

// Handler answers the requests of one campaign. Its methods may be called from several goroutines, but for Close.
type Handler interface {
	// Sources is the identity of the source code from which it answers now.
	Sources(ctx context.Context) (string, error)
	// Handle answers a request, for which it may fetch what was attached, and tells how far it is. An error is the harness's, and ends the campaign.
	Handle(ctx context.Context, request json.RawMessage, fetch Fetch, progress func(properties.Progress)) (any, error)
	// Close removes what it has made. Nothing is being handled then, nor will be.
	Close() error
}

// Ask has a worker handle a request, and reads its reply, as strictly as [document.Read] does. The name is for people; the subject is what the request is about, and
// no two of a campaign with the same one are the same. An *isolate.NotJudgedError says that it ended all workers that it was given to.
func (s *Submitter) Ask(ctx context.Context, name, subject string, request, reply any, progress func(properties.Progress)) error {
	content, err := json.Marshal(request)
	if err != nil {
		return err
	}
	a, err := s.do(ctx, &task{Name: name, Property: subject, Request: content, Sources: s.identity.Requests.Sources}, progress)
	if err != nil {
		return err
	}
	if err := a.err(); err != nil {
		return err
	}
	if err := document.Read(a.Reply, reply); err != nil {
		return fmt.Errorf("the answer to %s by %s is not understood: %w", name, a.Worker, err)
	}
	return nil
}
