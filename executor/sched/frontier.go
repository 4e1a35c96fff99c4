package sched

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"synchrony/models/trace"
)

// The text form of an Explorer is its frontier: the path to the next schedule, with the branches that are open beside it,
// and the sleep sets, which say what is explored. What else a path says is learned again by repeating it.

// The formats are told by the first line. Those of hosted runs have picks, and steps on several objects.
const (
	frontierFormat = "explorer 1"
	hostedFormat   = "explorer 2"
)

const (
	frontierHead = "steps %d patient %t preemptions %d schedules %d symmetric %t part %d of %d subtree %d\n" +
		"ran %d traces %d blocked %d cut %d over %t nodes %d\n"
	frontierNode = "node %d full %t fans %d spare %d running %d todo %s done %s sleep %s\n"
	hostedNode   = "pick %t choice %d picked %s " + frontierNode
)

// MarshalText writes where the exploration stands, for UnmarshalText to go on from, perhaps in another process. It
// fails between a Next and its Ran.
func (e *Explorer) MarshalText() ([]byte, error) {
	if e.asked {
		return nil, fmt.Errorf("sched: an exploration cannot be saved while a schedule is being run")
	}
	var b bytes.Buffer
	if e.hosted {
		fmt.Fprintln(&b, hostedFormat)
	} else {
		fmt.Fprintln(&b, frontierFormat)
	}
	c := &e.coverage
	fmt.Fprintf(&b, frontierHead, e.max, e.patient, e.bounds.Preemptions, e.bounds.Schedules, e.bounds.Symmetric,
		e.split.part, e.split.parts, e.split.subtree, c.Schedules, c.Traces, c.Blocked, c.Cut, e.over, len(e.nodes))
	for i := range e.nodes {
		n := &e.nodes[i]
		todo := make([]string, len(n.todo))
		for k, t := range n.todo {
			todo[k] = strconv.Itoa(int(t))
		}
		if e.hosted {
			picked := sleeper{footprint: footprint{tail: n.picked.tail, more: n.picked.more}}
			fmt.Fprintf(&b, "pick %t choice %d picked %s ", n.pick, n.choice, sleepers([]sleeper{picked}))
		}
		fmt.Fprintf(&b, frontierNode, n.step.task, n.full, n.fans, n.spare, n.running, list(todo), sleepers(n.done), sleepers(n.sleep))
	}
	return b.Bytes(), nil
}

// UnmarshalText makes e the exploration that MarshalText wrote.
func (e *Explorer) UnmarshalText(text []byte) error {
	format, rest, _ := strings.Cut(string(text), "\n")
	if format != frontierFormat && format != hostedFormat {
		return fmt.Errorf("this is no saved exploration, or one of another version: it begins with %.40q, not with %q", format, frontierFormat)
	}
	var o Options
	var b Bounds
	var s split
	var c Coverage
	var over bool
	var nodes int
	r := strings.NewReader(rest)
	if _, err := fmt.Fscanf(r, frontierHead, &o.MaxSteps, &o.PatientClock, &b.Preemptions, &b.Schedules, &b.Symmetric,
		&s.part, &s.parts, &s.subtree, &c.Schedules, &c.Traces, &c.Blocked, &c.Cut, &over, &nodes); err != nil {
		return fmt.Errorf("the saved exploration has no readable head: %w", err)
	}
	x := NewExplorer(o, b)
	c.Preemptions = x.coverage.Preemptions
	x.hosted = format == hostedFormat
	x.split, x.coverage, x.over, x.prefix = s, c, over, nodes
	for i := range nodes {
		if err := x.push().read(r, x.hosted); err != nil {
			return fmt.Errorf("line %d of the saved exploration: %w", i+4, err)
		}
	}
	if r.Len() > 0 {
		return fmt.Errorf("the saved exploration does not end after its %d nodes", nodes)
	}
	*e = *x
	e.walk.Explorer = e
	return nil
}

// read reads a node.
func (n *node) read(r *strings.Reader, hosted bool) error {
	var todo, done, sleep, picked string
	format, fields := frontierNode, []any{&n.step.task, &n.full, &n.fans, &n.spare, &n.running, &todo, &done, &sleep}
	if hosted {
		format, fields = hostedNode, append([]any{&n.pick, &n.choice, &picked}, fields...)
	}
	if _, err := fmt.Fscanf(r, format, fields...); err != nil {
		return err
	}
	if hosted {
		list, err := parseSleepers(picked)
		if err != nil || len(list) != 1 {
			return fmt.Errorf("%q does not say what was picked: %w", picked, err)
		}
		n.picked.tail, n.picked.more = list[0].tail, list[0].more
	}
	return n.parse(todo, done, sleep)
}

func (n *node) parse(todo, done, sleep string) error {
	for _, w := range unlist(todo) {
		t, err := strconv.ParseInt(w, 10, 32)
		if err != nil {
			return err
		}
		n.todo = append(n.todo, int32(t))
	}
	var err error
	if n.done, err = parseSleepers(done); err != nil {
		return err
	}
	n.sleep, err = parseSleepers(sleep)
	return err
}

// frontierSleeper is a sleeper: the task, and the footprint of its step. Where that is more, it follows: whether it waits for a condition, how many
// objects it announced beside the first, and these and the ones it touched.
const frontierSleeper = "%d:%d:%d/%d:%d/%d:%d:%d"

func sleepers(all []sleeper) string {
	words := make([]string, len(all))
	for i := range all {
		s := &all[i]
		words[i] = fmt.Sprintf(frontierSleeper, s.task, uint8(s.op), uint8(s.object.Class), s.object.Index,
			uint8(s.mutex.Class), s.mutex.Index, s.tail, s.amount)
		if s.guarded || len(s.more) > 0 {
			words[i] += fmt.Sprintf("+%t+%d", s.guarded, s.told)
		}
		for _, o := range s.more {
			words[i] += fmt.Sprintf("+%d/%d", uint8(o.Class), o.Index)
		}
	}
	return list(words)
}

func parseSleepers(text string) ([]sleeper, error) {
	var all []sleeper
	for _, w := range unlist(text) {
		var s sleeper
		w, rest, more := strings.Cut(w, "+")
		if err := s.parseMore(rest); more && err != nil {
			return nil, fmt.Errorf("%q is no list of objects: %w", rest, err)
		}
		if _, err := fmt.Sscanf(w, frontierSleeper, &s.task, &s.op, &s.object.Class, &s.object.Index,
			&s.mutex.Class, &s.mutex.Index, &s.tail, &s.amount); err != nil {
			return nil, fmt.Errorf("%q is no explored step: %w", w, err)
		}
		all = append(all, s)
	}
	return all, nil
}

func (f *footprint) parseMore(text string) error {
	words := strings.Split(text, "+")
	if len(words) < 2 {
		return fmt.Errorf("want two words and objects")
	}
	var err1, err2 error
	f.guarded, err1 = strconv.ParseBool(words[0])
	f.told, err2 = strconv.Atoi(words[1])
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	for _, w := range words[2:] {
		var o trace.Object
		if _, err := fmt.Sscanf(w, "%d/%d", &o.Class, &o.Index); err != nil {
			return err
		}
		f.more = append(f.more, o)
	}
	if f.told < 0 || f.told > len(f.more) {
		return fmt.Errorf("%d of %d objects", f.told, len(f.more))
	}
	return nil
}

// list joins words such that there is one, at least.
func list(words []string) string {
	if len(words) == 0 {
		return "-"
	}
	return strings.Join(words, ",")
}

func unlist(text string) []string {
	if text == "-" {
		return nil
	}
	return strings.Split(text, ",")
}
