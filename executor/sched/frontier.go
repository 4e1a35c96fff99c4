package sched

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// The text form of an Explorer is its frontier: the path to the next schedule, with the branches that are open beside it,
// and the sleep sets, which say what is explored. What else a path says is learned again by repeating it.

// frontierFormat is the first line. Its number changes when older texts can no longer be read.
const frontierFormat = "explorer 1"

const (
	frontierHead = "steps %d patient %t preemptions %d schedules %d symmetric %t part %d of %d subtree %d\n" +
		"ran %d traces %d blocked %d cut %d over %t nodes %d\n"
	frontierNode = "node %d full %t fans %d spare %d running %d todo %s done %s sleep %s\n"
)

// MarshalText writes where the exploration stands, for UnmarshalText to go on from, perhaps in another process. It
// fails between a Next and its Ran.
func (e *Explorer) MarshalText() ([]byte, error) {
	if e.asked {
		return nil, fmt.Errorf("sched: an exploration cannot be saved while a schedule is being run")
	}
	var b bytes.Buffer
	fmt.Fprintln(&b, frontierFormat)
	c := &e.coverage
	fmt.Fprintf(&b, frontierHead, e.max, e.patient, e.bounds.Preemptions, e.bounds.Schedules, e.bounds.Symmetric,
		e.split.part, e.split.parts, e.split.subtree, c.Schedules, c.Traces, c.Blocked, c.Cut, e.over, len(e.nodes))
	for i := range e.nodes {
		n := &e.nodes[i]
		todo := make([]string, len(n.todo))
		for k, t := range n.todo {
			todo[k] = strconv.Itoa(int(t))
		}
		fmt.Fprintf(&b, frontierNode, n.step.task, n.full, n.fans, n.spare, n.running, list(todo), sleepers(n.done), sleepers(n.sleep))
	}
	return b.Bytes(), nil
}

// UnmarshalText makes e the exploration that MarshalText wrote.
func (e *Explorer) UnmarshalText(text []byte) error {
	format, rest, _ := strings.Cut(string(text), "\n")
	if format != frontierFormat {
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
	x.split, x.coverage, x.over, x.prefix = s, c, over, nodes
	for i := range nodes {
		n := x.push()
		var todo, done, sleep string
		_, err := fmt.Fscanf(r, frontierNode, &n.step.task, &n.full, &n.fans, &n.spare, &n.running, &todo, &done, &sleep)
		if err == nil {
			err = n.parse(todo, done, sleep)
		}
		if err != nil {
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

// frontierSleeper is a sleeper: the task, and the footprint of its step.
const frontierSleeper = "%d:%d:%d/%d:%d/%d:%d:%d"

func sleepers(all []sleeper) string {
	words := make([]string, len(all))
	for i := range all {
		s := &all[i]
		words[i] = fmt.Sprintf(frontierSleeper, s.task, uint8(s.op), uint8(s.object.Class), s.object.Index,
			uint8(s.mutex.Class), s.mutex.Index, s.tail, s.amount)
	}
	return list(words)
}

func parseSleepers(text string) ([]sleeper, error) {
	var all []sleeper
	for _, w := range unlist(text) {
		var s sleeper
		if _, err := fmt.Sscanf(w, frontierSleeper, &s.task, &s.op, &s.object.Class, &s.object.Index,
			&s.mutex.Class, &s.mutex.Index, &s.tail, &s.amount); err != nil {
			return nil, fmt.Errorf("%q is no explored step: %w", w, err)
		}
		all = append(all, s)
	}
	return all, nil
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
