package workload

import (
	"maps"
	"slices"
	"strings"

	"synchrony/checkers"
	"synchrony/models/history"
)

// logOperation is what an operation on logs of keys did.
type logOperation struct {
	span
	process          int32
	outcome          history.Outcome
	places           placement
	argument, result []micro
	assigned         []string // keys
}

// placement is what an operation does to the places of its client.
type placement uint8

const (
	keepsPlaces   placement = iota // and moves them by what it polls
	forgetsAll                     // a subscription
	keepsAssigned                  // an assignment, which keeps those in its keys
)

// logJudge judges logs of keys (jepsen.tests.kafka): each value is sent once, to a key, gets an offset that grows with the
// log, and is polled by whoever reads the log, in the order of the offsets and without a gap.
type logJudge struct {
	operations []logOperation
	keys       map[string]string // by themselves
}

// logs is what operations, in order, tell of logs of keys.
type logs struct {
	*findings
	operations []logOperation

	values  map[entry]*delivery
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
	by    *logOperation
	value string
}

// noOffset stands for one that was not told.
const noOffset = -1

// delivery is what became of a value of a key.
type delivery struct {
	by     *logOperation // who tried to send it; nil if nobody did
	offset int64         // as the sender was told; else noOffset
	polled bool
	seen   *logOperation // who was first told an offset of it; nil if nobody was
	seenAt int64
}

func newLogJudge(Options) judge { return &logJudge{keys: map[string]string{}} }

func (j *logJudge) add(x *history.Operation) {
	o := logOperation{span: spanOf(x), process: x.Process, outcome: x.Outcome}
	o.argument, o.result = microsOf(x)
	for _, list := range [][]micro{o.argument, o.result} {
		for i := range list {
			list[i].key = j.once(list[i].key)
		}
	}
	switch x.Name {
	case "subscribe":
		o.places = forgetsAll
	case "assign":
		o.places = keepsAssigned
		for k := range x.Argument.Items {
			o.assigned = append(o.assigned, j.once(keyOf(&x.Argument.Items[k])))
		}
	}
	j.operations = append(j.operations, o)
}

// once is a key, of which each is kept once.
func (j *logJudge) once(key string) string {
	kept, ok := j.keys[key]
	if !ok {
		kept = strings.Clone(key)
		j.keys[kept] = kept
	}
	return kept
}

func (j *logJudge) verdict(f *findings) checkers.Verdict {
	inOrder(j.operations)
	l := &logs{f, j.operations, map[entry]*delivery{}, map[place]holder{}, map[string][]int64{}, map[string]int64{}}
	if v, ok := l.sends(); !ok {
		return v
	}
	polls := 0
	for i := range l.operations {
		x := &l.operations[i]
		if x.outcome != history.Committed {
			continue
		}
		for _, m := range x.result {
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
	for i := range l.operations {
		x := &l.operations[i]
		for _, m := range x.argument {
			if m.poll {
				continue
			}
			e := entry{m.key, m.value}
			if other := l.values[e]; other != nil {
				return checkers.Undecided("line %d sends %s to %s, as line %d did: a poll could not tell which of the two it saw", x.line, m.value, m.key, other.by.line), false
			}
			l.delivery(e).by = x
		}
		if x.outcome != history.Committed {
			continue
		}
		for _, m := range x.result {
			if s := l.values[entry{m.key, m.value}]; !m.poll && m.offset != noOffset && s != nil && s.by == x {
				s.offset = m.offset
				l.saw(x, m)
			}
		}
	}
	return checkers.Verdict{}, true
}

func (l *logs) delivery(e entry) *delivery {
	v := l.values[e]
	if v == nil {
		v = &delivery{offset: noOffset}
		l.values[e] = v
	}
	return v
}

// saw notes that a value is at an offset.
func (l *logs) saw(x *logOperation, m micro) {
	p := place{m.key, m.offset}
	if other, ok := l.there[p]; !ok {
		l.there[p] = holder{x, m.value}
	} else if other.value != m.value {
		l.add("inconsistent offsets", "offset %d of %s has %s (line %d) and %s (line %d)", m.offset, m.key, other.value, other.by.line, m.value, x.line)
	}
	if v := l.delivery(entry{m.key, m.value}); v.seen == nil {
		v.seen, v.seenAt = x, m.offset
	} else if v.seenAt != m.offset {
		l.add("duplicate", "%s is in %s at offset %d (line %d) and at %d (line %d)", m.value, m.key, v.seenAt, v.seen.line, m.offset, x.line)
	}
}

// polled notes what a poll saw.
func (l *logs) polled(x *logOperation, m micro) {
	switch v := l.delivery(entry{m.key, m.value}); {
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
	for i := range l.operations {
		for _, m := range l.operations[i].argument {
			if m.poll {
				continue
			}
			s := l.values[entry{m.key, m.value}]
			greatest, ok := l.read[m.key]
			if s.offset != noOffset && !s.polled && ok && s.offset < greatest && l.there[place{m.key, s.offset}].value == m.value {
				l.add("lost write", "%s was sent to %s at offset %d (line %d) and never polled, though offset %d was", m.value, m.key, s.offset, s.by.line, greatest)
			}
		}
	}
}

// position is where a client was in a key's log.
type position struct {
	by     *logOperation
	offset int64
}

// client is where a process is in the logs that it polls, and where it last sent.
type client struct{ polls, sends map[string]position }

// walk follows each process. An assignment keeps the place in keys that were assigned before; a subscription keeps none, and nor
// does an operation that did not succeed.
func (l *logs) walk() {
	clients := map[int32]*client{}
	for i := range l.operations {
		x := &l.operations[i]
		c := clients[x.process]
		if c == nil {
			c = &client{map[string]position{}, map[string]position{}}
			clients[x.process] = c
		}
		switch {
		case x.outcome != history.Committed || x.places == forgetsAll:
			clear(c.polls)
		case x.places == keepsAssigned:
			maps.DeleteFunc(c.polls, func(key string, _ position) bool { return !slices.Contains(x.assigned, key) })
		default:
			for _, m := range x.result {
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
func (l *logs) pollStep(c *client, x *logOperation, m micro) {
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
