package sched

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

	"synchrony/models/schedule"
)

// The text form of an Explorer is its frontier: the path to the next schedule, with the branches that are open beside it,
// and the sleep sets, which say what is explored. What else a path says is learned again by repeating it. The last line is a
// checksum: a number that was changed by accident would leave schedules out, and nothing would show it.

// frontierFormat is the first line. Its number changes when older texts can no longer be read.
const frontierFormat = "explorer 2"

const (
	frontierHead = "steps %d patient %t hosted %t preemptions %d schedules %d symmetric %t part %d of %d subtree %d\n" +
		"ran %d traces %d blocked %d cut %d over %t nodes %d\n"
	frontierNode = "node %d full %t fans %d spare %d running %d pick %d picked %s todo %s done %s sleep %s\n"
	frontierSum  = "sum %08x\n"
)

// noPick stands for the choice of a node that is no pick.
const noPick = -1

// MarshalText writes where the exploration stands, for UnmarshalText to go on from, perhaps in another process. It
// fails between a Next and its Ran.
func (e *Explorer) MarshalText() ([]byte, error) {
	if e.asked {
		return nil, fmt.Errorf("sched: an exploration cannot be saved while a schedule is being run")
	}
	var b bytes.Buffer
	fmt.Fprintln(&b, frontierFormat)
	c := &e.coverage
	fmt.Fprintf(&b, frontierHead, e.max, e.patient, e.hosted, e.bounds.Preemptions, e.bounds.Schedules, e.bounds.Symmetric,
		e.split.part, e.split.parts, e.split.subtree, c.Schedules, c.Traces, c.Blocked, c.Cut, e.over, len(e.nodes))
	for i := range e.nodes {
		n := &e.nodes[i]
		choice := int32(noPick)
		if n.pick {
			choice = n.choice
		}
		fmt.Fprintf(&b, frontierNode, n.step.task, n.full, n.fans, n.spare, n.running, choice, n.picked.text(),
			list(n.todo, func(t int32) string { return strconv.Itoa(int(t)) }), list(n.done, sleeper.text), list(n.sleep, sleeper.text))
	}
	return seal(b.Bytes()), nil
}

// seal appends the checksum.
func seal(text []byte) []byte { return fmt.Appendf(text, frontierSum, crc32.ChecksumIEEE(text)) }

// UnmarshalText makes e the exploration that MarshalText wrote. The error says what no exploration has written.
func (e *Explorer) UnmarshalText(text []byte) error {
	format, _, _ := strings.Cut(string(text), "\n")
	if format != frontierFormat {
		return fmt.Errorf("this is no saved exploration, or one of another version: it begins with %.40q, not with %q", format, frontierFormat)
	}
	body := text[:bytes.LastIndexByte(bytes.TrimSuffix(text, []byte("\n")), '\n')+1]
	if !bytes.Equal(seal(bytes.Clone(body)), text) {
		return fmt.Errorf("the saved exploration is damaged: it does not end with its checksum")
	}
	x, err := parseFrontier(string(body[len(frontierFormat)+1:]))
	if err == nil {
		err = x.checkFrontier()
	}
	if err != nil {
		return fmt.Errorf("the saved exploration is damaged: %w", err)
	}
	// The same exploration has one text: what is read in another way than it was meant does not pass.
	if again, err := x.MarshalText(); err != nil || !bytes.Equal(again, text) {
		return fmt.Errorf("the saved exploration is damaged: it is not written as one is")
	}
	*e = *x
	e.walk.Explorer = e
	return nil
}

// Resume makes e, which has not begun, go on from what MarshalText wrote of an exploration with the same options and bounds and of the
// same part. If it fails, e is as it was.
func (e *Explorer) Resume(text []byte) error {
	var x Explorer
	if err := x.UnmarshalText(text); err != nil {
		return err
	}
	if x.max != e.max || x.dependence != e.dependence || x.bounds != e.bounds || x.split.part != e.split.part || x.split.parts != e.split.parts {
		return fmt.Errorf("the saved exploration has other options or bounds, or is another part")
	}
	*e = x
	e.walk.Explorer = e
	return nil
}

func parseFrontier(text string) (*Explorer, error) {
	var o Options
	var b Bounds
	var hosted bool
	var s split
	var c Coverage
	var over bool
	var nodes int
	r := strings.NewReader(text)
	if _, err := fmt.Fscanf(r, frontierHead, &o.MaxSteps, &o.PatientClock, &hosted, &b.Preemptions, &b.Schedules, &b.Symmetric,
		&s.part, &s.parts, &s.subtree, &c.Schedules, &c.Traces, &c.Blocked, &c.Cut, &over, &nodes); err != nil {
		return nil, fmt.Errorf("its head: %w", err)
	}
	x := NewExplorer(o, b)
	c.Preemptions = x.coverage.Preemptions
	x.hosted, x.split, x.coverage, x.over, x.prefix = hosted, s, c, over, nodes
	for i := range nodes {
		if err := x.push().parse(r); err != nil {
			return nil, fmt.Errorf("node %d: %w", i, err)
		}
	}
	return x, nil
}

// parse reads the line of a node.
func (n *node) parse(r *strings.Reader) error {
	var picked, todo, done, sleep string
	_, err := fmt.Fscanf(r, frontierNode, &n.step.task, &n.full, &n.fans, &n.spare, &n.running, &n.choice, &picked, &todo, &done, &sleep)
	if err != nil {
		return err
	}
	if n.pick = n.choice != noPick; n.pick {
		n.step = pickStep(n.step.task)
	} else {
		n.choice = 0
	}
	if err := n.picked.parse(picked); err != nil {
		return err
	}
	if n.todo, err = unlist(todo, parseTask); err != nil {
		return err
	}
	if n.done, err = unlist(done, parseSleeper); err != nil {
		return err
	}
	n.sleep, err = unlist(sleep, parseSleeper)
	return err
}

func parseTask(s string) (int32, error) {
	t, err := strconv.ParseInt(s, 10, 32)
	return int32(t), err
}

// frontierSleeper is a sleeper: the task, and the footprint of its step.
const frontierSleeper = "%d:%v:%v:%v:%t:%d:%d:%s"

func (s sleeper) text() string {
	return fmt.Sprintf(frontierSleeper, s.task, s.op, s.object, s.mutex, s.guarded, s.amount, s.tail, objects(s.more))
}

func parseSleeper(word string) (s sleeper, err error) {
	f := strings.SplitN(word, ":", 8)
	if len(f) < 8 {
		return s, fmt.Errorf("%q is no explored step", word)
	}
	if s.task, err = parseTask(f[0]); err != nil {
		return s, err
	}
	if s.op, err = schedule.ParseOp(f[1]); err != nil {
		return s, err
	}
	if s.object, err = schedule.ParseObject(f[2]); err != nil {
		return s, err
	}
	if s.mutex, err = schedule.ParseObject(f[3]); err != nil {
		return s, err
	}
	if s.guarded, err = strconv.ParseBool(f[4]); err != nil {
		return s, err
	}
	if s.amount, err = strconv.Atoi(f[5]); err != nil {
		return s, err
	}
	if s.tail, err = parseEffects(f[6]); err != nil {
		return s, err
	}
	s.more, err = parseObjects(f[7])
	return s, err
}

func (p picked) text() string { return fmt.Sprintf("%d:%s", p.tail, objects(p.more)) }

func (p *picked) parse(word string) (err error) {
	tail, more, _ := strings.Cut(word, ":")
	if p.tail, err = parseEffects(tail); err != nil {
		return err
	}
	p.more, err = parseObjects(more)
	return err
}

func parseEffects(s string) (effects, error) {
	n, err := strconv.ParseUint(s, 10, 8)
	if err == nil && effects(n)&^allEffects != 0 {
		err = fmt.Errorf("%d is no set of effects", n)
	}
	return effects(n), err
}

// objects joins objects by plus signs.
func objects(all []schedule.Object) string {
	return strings.ReplaceAll(list(all, schedule.Object.String), ",", "+")
}

func parseObjects(s string) ([]schedule.Object, error) {
	return unlist(strings.ReplaceAll(s, "+", ","), schedule.ParseObject)
}

// list joins words such that there is one, at least.
func list[T any](all []T, text func(T) string) string {
	if len(all) == 0 {
		return "-"
	}
	words := make([]string, len(all))
	for i := range all {
		words[i] = text(all[i])
	}
	return strings.Join(words, ",")
}

func unlist[T any](text string, parse func(string) (T, error)) (all []T, err error) {
	if text == "-" {
		return nil, nil
	}
	for w := range strings.SplitSeq(text, ",") {
		t, err := parse(w)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}
