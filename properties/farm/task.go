package farm

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"synchrony/properties"
	"synchrony/properties/document"
	"synchrony/properties/isolate"
)

// task is a unit of work: what a worker does with one message. One of Spec, Explore and Request is set.
type task struct {
	Build    string                  `json:"build"`    // of the program that must do it
	Name     string                  `json:"name"`     // for people
	Property string                  `json:"property"` // its ID; of a request, what that is about
	Spec     *properties.Spec        `json:"spec,omitempty"`
	Explore  *properties.ExploreSpec `json:"explore,omitempty"`
	Request  json.RawMessage         `json:"request,omitempty"`
	Sources  string                  `json:"sources,omitempty"` // of a request: identity of the source code that it must be answered from
	// Soft is when no further case of Spec is begun, as nanoseconds from the task's start; 0 is never. How many cases that are is
	// what the answer says.
	Soft     time.Duration `json:"soft,omitempty"`
	Patience time.Duration `json:"patience"`         // nanoseconds that the system may show no sign of life
	Memory   int64         `json:"memory,omitempty"` // bytes that a process of it may hold; 0 is any
}

// key is what the task's answer is kept under: it tells the task from all others of a run.
func (t *task) key() (string, error) {
	content, err := json.Marshal(t)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s.%x", token(t.Property), sha256.Sum256(content))[:len(token(t.Property))+1+24], nil
}

// token is a name as a part of a subject: what may not stand in one is an underscore. Names that become the same are told apart by
// the rest of a key.
func token(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '_'
	}, name)
}

// readTask reads a task, and refuses what is none.
func readTask(data []byte) (*task, error) {
	var t task
	if err := document.Read(data, &t); err != nil {
		return nil, fmt.Errorf("the task is not understood: %w", err)
	}
	things := 0
	for _, there := range []bool{t.Spec != nil, t.Explore != nil, t.Request != nil} {
		if there {
			things++
		}
	}
	if things != 1 {
		return nil, errors.New("the task must be one of spec, explore and request")
	}
	return &t, nil
}

// answer is what became of a task: a result or an exploration, also beside an error; a reply; or why nobody knows.
type answer struct {
	Worker      string                  `json:"worker"` // who did it; for people
	Result      *properties.Result      `json:"result,omitempty"`
	Exploration *properties.Exploration `json:"exploration,omitempty"`
	Reply       json.RawMessage         `json:"reply,omitempty"`    // to a request
	Error       string                  `json:"error,omitempty"`    // of the harness
	Unjudged    *isolate.NotJudgedError `json:"unjudged,omitempty"` // which is that error, if it is one
	// Lost says that the task ended all workers that it was given to, the last of which was heard of at case number At.
	Lost bool `json:"lost,omitempty"`
	At   int  `json:"at,omitempty"`
}

// readAnswer reads an answer to t, and refuses what cannot be one: nothing that relies on it can go wrong, whoever wrote it.
func readAnswer(data []byte, t *task) (*answer, error) {
	var a answer
	if err := document.Read(data, &a); err != nil {
		return nil, fmt.Errorf("the answer to %s is not understood: %w", t.Name, err)
	}
	var f document.Faults
	f.If(a.Result != nil && t.Spec == nil, "result", "it was not asked for")
	f.If(a.Exploration != nil && t.Explore == nil, "exploration", "it was not asked for")
	f.If(a.Reply != nil && t.Request == nil, "reply", "it was not asked for")
	f.If(a.Result == nil && a.Exploration == nil && a.Reply == nil && a.Error == "" && !a.Lost, "", "there is nothing in it")
	if r := a.Result; r != nil && t.Spec != nil {
		f.In("result", r.Check(true))
		f.If(r.Cases > t.Spec.Count, "result.cases", "%d, and %d were asked for", r.Cases, t.Spec.Count)
	}
	if x := a.Exploration; x != nil && t.Explore != nil {
		f.In("exploration", x.Check(len(t.Explore.Cases)))
	}
	if err := f.Err(); err != nil {
		return nil, fmt.Errorf("the answer to %s by %s cannot be true: %w", t.Name, a.Worker, err)
	}
	return &a, nil
}

// err is the error that the worker had.
func (a *answer) err() error {
	switch {
	case a.Unjudged != nil:
		return a.Unjudged
	case a.Error != "":
		return errors.New(a.Error)
	}
	return nil
}

// fail notes the error of who does the task.
func (a *answer) fail(err error) {
	if err == nil {
		return
	}
	a.Error = err.Error()
	errors.As(err, &a.Unjudged)
}
