package workload

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// dealing is what an operation on logs of keys did.
type dealing struct {
	process           int32
	line              line
	outcome           history.Outcome
	does              deed
	invoked, returned time.Duration
	asked, told       []micro  // what it sends or polls, as its argument and its result have it
	assigned          []string // keys
}

// deed is what an operation does to the places of its client.
type deed uint8

const (
	goesOn     deed = iota // it sends and polls, or does nothing
	subscribes             // which forgets all places
	assigns                // which keeps the places in the keys that it has
)

// logs judges logs of keys (jepsen.tests.kafka): each value is sent once, to a key, gets an offset that grows with the
// log, and is polled by whoever reads the log, in the order of the offsets and without a gap.
type logs struct {
	dealings []dealing
	keys     map[string]string // each by itself, so that they are kept once

	// What is found out of them, in the order of their invocations.
	*findings
	fates   map[entry]*fate
	there   map[place]holder
	offsets map[string][]int64 // by key: the offsets at which there certainly is something, sorted
	read    map[string]int64   // by key: the greatest offset that was polled
}

// place is an offset of a key's log, and entry a value of it.
type (
	place struct {
		key    string
		offset int64
	}
	entry struct{ key, value string }
)

// holder is what was first seen at an offset.
type holder struct {
	by    *dealing
	value string
}

// noOffset stands for one that was not told.
const noOffset = -1

// fate is what became of a value of a key.
type fate struct {
	by     *dealing // who tried to send it; nil if nobody did
	offset int64    // as the sender was told; else noOffset
	polled bool
	seen   *dealing // who was first told an offset of it; nil if nobody was
	seenAt int64
}

func newLogs(Options) judge { return &logs{keys: map[string]string{}} }

func (l *logs) take(x *history.Operation, _ *findings) {
	d := dealing{process: x.Process, line: at(x), outcome: x.Outcome, invoked: x.Invoked, returned: x.Returned, asked: l.microsOf(x, &x.Argument), told: l.microsOf(x, &x.Result)}
	switch x.Name {
	case "subscribe":
		d.does = subscribes
	case "assign":
		d.does = assigns
		for k := range x.Argument.Items {
			d.assigned = append(d.assigned, keyOf(&x.Argument.Items[k]))
		}
	}
	l.dealings = append(l.dealings, d)
}

func (l *logs) verdict(f *findings) checkers.Verdict {
	l.findings = f
	l.fates, l.there, l.offsets, l.read = map[entry]*fate{}, map[place]holder{}, map[string][]int64{}, map[string]int64{}
	slices.SortStableFunc(l.dealings, func(x, y dealing) int { return cmp.Compare(x.invoked, y.invoked) })
	if v, ok := l.sends(); !ok {
		return v
	}
	polls := 0
	for i := range l.dealings {
		x := &l.dealings[i]
		if x.outcome != history.Committed {
			continue
		}
		for _, m := range x.told {
			if m.poll {
				polls++
				l.polled(x, m)
			}
		}
	}
	for p := range l.there {
		l.offsets[p.key] = append(l.offsets[p.key], p.offset)
	}
	for _, offsets := range l.offsets {
		slices.Sort(offsets)
	}
	l.lost()
	l.walk()
	return f.judged(polls, "poll")
}

// sends notes what was sent. A value that is sent twice to a key cannot be told from the other.
func (l *logs) sends() (checkers.Verdict, bool) {
	for i := range l.dealings {
		x := &l.dealings[i]
		for _, m := range x.asked {
			if m.poll {
				continue
			}
			e := entry{m.key, m.value}
			if other := l.fates[e]; other != nil && other.by != nil {
				return checkers.Undecided("line %d sends %s to %s, as line %d did: a poll could not tell which of the two it saw", x.line, m.value, m.key, other.by.line), false
			}
			l.fateOf(e).by = x
		}
		if x.outcome != history.Committed {
			continue
		}
		for _, m := range x.told {
			if s := l.fates[entry{m.key, m.value}]; !m.poll && m.offset != noOffset && s != nil && s.by == x {
				s.offset = m.offset
				l.saw(x, m)
			}
		}
	}
	return checkers.Verdict{}, true
}

func (l *logs) fateOf(e entry) *fate {
	v := l.fates[e]
	if v == nil {
		v = &fate{offset: noOffset}
		l.fates[e] = v
	}
	return v
}

// saw notes that a value is at an offset.
func (l *logs) saw(x *dealing, m micro) {
	p := place{m.key, m.offset}
	if other, ok := l.there[p]; !ok {
		l.there[p] = holder{x, m.value}
	} else if other.value != m.value {
		l.add("inconsistent offsets", "offset %d of %s has %s (line %d) and %s (line %d)", m.offset, m.key, other.value, other.by.line, m.value, x.line)
	}
	if v := l.fateOf(entry{m.key, m.value}); v.seen == nil {
		v.seen, v.seenAt = x, m.offset
	} else if v.seenAt != m.offset {
		l.add("duplicate", "%s is in %s at offset %d (line %d) and at %d (line %d)", m.value, m.key, v.seenAt, v.seen.line, m.offset, x.line)
	}
}

// polled notes what a poll saw.
func (l *logs) polled(x *dealing, m micro) {
	switch v := l.fateOf(entry{m.key, m.value}); {
	case v.by == nil:
		l.add("unexpected value", "line %d polls %s from %s, and nobody sent it", x.line, m.value, m.key)
	case v.by.outcome == history.Aborted:
		l.add("aborted read", "line %d polls %s from %s, whose sending (line %d) failed", x.line, m.value, m.key, v.by.line)
	case v.by.invoked > x.returned:
		l.add("unexpected value", "line %d polls %s from %s, which was sent (line %d) only after that", x.line, m.value, m.key, v.by.line)
	default:
		v.polled = true
	}
	if greatest, ok := l.read[m.key]; !ok || greatest < m.offset {
		l.read[m.key] = m.offset
	}
	l.saw(x, m)
}

// lost looks for what was acknowledged and never polled, though something behind it was.
func (l *logs) lost() {
	for i := range l.dealings {
		for _, m := range l.dealings[i].asked {
			if m.poll {
				continue
			}
			s := l.fates[entry{m.key, m.value}]
			greatest, ok := l.read[m.key]
			if s.offset != noOffset && !s.polled && ok && s.offset < greatest && l.there[place{m.key, s.offset}].value == m.value {
				l.add("lost write", "%s was sent to %s at offset %d (line %d) and never polled, though offset %d was", m.value, m.key, s.offset, s.by.line, greatest)
			}
		}
	}
}

// position is where a client was in a key's log.
type position struct {
	by     *dealing
	offset int64
}

// client is where a process is in the logs that it polls, and where it last sent.
type client struct{ polls, sends map[string]position }

// walk follows each process. An assignment keeps the place in keys that were assigned before; a subscription keeps none, and nor
// does an operation that did not succeed.
func (l *logs) walk() {
	clients := map[int32]*client{}
	for i := range l.dealings {
		x := &l.dealings[i]
		c := clients[x.process]
		if c == nil {
			c = &client{map[string]position{}, map[string]position{}}
			clients[x.process] = c
		}
		switch {
		case x.outcome != history.Committed || x.does == subscribes:
			clear(c.polls)
		case x.does == assigns:
			maps.DeleteFunc(c.polls, func(key string, _ position) bool { return !slices.Contains(x.assigned, key) })
		default:
			for _, m := range x.told {
				switch {
				case m.poll:
					l.pollStep(c, x, m)
				case m.offset != noOffset:
					if before, ok := c.sends[m.key]; ok && m.offset <= before.offset {
						l.add("nonmonotonic send", "line %d sends to %s at offset %d, after line %d had sent at %d", x.line, m.key, m.offset, before.by.line, before.offset)
					}
					c.sends[m.key] = position{x, m.offset}
				}
			}
		}
	}
}

// pollStep judges a poll by the one before it of the same process and key.
func (l *logs) pollStep(c *client, x *dealing, m micro) {
	before, ok := c.polls[m.key]
	c.polls[m.key] = position{x, m.offset}
	if !ok {
		return
	}
	where := ""
	if before.by == x {
		where = "internal "
	}
	if m.offset <= before.offset {
		l.add(where+"nonmonotonic poll", "line %d polls offset %d of %s, after line %d had polled %d", x.line, m.offset, m.key, before.by.line, before.offset)
		return
	}
	offsets := l.offsets[m.key]
	i, _ := slices.BinarySearch(offsets, before.offset+1)
	if i < len(offsets) && offsets[i] < m.offset {
		l.add(where+"poll skip", "line %d polls offset %d of %s, after line %d had polled %d: it skips %s at %d", x.line, m.offset, m.key, before.by.line, before.offset,
			l.there[place{m.key, offsets[i]}].value, offsets[i])
	}
}

// micro is a value that an operation sends or polls.
type micro struct {
	poll       bool
	key, value string
	offset     int64
}

// microsOf are the values that an operation sends or polls, as its argument or its result has them: [[:send k v]], [[:send k [offset v]]] and
// [[:poll {k [[offset v] …]}]]; keys in their order.
func (l *logs) microsOf(x *history.Operation, t *history.Tree) []micro {
	if x.Name != "send" && x.Name != "poll" && x.Name != "txn" {
		return nil
	}
	var list []micro
	for i := range t.Items {
		op := &t.Items[i]
		name := ""
		if len(op.Items) > 0 {
			name = op.Items[0].Text()
		}
		switch {
		case len(op.Items) == 3 && (name == ":send" || name == `"send"`):
			list = append(list, sendOf(op, t == &x.Result))
		case len(op.Items) == 2 && (name == ":poll" || name == `"poll"`):
			list = append(list, pollsOf(&op.Items[1])...)
		}
	}
	for i := range list {
		key, ok := l.keys[list[i].key]
		if !ok {
			key = list[i].key
			l.keys[key] = key
		}
		list[i].key = key
	}
	return slices.Clip(list)
}

// sendOf reads [:send k v], or of a result [:send k [offset v]].
func sendOf(op *history.Tree, returned bool) micro {
	value := &op.Items[2]
	if returned && isEntry(value) {
		return micro{key: keyOf(&op.Items[1]), value: value.Items[1].Text(), offset: value.Items[0].Value.Number}
	}
	return micro{key: keyOf(&op.Items[1]), value: value.Text(), offset: noOffset}
}

// keyOf is the name of a key. A text of digits is the number, for the names of a JSON object are texts, whatever they stand for.
func keyOf(t *history.Tree) string {
	if t.Kind == history.Leaf && t.Value.Kind == history.Text {
		if n, err := strconv.ParseInt(t.Value.Text, 10, 64); err == nil {
			return strconv.FormatInt(n, 10)
		}
	}
	return t.Text()
}

// isEntry reports whether t is [offset v].
func isEntry(t *history.Tree) bool {
	return t.Kind == history.Sequence && len(t.Items) == 2 && t.Items[0].Value.Kind == history.Number && t.Items[0].Value.Number >= 0
}

func pollsOf(t *history.Tree) []micro {
	var list []micro
	if t.Kind != history.Mapping {
		return nil
	}
	pairs := slices.Collect(slices.Chunk(t.Items, 2))
	slices.SortStableFunc(pairs, func(x, y []history.Tree) int { return cmp.Compare(keyOf(&x[0]), keyOf(&y[0])) })
	for _, pair := range pairs {
		for i := range pair[1].Items {
			if e := &pair[1].Items[i]; isEntry(e) {
				list = append(list, micro{poll: true, key: keyOf(&pair[0]), value: e.Items[1].Text(), offset: e.Items[0].Value.Number})
			}
		}
	}
	return list
}
