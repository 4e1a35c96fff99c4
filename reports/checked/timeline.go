package checked

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"synchrony/models/history"
)

// timeline is operations as boxes in a grid: a column for each client, and rows from top to bottom in the order of time. A box reaches from
// the row of the invocation to that of the return. Invocations that no return separates are in one row, and so are returns: what was
// under way at the same time is side by side, and nothing else is told of time.
type timeline struct {
	Clients  []string
	Boxes    []box
	Rows     int
	Hidden   int // operations that are not drawn
	Overview []share
	Timed    bool
	Unknown  bool // some outcome is unknown
	Failed   bool // some had no effect
}

// box is an operation. Rows are counted from 1, which is the head, and columns from 1.
type box struct {
	Client           string
	Column, Row, End int
	Class            string
	Line             int
	Text             string
	Times            string // if the record has some
	Place            int    // in the sequence that can be explained, from 1
	First            bool   // it is the first whose return nothing explains
}

func (h *History) timeline(prefix int) *timeline {
	if len(h.List) == 0 {
		return nil
	}
	drawn := h.chosen()
	t := &timeline{Hidden: len(h.List) - len(drawn), Timed: h.Timed}
	place := map[int]int{}
	for k, i := range h.Explained {
		place[i] = k + 1
	}
	rows := h.rows(drawn)
	t.Rows = rows.count
	columns := h.columns(drawn, t)
	for k, i := range drawn {
		x := &h.List[i]
		b := box{Client: t.Clients[columns[k]-1], Column: columns[k], Row: rows.invoked[k] + 1, End: rows.returned[k] + 2, Line: x.Line, Text: h.Text(i), Place: place[i]}
		switch {
		case slices.Contains(h.Blamed, i):
			b.Class = "blamed"
		case x.Outcome == history.Aborted:
			b.Class, t.Failed = "failed", true
		case b.Place > 0:
			b.Class = "explained"
		}
		if x.Returned == history.Forever {
			b.Class, t.Unknown = b.Class+" unknown", true
		}
		if h.Timed {
			b.Times = span(x)
		}
		b.First = prefix > 0 && x.Line == prefix && x.Outcome == history.Committed
		t.Boxes = append(t.Boxes, b)
	}
	if t.Hidden > 0 {
		t.Overview = h.overview(drawn)
	}
	return t
}

// span is when an operation was under way.
func span(x *Operation) string {
	if x.Returned == history.Forever {
		return fmt.Sprintf("from %v on", x.Invoked)
	}
	return fmt.Sprintf("%v to %v", x.Invoked, x.Returned)
}

// rows are by operation the rows of its invocation and of its return.
type rows struct {
	invoked, returned []int
	count             int
}

// event is an invocation or a return.
type event struct {
	at        time.Duration
	isReturn  bool
	operation int // in the list of those drawn
}

func (h *History) rows(drawn []int) rows {
	var events []event
	for k, i := range drawn {
		events = append(events, event{h.List[i].Invoked, false, k})
		if h.List[i].Returned != history.Forever {
			events = append(events, event{h.List[i].Returned, true, k})
		}
	}
	slices.SortStableFunc(events, func(x, y event) int { // at one time, what is invoked is under way with what returns
		if c := cmp.Compare(x.at, y.at); c != 0 || x.isReturn == y.isReturn {
			return c
		}
		if x.isReturn {
			return 1
		}
		return -1
	})
	r := rows{invoked: make([]int, len(drawn)), returned: make([]int, len(drawn))}
	for n, e := range events {
		if n == 0 || events[n-1].isReturn != e.isReturn {
			r.count++
		}
		if e.isReturn {
			r.returned[e.operation] = r.count
		} else {
			r.invoked[e.operation] = r.count
		}
	}
	r.count++
	for k, i := range drawn {
		if h.List[i].Returned == history.Forever {
			r.returned[k] = r.count
		}
	}
	return r
}

// columns are by operation its column: one for each process, in their order, and behind them as many as the operations need that name
// no process.
func (h *History) columns(drawn []int, t *timeline) []int {
	var processes []int32
	for _, i := range drawn {
		if p := h.List[i].Process; p >= 0 && !slices.Contains(processes, p) {
			processes = append(processes, p)
		}
	}
	slices.Sort(processes)
	for _, p := range processes {
		t.Clients = append(t.Clients, h.Client(p))
	}
	var until []time.Duration // by further column: when its last operation returns
	columns := make([]int, len(drawn))
	for k, i := range drawn {
		x := &h.List[i]
		if x.Process >= 0 {
			at, _ := slices.BinarySearch(processes, x.Process)
			columns[k] = at + 1
			continue
		}
		free := slices.IndexFunc(until, func(end time.Duration) bool { return end < x.Invoked })
		if free < 0 {
			free = len(until)
			until = append(until, 0)
			t.Clients = append(t.Clients, h.Client(x.Process))
		}
		until[free] = x.Returned
		columns[k] = len(processes) + free + 1
	}
	return columns
}

// share is a part of the history, from left to right.
type share struct {
	X, Width int // in thousandths of the whole
	Class    string
}

// shares is how many parts the overview has.
const shares = 200

// overview tells which parts of the history are drawn, and where those to blame are.
func (h *History) overview(drawn []int) []share {
	class := make([]string, shares)
	at := func(i int) int { return i * shares / len(h.List) }
	for _, i := range drawn {
		class[at(i)] = "drawn"
	}
	for _, i := range h.Blamed {
		class[at(i)] = "blamed"
	}
	var list []share
	for k, c := range class {
		if c != "" {
			list = append(list, share{X: k * 1000 / shares, Width: 1000 / shares, Class: c})
		}
	}
	return list
}
