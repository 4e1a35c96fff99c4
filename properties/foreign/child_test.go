package foreign

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"synchrony/models/block"
)

// TestMain lets this binary be the program that is tested: with an argument that names a behaviour.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 {
		if b, known := behaviours[os.Args[1]]; known {
			serve(b)
			return
		}
	}
	os.Exit(m.Run())
}

// self is the command line of this binary as a program.
func self(behaviour string) []string {
	path, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return []string{path, behaviour}
}

// behaviour is how a program behaves: what its levels are, and what it writes upon a request, the n-th.
type behaviour struct {
	levels []int
	answer func(out *os.File, r *request, n int)
}

// behaviours are those of a right program, and wrong ones.
var behaviours = map[string]behaviour{
	"right":     {[]int{1}, func(out *os.File, r *request, _ int) { say(out, rightAnswer(r, nil)) }},
	"scheduled": {[]int{2}, func(out *os.File, r *request, _ int) { say(out, rightAnswer(r, traceOf(r))) }},

	"deadlocks": {[]int{2}, func(out *os.File, r *request, _ int) {
		t := &trace{Tasks: []string{"main", "worker"}, Decisions: []decision{
			{0, []step{{op: "begin"}}}, {0, []step{{op: "lock", object: "m"}}}, {0, []step{{op: "spawn", object: "1"}}},
			{1, []step{{op: "wait", object: "end of 1", blocked: true}, {task: 1, op: "begin"}}},
		}, Left: []step{{op: "wait", object: "end of 1", blocked: true}, {task: 1, op: "lock", object: "m", blocked: true}}}
		say(out, rightAnswer(r, t))
	}},

	"garbage":  {[]int{1}, func(out *os.File, _ *request, _ int) { fmt.Fprintln(out, "\x00 this is no { answer") }},
	"silent":   {[]int{1}, func(*os.File, *request, int) {}},
	"exits":    {[]int{1}, func(*os.File, *request, int) { os.Exit(0) }},
	"crashes":  {[]int{1}, func(*os.File, *request, int) { fmt.Fprintln(os.Stderr, "segmentation fault"); os.Exit(3) }},
	"closes":   {[]int{1}, func(out *os.File, _ *request, _ int) { out.Close() }},
	"floods":   {[]int{1}, func(out *os.File, _ *request, _ int) { flood(out, "{}\n") }},
	"lineless": {[]int{1}, func(out *os.File, _ *request, _ int) { flood(out, "{}") }},
	"prints":   {[]int{1}, func(*os.File, *request, int) { flood(os.Stdout, "and on and on\n") }},
	"late":     {[]int{1}, func(out *os.File, r *request, _ int) { r.ID++; say(out, rightAnswer(r, nil)) }},
	"twice": {[]int{1}, func(out *os.File, r *request, _ int) {
		say(out, rightAnswer(r, nil))
		say(out, rightAnswer(r, nil))
	}},
	"mistaken": {[]int{1}, func(out *os.File, r *request, _ int) {
		say(out, answer{ID: r.ID, Observation: json.RawMessage(`{"state":{},"failed":["nobody"]}`)})
	}},
	"stray": {[]int{1}, func(out *os.File, r *request, _ int) {
		say(out, answer{ID: r.ID, Observation: json.RawMessage(`{"state":{"zz":0}}`)})
	}},
	"empty":     {[]int{1}, func(out *os.File, r *request, _ int) { say(out, answer{ID: r.ID}) }},
	"complains": {[]int{1}, func(out *os.File, r *request, _ int) { say(out, answer{ID: r.ID, Error: "no disk"}) }},

	"begins": {[]int{1}, func(out *os.File, _ *request, _ int) { fmt.Fprint(out, begun) }},
	"breaks off": {[]int{1}, func(out *os.File, _ *request, _ int) {
		fmt.Fprint(out, begun)
		os.Exit(0)
	}},

	"verbose": {[]int{1}, func(out *os.File, r *request, _ int) {
		a := rightAnswer(r, nil)
		var shown Shown
		if err := json.Unmarshal(a.Observation, &shown); err != nil {
			panic(err)
		}
		shown.Output = append(slices.Repeat([]string{strings.Repeat("x", 1<<10)}, 100), strings.Repeat("y", 100<<10))
		observation, err := json.Marshal(&shown)
		if err != nil {
			panic(err)
		}
		a.Observation = observation
		say(out, a)
	}},

	// What is wrong in each block of several transactions, and cannot do a smaller one.
	"frail": {[]int{1}, func(out *os.File, r *request, _ int) {
		if blockOf(r).Len() < wrongFrom {
			os.Exit(0)
		}
		say(out, wrongAnswer(r))
	}},
	"refuses": {[]int{1}, func(out *os.File, r *request, _ int) {
		if blockOf(r).Len() < wrongFrom {
			say(out, answer{ID: r.ID, Error: "too small"})
			return
		}
		say(out, wrongAnswer(r))
	}},
	// What can do all blocks but the smallest.
	"fastidious": {[]int{1}, func(out *os.File, r *request, _ int) {
		if blockOf(r).Len() < 2 {
			os.Exit(0)
		}
		say(out, rightAnswer(r, nil))
	}},

	"traceless": {[]int{2}, func(out *os.File, r *request, _ int) { say(out, rightAnswer(r, nil)) }},
	"absurd":    {[]int{2}, func(out *os.File, r *request, _ int) { fmt.Fprintln(out, absurd(r)) }},
	"endless": {[]int{2}, func(out *os.File, r *request, _ int) {
		t := traceOf(r)
		t.Decisions = slices.Repeat(t.Decisions[:1], r.Schedule.Decisions+1)
		say(out, rightAnswer(r, t))
	}},
	"disobedient": {[]int{2}, func(out *os.File, r *request, _ int) {
		r.Schedule.Turns = nil
		say(out, rightAnswer(r, traceOf(r)))
	}},
	"fickle": {[]int{2}, func(out *os.File, r *request, n int) {
		t := traceOf(r)
		t.Decisions[len(t.Decisions)-1].Steps[0].object += strings.Repeat("x", n%3)
		t.Decisions[1].Steps[0].object = fmt.Sprint("object ", n)
		t.Decisions[1].Steps[0].op = "load"
		say(out, rightAnswer(r, t))
	}},
}

// serve is the program.
func serve(b behaviour) {
	in, out := bufio.NewReader(os.NewFile(3, "requests")), os.NewFile(4, "answers")
	say(out, greeting{Version, "test", []string{"batch", "program"}, b.levels})
	for n := 0; ; n++ {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var r request
		if err := json.Unmarshal(line, &r); err != nil {
			panic(err)
		}
		b.answer(out, &r, n)
	}
}

// begun is the beginning of an answer.
const begun = `{"id":`

// wrongFrom is how many transactions the blocks have that some programs can do.
const wrongFrom = 3

func blockOf(r *request) *block.Block {
	b := new(block.Block)
	if err := json.Unmarshal(r.Workload, b); err != nil {
		panic(err)
	}
	return b
}

// wrongAnswer is one with a wrong state.
func wrongAnswer(r *request) answer {
	a := rightAnswer(r, nil)
	var result Result
	if err := json.Unmarshal(a.Observation, &result); err != nil {
		panic(err)
	}
	b := blockOf(r)
	result.State[b.Keys()[0]]++
	result.Failed, result.Reads = nil, nil
	observation, err := json.Marshal(&result)
	if err != nil {
		panic(err)
	}
	a.Observation = observation
	return a
}

func say(out *os.File, v any) {
	line, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	_, _ = out.Write(append(line, '\n')) // whoever asked may have gone
}

func flood(out *os.File, text string) {
	for all := strings.Repeat(text, 1000); ; {
		if _, err := out.WriteString(all); err != nil {
			return
		}
	}
}

func absurd(r *request) string {
	return fmt.Sprintf(`{"id":%d,"observation":{"state":{}},"trace":{"tasks":["main"],"decisions":[{"task":2147483647,"steps":[[2147483647,"begin","x"]]}]}}`, r.ID)
}

// rightAnswer is the right answer.
func rightAnswer(r *request, t *trace) answer {
	if r.Kind == "program" {
		return answer{ID: r.ID, Observation: rightlyShown(r.Workload), Trace: t}
	}
	b := blockOf(r)
	s := block.Execute(b, block.Isolate, block.Departure{})
	result := Result{State: s.State, Failed: []string{}}
	for tx, err := range s.Errors {
		if err != nil {
			result.Failed = append(result.Failed, b.Name(tx))
			continue
		}
		for _, a := range s.Read[tx] {
			r := ReadOf{Transaction: b.Name(tx), Key: a.Key, Value: a.Value}
			if a.Writer >= 0 {
				r.From = b.Name(a.Writer)
			}
			result.Reads = append(result.Reads, r)
		}
	}
	observation, err := json.Marshal(&result)
	if err != nil {
		panic(err)
	}
	return answer{ID: r.ID, Observation: observation, Trace: t}
}

// traceOf is the trace of two tasks that each load and store some objects, on a schedule without priorities.
func traceOf(r *request) *trace {
	const steps = 10
	at, t := [2]int{}, &trace{Tasks: []string{"main", "worker"}}
	turns := map[int]int32{}
	for _, turn := range r.Schedule.Turns {
		turns[turn[0]] = int32(turn[1])
	}
	announced := func() (all []step) {
		for i, n := range at {
			switch {
			case n == 0:
				all = append(all, step{task: int32(i), op: "begin"})
			case n < steps:
				all = append(all, step{task: int32(i), op: []string{"load", "store"}[n%2], object: fmt.Sprint("cell ", n/2)})
			case n == steps:
				all = append(all, step{task: int32(i), op: "end"})
			}
		}
		return all
	}
	current := int32(0)
	for {
		all := announced()
		if len(all) == 0 || len(t.Decisions) == r.Schedule.Decisions {
			t.Left = all
			return t
		}
		can := func(task int32) bool { return slices.ContainsFunc(all, func(s step) bool { return s.task == task }) }
		if task, told := turns[len(t.Decisions)]; told && can(task) {
			current = task
		} else if !can(current) {
			current = 1 - current
		}
		t.Decisions = append(t.Decisions, decision{current, all})
		at[current]++
	}
}
