package workload

import (
	"cmp"
	"maps"
	"slices"

	"synchrony/checkers"
	"synchrony/models/history"
)

// totalQueue compares what went in with what came out (jepsen.checker/total-queue): every element whose enqueueing was acknowledged must
// be dequeued, and nothing that nobody tried to enqueue. A drain returns a list of elements that it dequeued. That an element
// comes out twice is told, too, since queues that deliver at least once may do it, but others may not.
type totalQueue struct {
	elements map[string]*tally
	dequeued bool
}

// tally is how often an element went in, perhaps and for certain, and came out; and which operation was the first to be about it.
type tally struct {
	in, acknowledged, out int
	first                 span
	place                 int // among the elements of that operation
}

func newTotalQueue(Options) judge { return &totalQueue{elements: map[string]*tally{}} }

func (q *totalQueue) add(x *history.Operation) {
	switch {
	case may(x, "enqueue"):
		t := q.of(x, &x.Argument, 0)
		if t.in++; x.Outcome == history.Committed {
			t.acknowledged++
		}
	case did(x, "dequeue") && !x.Result.IsNil():
		q.of(x, &x.Result, 0).out++
		q.dequeued = true
	case did(x, "drain"):
		for k := range x.Result.Items {
			q.of(x, &x.Result.Items[k], k).out++
			q.dequeued = true
		}
	}
}

// of is the tally of an element that an operation is about.
func (q *totalQueue) of(x *history.Operation, element *history.Tree, place int) *tally {
	e, s := element.Text(), spanOf(x)
	t := q.elements[e]
	if t == nil {
		t = &tally{first: s, place: place}
		q.elements[e] = t
	} else if s.compare(t.first) < 0 {
		t.first, t.place = s, place
	}
	return t
}

func (q *totalQueue) verdict(f *findings) checkers.Verdict {
	if !q.dequeued {
		return checkers.Undecided("nothing was dequeued, so it is not known what the queue has: a drain at the end would tell")
	}
	wrong := slices.DeleteFunc(slices.Collect(maps.Keys(q.elements)), func(e string) bool {
		t := q.elements[e]
		return t.acknowledged <= t.out && t.out <= t.in
	})
	slices.SortFunc(wrong, func(x, y string) int {
		a, b := q.elements[x], q.elements[y]
		return cmp.Or(a.first.compare(b.first), cmp.Compare(a.place, b.place))
	})
	for _, e := range wrong {
		switch t := q.elements[e]; {
		case t.out < t.acknowledged:
			f.add("lost element", "%s was enqueued (line %d) and never dequeued", e, t.first.line)
		case t.in == 0:
			f.add("unexpected element", "%s was dequeued (line %d), and nobody enqueued it", e, t.first.line)
		default:
			f.add("duplicate element", "%s was enqueued %d times and dequeued %d times (line %d)", e, t.in, t.out, t.first.line)
		}
	}
	return f.verdict()
}

// uniqueIDs looks for an identifier that was generated twice.
type uniqueIDs struct {
	first   map[string]span // by identifier: the operation that generated it first
	repeats []repeat
}

// repeat is an operation that generated an identifier again.
type repeat struct {
	span
	id string
}

func newUniqueIDs(Options) judge { return &uniqueIDs{first: map[string]span{}} }

func (u *uniqueIDs) add(x *history.Operation) {
	if !did(x, "generate") || x.Result.IsNil() {
		return
	}
	id, s := x.Result.Text(), spanOf(x)
	first, ok := u.first[id]
	if ok {
		if s.compare(first) < 0 {
			s, first = first, s
		}
		u.repeats = append(u.repeats, repeat{s, id})
	} else {
		first = s
	}
	u.first[id] = first
}

func (u *uniqueIDs) verdict(f *findings) checkers.Verdict {
	inOrder(u.repeats)
	for _, r := range u.repeats {
		f.add("duplicate identifier", "%s was generated on line %d, and again on line %d", r.id, u.first[r.id].line, r.line)
	}
	return f.judged(len(u.first), "generate")
}
