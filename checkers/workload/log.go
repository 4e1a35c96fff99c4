package workload

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"synchrony/checkers"
	"synchrony/models/history"
)

// sent is a value that somebody tried to send to a key's log.
type sent struct {
	by     *history.Operation
	offset int64 // of it, if the sender was told; else noOffset
	polled bool
}

// noOffset stands for one that was not told.
const noOffset = -1

// place is an offset of a key's log, and entry a value of it.
type (
	place struct {
		key    string
		offset int64
	}
	entry struct{ key, value string }
)

// holder is what was first seen at an offset, or where a value was first seen.
type holder struct {
	by     *history.Operation
	value  string
	offset int64
}

// logs is what a history tells of logs of keys, as of Kafka.
type logs struct {
	*findings
	sent    map[entry]*sent
	there   map[place]holder
	of      map[entry]holder
	offsets map[string][]int64 // by key: the offsets at which there certainly is something, sorted
	read    map[string]int64   // by key: the greatest offset that was polled
}

// checkLog judges logs of keys (jepsen.tests.kafka): each value is sent once, to a key, gets an offset that grows with the
// log, and is polled by whoever reads the log, in the order of the offsets and without a gap.
func checkLog(list []history.Operation, _ Options, f *findings) checkers.Verdict {
	l := &logs{findings: f, sent: map[entry]*sent{}, there: map[place]holder{}, of: map[entry]holder{}, offsets: map[string][]int64{}, read: map[string]int64{}}
	if v, ok := l.sends(list); !ok {
		return v
	}
	polls := 0
	for i := range list {
		x := &list[i]
		if x.Outcome != history.Committed {
			continue
		}
		for m := range microsOf(x, &x.Result) {
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
	l.lost(list)
	l.walk(list)
	return f.judged(polls, "poll")
}

// sends notes what was sent. A value that is sent twice to a key cannot be told from the other.
func (l *logs) sends(list []history.Operation) (checkers.Verdict, bool) {
	for i := range list {
		x := &list[i]
		for m := range microsOf(x, &x.Argument) {
			if m.poll {
				continue
			}
			e := entry{m.key, m.value}
			if other := l.sent[e]; other != nil {
				return checkers.Undecided("line %d sends %s to %s, as line %d did: a poll could not tell which of the two it saw", x.Line, m.value, m.key, other.by.Line), false
			}
			l.sent[e] = &sent{by: x, offset: noOffset}
		}
		if x.Outcome != history.Committed {
			continue
		}
		for m := range microsOf(x, &x.Result) {
			if s := l.sent[entry{m.key, m.value}]; !m.poll && m.offset != noOffset && s != nil && s.by == x {
				s.offset = m.offset
				l.saw(x, m)
			}
		}
	}
	return checkers.Verdict{}, true
}

// saw notes that a value is at an offset.
func (l *logs) saw(x *history.Operation, m micro) {
	p, e := place{m.key, m.offset}, entry{m.key, m.value}
	if other, ok := l.there[p]; !ok {
		l.there[p] = holder{x, m.value, m.offset}
	} else if other.value != m.value {
		l.add("inconsistent offsets", "offset %d of %s has %s (line %d) and %s (line %d)", m.offset, m.key, other.value, at(other.by), m.value, at(x))
	}
	if other, ok := l.of[e]; !ok {
		l.of[e] = holder{x, m.value, m.offset}
	} else if other.offset != m.offset {
		l.add("duplicate", "%s is in %s at offset %d (line %d) and at %d (line %d)", m.value, m.key, other.offset, at(other.by), m.offset, at(x))
	}
}

// polled notes what a poll saw.
func (l *logs) polled(x *history.Operation, m micro) {
	switch s := l.sent[entry{m.key, m.value}]; {
	case s == nil:
		l.add("unexpected value", "line %d polls %s from %s, and nobody sent it", at(x), m.value, m.key)
	case s.by.Outcome == history.Aborted:
		l.add("aborted read", "line %d polls %s from %s, whose sending (line %d) failed", at(x), m.value, m.key, at(s.by))
	case s.by.Invoked > x.Returned:
		l.add("unexpected value", "line %d polls %s from %s, which was sent (line %d) only after that", at(x), m.value, m.key, at(s.by))
	default:
		s.polled = true
	}
	if greatest, ok := l.read[m.key]; !ok || greatest < m.offset {
		l.read[m.key] = m.offset
	}
	l.saw(x, m)
}

// lost looks for what was acknowledged and never polled, though something behind it was.
func (l *logs) lost(list []history.Operation) {
	for i := range list {
		for m := range microsOf(&list[i], &list[i].Argument) {
			s := l.sent[entry{m.key, m.value}]
			greatest, ok := l.read[m.key]
			if !m.poll && s.offset != noOffset && !s.polled && ok && s.offset < greatest && l.there[place{m.key, s.offset}].value == m.value {
				l.add("lost write", "%s was sent to %s at offset %d (line %d) and never polled, though offset %d was", m.value, m.key, s.offset, at(s.by), greatest)
			}
		}
	}
}

// position is where a client was in a key's log.
type position struct {
	by     *history.Operation
	offset int64
}

// client is where a process is in the logs that it polls, and where it last sent.
type client struct{ polls, sends map[string]position }

// walk follows each process. An assignment keeps the place in keys that were assigned before; a subscription keeps none, and nor
// does an operation that did not succeed.
func (l *logs) walk(list []history.Operation) {
	clients := map[int32]*client{}
	for i := range list {
		x := &list[i]
		c := clients[x.Process]
		if c == nil {
			c = &client{map[string]position{}, map[string]position{}}
			clients[x.Process] = c
		}
		switch {
		case x.Outcome != history.Committed || x.Name == "subscribe":
			clear(c.polls)
		case x.Name == "assign":
			keep := map[string]bool{}
			for k := range x.Argument.Items {
				keep[keyOf(&x.Argument.Items[k])] = true
			}
			maps.DeleteFunc(c.polls, func(key string, _ position) bool { return !keep[key] })
		default:
			for m := range microsOf(x, &x.Result) {
				switch {
				case m.poll:
					l.pollStep(c, x, m)
				case m.offset != noOffset:
					if before, ok := c.sends[m.key]; ok && m.offset <= before.offset {
						l.add("nonmonotonic send", "line %d sends to %s at offset %d, after line %d had sent at %d", at(x), m.key, m.offset, at(before.by), before.offset)
					}
					c.sends[m.key] = position{x, m.offset}
				}
			}
		}
	}
}

// pollStep judges a poll by the one before it of the same process and key.
func (l *logs) pollStep(c *client, x *history.Operation, m micro) {
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
		l.add(where+"nonmonotonic poll", "line %d polls offset %d of %s, after line %d had polled %d", at(x), m.offset, m.key, at(before.by), before.offset)
		return
	}
	offsets := l.offsets[m.key]
	i, _ := slices.BinarySearch(offsets, before.offset+1)
	if i < len(offsets) && offsets[i] < m.offset {
		l.add(where+"poll skip", "line %d polls offset %d of %s, after line %d had polled %d: it skips %s at %d", at(x), m.offset, m.key, at(before.by), before.offset,
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
func microsOf(x *history.Operation, t *history.Tree) func(yield func(micro) bool) {
	return func(yield func(micro) bool) {
		if x.Name != "send" && x.Name != "poll" && x.Name != "txn" {
			return
		}
		for i := range t.Items {
			op := &t.Items[i]
			name := ""
			if len(op.Items) > 0 {
				name = op.Items[0].Text()
			}
			switch {
			case len(op.Items) == 3 && (name == ":send" || name == `"send"`):
				if !yield(sendOf(op, t == &x.Result)) {
					return
				}
			case len(op.Items) == 2 && (name == ":poll" || name == `"poll"`):
				for _, m := range pollsOf(&op.Items[1]) {
					if !yield(m) {
						return
					}
				}
			}
		}
	}
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
