package workload

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"synchrony/checkers"
	"synchrony/models/history"
)

// totalQueue compares what went in with what came out (jepsen.checker/total-queue): every element whose enqueueing was acknowledged must
// be dequeued, and nothing that nobody tried to enqueue. A drain returns a list of elements that it dequeued. That an element
// comes out twice is told, too, since queues that deliver at least once may do it, but others may not.
type totalQueue struct {
	elements map[string]*passage
	dequeued bool
}

// passage is what became of an element: how often it went in, perhaps and for certain, and came out; and which operation was the first to be
// about it.
type passage struct {
	in, acknowledged, out int
	at                    time.Duration
	line                  line
	number                int // of the elements in the order in which they were met
}

func newTotalQueue(Options) judge { return &totalQueue{elements: map[string]*passage{}} }

func (q *totalQueue) take(x *history.Operation, _ *findings) {
	switch {
	case may(x, "enqueue"):
		p := q.of(x, &x.Argument)
		if p.in++; x.Outcome == history.Committed {
			p.acknowledged++
		}
	case did(x, "dequeue") && !x.Result.IsNil():
		q.of(x, &x.Result).out++
		q.dequeued = true
	case did(x, "drain"):
		for k := range x.Result.Items {
			q.of(x, &x.Result.Items[k]).out++
			q.dequeued = true
		}
	}
}

// of is what becomes of an element that an operation is about.
func (q *totalQueue) of(x *history.Operation, element *history.Tree) *passage {
	e := element.Text()
	p := q.elements[e]
	if p == nil {
		p = &passage{at: x.Invoked, line: at(x), number: len(q.elements)}
		q.elements[e] = p
	} else if x.Invoked < p.at {
		p.at, p.line = x.Invoked, at(x)
	}
	return p
}

func (q *totalQueue) verdict(f *findings) checkers.Verdict {
	if !q.dequeued {
		return checkers.Undecided("nothing was dequeued, so it is not known what the queue has: a drain at the end would tell")
	}
	wrong := slices.DeleteFunc(slices.Collect(maps.Keys(q.elements)), func(e string) bool {
		p := q.elements[e]
		return p.acknowledged <= p.out && p.out <= p.in
	})
	slices.SortFunc(wrong, func(x, y string) int {
		return cmp.Or(cmp.Compare(q.elements[x].at, q.elements[y].at), cmp.Compare(q.elements[x].number, q.elements[y].number))
	})
	for _, e := range wrong {
		switch p := q.elements[e]; {
		case p.out < p.acknowledged:
			f.add("lost element", "%s was enqueued (line %d) and never dequeued", e, p.line)
		case p.in == 0:
			f.add("unexpected element", "%s was dequeued (line %d), and nobody enqueued it", e, p.line)
		default:
			f.add("duplicate element", "%s was enqueued %d times and dequeued %d times (line %d)", e, p.in, p.out, p.line)
		}
	}
	return f.verdict()
}

// uniqueIDs looks for an identifier that was generated twice.
type uniqueIDs struct{ first map[string]generated }

// generated is the operation that generated an identifier first.
type generated struct {
	at   time.Duration
	line line
}

func newUniqueIDs(Options) judge { return &uniqueIDs{map[string]generated{}} }

func (u *uniqueIDs) take(x *history.Operation, f *findings) {
	if !did(x, "generate") || x.Result.IsNil() {
		return
	}
	id, again := x.Result.Text(), generated{x.Invoked, at(x)}
	first, ok := u.first[id]
	if ok && again.at < first.at {
		first, again = again, first
	}
	if !ok {
		first = again
	}
	u.first[id] = first
	if ok {
		f.addAt(again.at, "duplicate identifier", "%s was generated on line %d, and again on line %d", id, first.line, again.line)
	}
}

func (u *uniqueIDs) verdict(f *findings) checkers.Verdict { return f.judged(len(u.first), "generate") }
