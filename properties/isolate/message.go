package isolate

import (
	"encoding/json"
	"errors"
	"fmt"

	"synchrony/properties"
	"synchrony/properties/document"
)

// request is what a parent asks of a child: to run a property, to explore cases, or to
// replay a counterexample. One of Spec, Explore and Replay is set.
type request struct {
	Property string                  `json:"property"`
	Spec     *properties.Spec        `json:"spec,omitempty"`
	Explore  *properties.ExploreSpec `json:"explore,omitempty"`
	Replay   string                  `json:"replay,omitempty"` // a counterexample's text
	Name     string                  `json:"name,omitempty"`   // and its file's name
	Memory   int64                   `json:"memory,omitempty"` // bytes that the child may hold; 0 is any
}

// message is a line of a child's answer; one field is set.
type message struct {
	Progress    *properties.Progress    `json:"progress,omitempty"`
	Result      *properties.Result      `json:"result,omitempty"`
	Exploration *properties.Exploration `json:"exploration,omitempty"`
	Replay      *properties.Replay      `json:"replay,omitempty"`
	Error       *failure                `json:"error,omitempty"`
	// Unjudged is why the child cannot test anything, though neither it nor the system has failed.
	Unjudged string `json:"unjudged,omitempty"`
}

// parseRequest reads a request, and refuses what is none.
func parseRequest(line []byte) (*request, error) {
	var q request
	if err := json.Unmarshal(line, &q); err != nil {
		return nil, fmt.Errorf("the request is not understood: %w", err)
	}
	if count(q.Spec != nil, q.Explore != nil, q.Replay != "") != 1 {
		return nil, errors.New("the request must be one of spec, explore and replay")
	}
	if x := q.Explore; x != nil && (x.Parts < 0 || x.Part < 0 || x.Parts > 0 && x.Part >= x.Parts) {
		return nil, fmt.Errorf("the request is for part %d of %d", x.Part, x.Parts)
	}
	return &q, nil
}

// parseMessage reads a message, and refuses what cannot be an answer to q: whatever a child
// says, nothing that relies on it can go wrong.
func parseMessage(line []byte, q *request) (*message, error) {
	var m message
	if err := document.Read(line, &m); err != nil {
		return nil, fmt.Errorf("%w: %.80q", err, line)
	}
	if count(m.Progress != nil, m.Result != nil, m.Exploration != nil, m.Replay != nil, m.Error != nil, m.Unjudged != "") != 1 {
		return nil, fmt.Errorf("a message must be one thing: %.80q", line)
	}
	if m.Result != nil && q.Spec == nil || m.Exploration != nil && q.Explore == nil || m.Replay != nil && q.Replay == "" {
		return nil, fmt.Errorf("an answer to another request: %.80q", line)
	}
	return &m, m.check(q)
}

// check checks the numbers that a parent counts with.
func (m *message) check(q *request) error {
	if p := m.Progress; p != nil {
		first, end := 0, 1
		if q.Spec != nil {
			first, end = q.Spec.First, q.Spec.First+q.Spec.Count
		} else if q.Explore != nil {
			end = len(q.Explore.Cases)
		}
		if p.File == "" && (p.Case < first || p.Case >= end) || p.Schedules < 0 {
			return fmt.Errorf("progress in case %d after %d schedules, of cases %d to %d", p.Case, p.Schedules, first, end-1)
		}
	}
	var f document.Faults
	if r := m.Result; r != nil {
		f.In("result", r.Check(true))
		f.If(r.Cases > q.Spec.Count, "result.cases", "%d, and %d were asked for", r.Cases, q.Spec.Count)
	}
	if x := m.Exploration; x != nil {
		f.In("exploration", x.Check(len(q.Explore.Cases)))
	}
	return f.Err()
}

func count(conditions ...bool) int {
	n := 0
	for _, c := range conditions {
		if c {
			n++
		}
	}
	return n
}

// failure is an error of the harness, as far as it can cross a process border.
type failure struct {
	Text string `json:"text"`
}

func (f *failure) err() error { return errors.New(f.Text) }

func toFailure(err error) *failure { return &failure{err.Error()} }
