package vm

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/executor/sched"
	"synchrony/executor/vm"
	"synchrony/models/history"
	"synchrony/models/program"
	"synchrony/properties"
)

// script is what each of several tasks does to one shared state.
type script [][]operation

// operation is one call: its verb, and the variables that it names with, for writes, the
// values, each of which is written once in a script.
type operation struct {
	verb   string // one of verbs
	names  []string
	values []int64
}

// The verbs, the simplest first.
var verbs = []string{"read", "write", "read-batch", "write-batch", "snapshot", "has", "clear"}

// sharedNames are the variables of scripts.
var sharedNames = []string{"x", "y", "z"}

// sharedState is V4: the state's own operations, without any machine around.
func sharedState() properties.Testable {
	verb := func(name string) properties.Condition[script, history.Calls] {
		return properties.Condition[script, history.Calls]{Name: name, Holds: func(s script, _ history.Calls) bool { return s.has(name) }}
	}
	return &properties.Property[script, history.Calls]{
		ID: "V4", Group: Group, Statement: "shared state is linearizable, its batches are atomic, its snapshots consistent", Source: properties.Here(0),
		System: sharedSystem{}, Generator: scripts(), Checkers: []checkers.Checker[script, history.Calls]{linearizable{}},
		Codec: properties.Codec[script]{Format: formatScript, Parse: parseScript},
		Sometimes: []properties.Condition[script, history.Calls]{
			verb("read-batch"), verb("write-batch"), verb("snapshot"), verb("clear"),
			{Name: "calls that overlap", Holds: func(_ script, h history.Calls) bool { return overlapping(h) }},
		},
		Classify: func(s script, _ history.Calls) []string { return []string{fmt.Sprintf("tasks: %d", len(s))} },
		Size:     func(s script) int { return s.size() },
		Real:     func(script) bool { return true },
		Explain: func(_ script, h history.Calls, _ *sched.Record) []string {
			var lines []string
			for i := range h.Calls {
				lines = append(lines, h.Calls[i].String())
			}
			return lines
		},
	}
}

func (s script) size() int {
	n := 0
	for _, task := range s {
		n += len(task)
	}
	return n
}

func (s script) has(verb string) bool {
	for _, task := range s {
		for _, op := range task {
			if op.verb == verb {
				return true
			}
		}
	}
	return false
}

// overlapping reports whether two calls were under way at the same time.
func overlapping(h history.Calls) bool {
	for i, a := range h.Calls {
		for _, b := range h.Calls[i+1:] {
			if a.Process != b.Process && a.Invoked < b.Returned && b.Invoked < a.Returned {
				return true
			}
		}
	}
	return false
}

// scripts draws up to four tasks with up to four operations each.
func scripts() *rapid.Generator[script] {
	return rapid.Custom(func(t *rapid.T) script {
		tasks := rapid.IntRange(1, 4).Draw(t, "tasks")
		var s script
		next := int64(0)
		for range tasks {
			var ops []operation
			for range rapid.IntRange(0, 4).Draw(t, "operations") {
				op := operation{verb: rapid.SampledFrom(verbs).Draw(t, "verb")}
				for range op.least() + rapid.IntRange(0, op.most()-op.least()).Draw(t, "more names") {
					op.names = append(op.names, rapid.SampledFrom(sharedNames).Draw(t, "name"))
				}
				if strings.HasPrefix(op.verb, "write") {
					for range op.names {
						next++
						op.values = append(op.values, next)
					}
				}
				ops = append(ops, op)
			}
			s = append(s, ops)
		}
		return s
	})
}

// least and most are how many variables the operation may name.
func (op operation) least() int {
	switch op.verb {
	case "snapshot", "clear":
		return 0
	case "read-batch", "write-batch":
		return 2
	default:
		return 1
	}
}

func (op operation) most() int {
	if op.least() == 2 {
		return 3
	}
	return op.least()
}

// sharedSystem runs scripts on the machine's shared state.
type sharedSystem struct{}

func (sharedSystem) Name() string { return "vm: shared state" }

func (sharedSystem) Run(_ context.Context, rt *sched.Runtime, s script) (history.Calls, error) {
	state := vm.NewSharedState(rt)
	calls := make([][]history.Call, len(s))
	var all sched.WaitGroup
	all.Add(rt, len(s))
	for i, ops := range s {
		rt.Go("client", i, func() {
			defer all.Done(rt)
			last := time.Duration(-1)
			for _, op := range ops {
				c := history.Call{Process: int32(i), Invoked: max(rt.Stamp(), last+1)}
				c.Actions = op.perform(state)
				last = max(rt.Stamp(), c.Invoked+1)
				c.Returned = last
				calls[i] = append(calls[i], c)
			}
		})
	}
	all.Wait(rt)
	var h history.Calls
	for _, list := range calls {
		h.Calls = append(h.Calls, list...)
	}
	return h, nil
}

// perform does the operation, and returns what it showed.
func (op operation) perform(s *vm.SharedState) []history.Action {
	var actions []history.Action
	switch op.verb {
	case "read":
		v, _ := s.Read(op.names[0])
		actions = append(actions, history.Action{Kind: history.ReadKey, Key: op.names[0], Value: linearizability.ValueOf(v)})
	case "write":
		s.Write(op.names[0], program.Int(op.values[0]))
		actions = append(actions, history.Action{Kind: history.WriteKey, Key: op.names[0], Value: history.NumberOf(op.values[0])})
	case "read-batch":
		for i, v := range s.ReadBatch(op.names...) {
			actions = append(actions, history.Action{Kind: history.ReadKey, Key: op.names[i], Value: linearizability.ValueOf(v)})
		}
	case "write-batch":
		var bindings []program.Binding
		for i, name := range op.names {
			bindings = append(bindings, program.Binding{Name: name, Value: program.Int(op.values[i])})
			actions = append(actions, history.Action{Kind: history.WriteKey, Key: name, Value: history.NumberOf(op.values[i])})
		}
		s.WriteBatch(bindings...)
	case "snapshot":
		a := history.Action{Kind: history.TakeAll}
		for _, b := range s.Snapshot() {
			a.State = append(a.State, history.Entry{Key: b.Name, Value: linearizability.ValueOf(b.Value)})
		}
		actions = append(actions, a)
	case "has":
		actions = append(actions, history.Action{Kind: history.HasKey, Key: op.names[0], OK: s.Has(op.names[0])})
	default:
		s.Clear()
		actions = append(actions, history.Action{Kind: history.ClearAll})
	}
	return actions
}

// linearizable decides V4.
type linearizable struct{}

func (linearizable) Name() string { return "linearizability" }

func (linearizable) Check(_ script, h history.Calls) checkers.Verdict {
	return linearizability.Check(linearizability.SharedState(), &h, linearizability.Options{Timeout: -1}).Verdict
}

// String is the operation's line in a counterexample: "write-batch x=1 y=2".
func (op operation) String() string {
	words := []string{op.verb}
	for i, name := range op.names {
		if op.values != nil {
			name += "=" + strconv.FormatInt(op.values[i], 10)
		}
		words = append(words, name)
	}
	return strings.Join(words, " ")
}

// scriptFile is the workload's file: a line for each operation, tasks apart by a line of
// their own.
const scriptFile = "script"

func formatScript(s script) ([]txtar.File, error) {
	var b []byte
	for i, ops := range s {
		b = fmt.Appendf(b, "task %d\n", i)
		for _, op := range ops {
			b = fmt.Appendln(b, op)
		}
	}
	return []txtar.File{{Name: scriptFile, Data: b}}, nil
}

func parseScript(files []txtar.File) (script, error) {
	if len(files) != 1 || files[0].Name != scriptFile {
		return nil, fmt.Errorf("a workload is one file, %s", scriptFile)
	}
	var s script
	for number, line := range strings.Split(strings.TrimSpace(string(files[0].Data)), "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case words[0] == "task":
			s = append(s, nil)
		default:
			op, err := parseOperation(words)
			if err == nil && len(s) == 0 {
				err = fmt.Errorf("an operation before the first task")
			}
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", scriptFile, number+1, err)
			}
			s[len(s)-1] = append(s[len(s)-1], op)
		}
	}
	return s, nil
}

func parseOperation(words []string) (operation, error) {
	op := operation{verb: words[0]}
	known := false
	for _, verb := range verbs {
		known = known || verb == op.verb
	}
	if !known {
		return op, fmt.Errorf("there is no operation %q: %s", op.verb, strings.Join(verbs, ", "))
	}
	for _, word := range words[1:] {
		name, value, written := strings.Cut(word, "=")
		op.names = append(op.names, name)
		if written {
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return op, fmt.Errorf("%q is no number", value)
			}
			op.values = append(op.values, n)
		}
	}
	writes := strings.HasPrefix(op.verb, "write")
	if len(op.names) < op.least() || writes != (len(op.values) > 0) || writes && len(op.values) != len(op.names) {
		return op, fmt.Errorf("%q needs at least %d variables, and writes only values", op.verb, op.least())
	}
	return op, nil
}
