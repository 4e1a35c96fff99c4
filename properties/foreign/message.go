package foreign

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"

	"synchrony/executor/sched"
	"synchrony/properties/document"
)

// Version is the protocol's. It rises when a message changes its meaning.
const Version = 1

// greeting is the first line of a program.
type greeting struct {
	Protocol int      `json:"protocol"`
	Name     string   `json:"name"`   // of the system, in reports
	Kinds    []string `json:"kinds"`  // of workloads that it takes
	Levels   []int    `json:"levels"` // 1, or 2, or both
}

// request is a line that a program gets.
type request struct {
	ID       int             `json:"id"`
	Kind     string          `json:"kind"`
	Workload json.RawMessage `json:"workload"`
	Schedule *plan           `json:"schedule,omitempty"` // of level 2
}

// plan is a schedule, whole.
type plan struct {
	Turns      [][2]int    `json:"turns"` // decision and task, ascending
	Priorities *priorities `json:"priorities,omitempty"`
	Decisions  int         `json:"decisions"` // how many there may be; the run is cut then
}

type priorities struct {
	Draws   []uint64 `json:"draws"`
	Fresh   bool     `json:"fresh"`
	Changes []int    `json:"changes"`
}

// answer is the line that a program gives to a request.
type answer struct {
	ID          int             `json:"id"`
	Observation json.RawMessage `json:"observation,omitempty"`
	Trace       *trace          `json:"trace,omitempty"` // of level 2
	Error       string          `json:"error,omitempty"` // why it cannot tell: the program's own trouble, or a request that it does not do
}

// trace is what a program did at level 2.
type trace struct {
	Tasks     []string   `json:"tasks"` // names, by number
	Decisions []decision `json:"decisions"`
	Left      []step     `json:"left,omitempty"` // of the tasks that were not over at the end
}

// decision is one: what each task that is not over had announced, and which took its step.
type decision struct {
	Task  int32  `json:"task"`
	Steps []step `json:"steps"`
}

// step is what a task has announced: [task, "operation", "object"], and true behind that if it has to wait.
type step struct {
	task       int32
	op, object string
	blocked    bool
}

// UnmarshalJSON reads the array.
func (s *step) UnmarshalJSON(data []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil {
		return err
	}
	if len(parts) != 3 && len(parts) != 4 {
		return errors.New(`a step is [task, "operation", "object"], with true behind that if it has to wait`)
	}
	into := []any{&s.task, &s.op, &s.object, &s.blocked}
	for i, p := range parts {
		if string(p) == "null" {
			return fmt.Errorf("a step has null in place %d", i)
		}
		if err := json.Unmarshal(p, into[i]); err != nil {
			return err
		}
	}
	return nil
}

// MarshalJSON writes the array.
func (s step) MarshalJSON() ([]byte, error) {
	parts := []any{s.task, s.op, s.object}
	if s.blocked {
		parts = append(parts, true)
	}
	return json.Marshal(parts)
}

// parseGreeting reads a program's first line.
func parseGreeting(line []byte) (*greeting, error) {
	var g greeting
	if err := document.Read(line, &g); err != nil {
		return nil, fmt.Errorf("its greeting is not understood: %w: %.80q", err, line)
	}
	switch {
	case g.Protocol != Version:
		return nil, fmt.Errorf("it speaks version %d of the protocol, and this is version %d", g.Protocol, Version)
	case g.Name == "" || len(g.Name) > maxName:
		return nil, errors.New("its greeting does not say a name, of at most 200 bytes")
	case !nameable.MatchString(g.Name):
		return nil, fmt.Errorf("its greeting says the name %.40q: want letters, digits, spaces and . _ + - only, for it is part of names of files", g.Name)
	case len(g.Levels) == 0 || len(g.Kinds) == 0:
		return nil, errors.New("its greeting says no level, or no kind of workload")
	}
	for _, l := range g.Levels {
		if l != 1 && l != 2 {
			return nil, fmt.Errorf("it is of level %d, and there are 1 and 2", l)
		}
	}
	return &g, nil
}

// nameable are the names of systems.
var nameable = regexp.MustCompile(`^[\pL\pN][\pL\pN ._+-]*$`)

// maxName is how many bytes a name may have, of a system, a task or an object.
const maxName = 200

// parseAnswer reads the answer to a request, and refuses what cannot be one.
func parseAnswer(line []byte, to *request) (*answer, error) {
	var a answer
	if err := json.Unmarshal(line, &a); err != nil {
		return nil, fmt.Errorf("its answer is not understood: %w: %.80q", inWords(err), line)
	}
	switch {
	case a.ID != to.ID:
		return nil, fmt.Errorf("it has answered request %d, and was asked number %d", a.ID, to.ID)
	case a.Error != "":
		return nil, &refusalError{a.Error}
	case len(a.Observation) == 0 || string(a.Observation) == "null":
		return nil, errors.New("its answer has no observation")
	case to.Schedule != nil && a.Trace == nil:
		return nil, errors.New("its answer has no trace, and it was told a schedule")
	}
	return &a, nil
}

// inWords says of a value of the wrong type which field it is of and what that takes, as docs/protocol.md calls it; any other error is as it was.
func inWords(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err
	}
	is := map[string]string{"string": "a text", "bool": "true or false", "array": "a list", "object": "an object", "number": "a number"}[wrong.Value]
	if is == "" {
		is = "the " + wrong.Value // "number 123.0"
	}
	var want string
	switch wrong.Type.Kind() {
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Uint64:
		want = fmt.Sprintf("a whole number of %d bits, without a point or an exponent", wrong.Type.Bits())
	case reflect.String:
		want = "a text"
	case reflect.Bool:
		want = "true or false"
	case reflect.Slice, reflect.Array:
		want = "a list"
	default:
		want = "an object"
	}
	return fmt.Errorf("%s is %s, and must be %s", cmp.Or(wrong.Field, "a value"), is, want)
}

// refusalError is a request that a program says it does not do.
type refusalError struct{ says string }

func (e *refusalError) Error() string { return fmt.Sprintf("it says: %.400s", e.says) }

// planOf is a plan as a message.
func planOf(p *sched.Plan, decisions int) *plan {
	out := &plan{Turns: make([][2]int, len(p.Turns)), Decisions: decisions}
	for i, t := range p.Turns {
		out.Turns[i] = [2]int{t.Step, int(t.Task)}
	}
	if q := p.Priorities; q != nil {
		out.Priorities = &priorities{Draws: q.Draws, Fresh: q.Fresh, Changes: append([]int{}, q.Changes...)}
	}
	return out
}
