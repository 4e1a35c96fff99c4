package command

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"synchrony/properties"
	"synchrony/properties/campaign/soak"
)

// hookTime bounds one call of a webhook.
const hookTime = 10 * time.Second

// newCause is what a webhook gets.
type newCause struct {
	Tool           string   `json:"tool"`
	Build          string   `json:"build"`
	Property       string   `json:"property"`
	Statement      string   `json:"statement"`
	Checker        string   `json:"checker"`
	Rule           string   `json:"rule"`
	Reason         string   `json:"reason"`
	Seed           uint64   `json:"seed"`
	File           string   `json:"file,omitempty"`
	Counterexample string   `json:"counterexample,omitempty"`
	Story          []string `json:"story,omitempty"` // what happened
	Again          bool     `json:"again,omitempty"` // it had gone
}

// tellHook tells the webhook, until ctx is done, of causes that it has not heard of; those of earlier rounds by what is remembered of them.
func (a *app) tellHook(ctx context.Context, o *soakOptions, memory *soak.Memory, news []soak.Found) {
	for i := range memory.Causes {
		c := &memory.Causes[i]
		if !c.Untold {
			continue
		}
		if o.webhook == "" { // it is on the terminal
			c.Told()
			continue
		}
		message := newCause{
			Tool: "verify " + version(), Build: c.Last.Build, Property: c.Last.Property, Checker: c.Checker, Rule: c.Rule, Seed: c.Last.Seed, File: c.Last.File,
			Again: c.Again,
		}
		if info, known := a.registry.Lookup(c.Last.Property); known {
			message.Statement = info.Info().Statement
		}
		text := ""
		if at := slices.IndexFunc(news, func(f soak.Found) bool { return f.Failure.Group(f.Info.ID) == c.Group() }); at >= 0 {
			message.Reason, text = news[at].Failure.RootCause().Reason, news[at].Failure.Text
		} else if data, err := properties.ReadFile(c.Last.File); err == nil {
			text = string(data)
		}
		if x, err := properties.ParseCounterexample(c.Last.File, []byte(text)); text != "" && err == nil {
			message.Counterexample, message.Story, message.Reason = text, x.Story, cmp.Or(message.Reason, x.Reason)
		}
		if err := post(ctx, o.webhook, message); err != nil {
			fmt.Fprintf(a.stderr, "verify: the webhook has not heard of %s, %v: %v\n", c.Last.Property, c.Group(), err)
			var answered *hookAnswer
			if errors.As(err, &answered) { // this one it does not take, but perhaps another
				continue
			}
			return
		}
		c.Told()
	}
}

// hookAnswer is a webhook's answer that is no success.
type hookAnswer struct{ status string }

func (e *hookAnswer) Error() string { return "it answers " + e.status }

// post sends a message as JSON.
func post(ctx context.Context, to string, message any) error {
	data, err := json.Marshal(message)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, hookTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(data))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	// Elsewhere it would be sent without what it says.
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	var failed *url.Error
	if errors.As(err, &failed) { // it would show the address, and what is secret in it
		return failed.Err
	}
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		return &hookAnswer{answer.Status}
	}
	return nil
}
