package isolate

import (
	"encoding/json"
	"errors"
	"fmt"

	"synchrony/properties"
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
	if err := json.Unmarshal(line, &m); err != nil {
		return nil, fmt.Errorf("%w: %.80q", err, line)
	}
	if count(m.Progress != nil, m.Result != nil, m.Exploration != nil, m.Replay != nil, m.Error != nil) != 1 {
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
	if r := m.Result; r != nil && (r.Cases < 0 || r.Cases > q.Spec.Count || r.Schedules < 0 || r.Replayed < 0 || r.Unknown < 0 || r.Covered < 0 || r.Covered > r.Cases) {
		return fmt.Errorf("a result of %d cases, %d schedules, of %d cases", r.Cases, r.Schedules, q.Spec.Count)
	}
	if x := m.Exploration; x != nil && (x.Cases < 0 || x.Cases > len(q.Explore.Cases) || x.Complete < 0 || x.Complete > x.Cases || x.Schedules < 0 || x.Traces < 0 || x.Unknown < 0 || x.Uncontrolled < 0 || x.Stress < 0 || !x.Outcomes.Valid()) {
		return fmt.Errorf("an exploration of %d cases, %d complete, of %d cases", x.Cases, x.Complete, len(q.Explore.Cases))
	}
	return nil
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
