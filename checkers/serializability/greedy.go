package serializability

import (
	"time"

	"synchrony/models/history"
)

// readyOrder looks for a serial order: it lets each transaction take effect as soon as it
// can, on the keys' current versions (Kahn's algorithm on the direct serialization graph,
// without the graph). A transaction can if it has been invoked, which means that those that
// had returned before have taken effect; if what it reads and replaces is current; and if
// those that read what it replaces have read it. The order is a certificate, since every version
// and value is compared on the way; nil if there is none, and then the graph has to tell why.
//
// Almost all memory that it touches in no order is the keys' cells, and not the versions',
// of which there are many more: what is to happen to a version is kept with its key while it
// is current.
func readyOrder(h *history.History, live []bool, replaced, returns []int32) []int32 {
	q := &queue{
		h: h, live: live, replaced: replaced, returns: returns, cells: newCells(h),
		versions: make([]expected, len(h.Accesses)+len(h.Initial)), waits: make([]wait, 1, 1024),
		ran: make([]bool, h.Len()), order: make([]int32, 0, len(returns)),
	}
	q.countReads()
	q.invokes = sortedBy(h.Invoked)
	for _, tx := range q.invokes {
		if !q.takesEffect(tx) {
			continue
		}
		if q.hasReturned(h.Invoked[tx]) {
			return nil
		}
		q.expected++
		q.attempt(tx, h.Starts[tx])
		for len(q.woken) > 0 {
			last := q.woken[len(q.woken)-1]
			q.woken = q.woken[:len(q.woken)-1]
			q.attempt(last.tx, last.access)
		}
		if q.deviates {
			return nil
		}
	}
	if len(q.order) < q.expected {
		return nil
	}
	return q.order
}

// expected is what is to happen to a version.
type expected struct {
	reads int32 // by transactions that do not replace it
	// waits is a list of those who wait for it to be written, and then, once it is current,
	// for those reads.
	waits int32
}

// wait is a transaction that waits for what its access needs. Number 0 of queue.waits ends a list.
type wait struct{ tx, access, next int32 }

// blocks is set in a cell's count of reads if somebody waits for them to be 0.
const blocks = 1 << 30

// queue is an order under construction.
type queue struct {
	h        *history.History
	live     []bool  // nil: who has committed
	replaced []int32 // nil: as recorded
	cells    []cell
	versions []expected // by access, and then by key for the initial versions
	waits    []wait
	woken    []wait // who may go on
	ran      []bool
	order    []int32
	expected int  // how many of the order are invoked by now
	deviates bool // a transaction that could take effect recorded something else

	invokes, returns []int32 // in order of time
	returned         int     // those up to it have run
}

func (q *queue) takesEffect(tx int32) bool {
	if q.live != nil {
		return q.live[tx]
	}
	return q.h.Outcomes[tx] == history.Committed
}

func (q *queue) prev(i int32) int32 {
	if q.replaced != nil {
		return q.replaced[i]
	}
	return q.h.Accesses[i].Version
}

// slot is where in versions a key's version is.
func (q *queue) slot(key, version int32) *expected {
	if version == history.InitialVersion {
		return &q.versions[len(q.h.Accesses)+int(key)]
	}
	return &q.versions[version]
}

// countReads counts the reads of each version that its replacement waits for: those of
// transactions that do not write the key themselves.
func (q *queue) countReads() {
	h := q.h
	var own ownWrites
	for tx := range int32(h.Len()) {
		if !q.takesEffect(tx) {
			continue
		}
		first := h.Starts[tx]
		accesses := h.Accesses[first:h.Starts[tx+1]]
		own.enter(tx, accesses, len(h.Initial))
		for i := range accesses {
			a := &accesses[i]
			if !a.IsWrite() && !own.has(a.Key()) {
				q.slot(a.Key(), a.Version).reads++
			}
		}
	}
	for key := range h.Initial {
		q.cells[key].reads = q.versions[len(h.Accesses)+key].reads
	}
}

// hasReturned reports whether a transaction that has not taken effect had returned before a time.
func (q *queue) hasReturned(before time.Duration) bool {
	for q.returned < len(q.returns) && q.ran[q.returns[q.returned]] {
		q.returned++
	}
	return q.returned < len(q.returns) && q.h.Returned[q.returns[q.returned]] < before
}

// attempt lets tx take effect, or wait. What its accesses before i need is there, and stays until it
// takes effect.
func (q *queue) attempt(tx, i int32) {
	h, first := q.h, q.h.Starts[tx]
	for end := h.Starts[tx+1]; i < end; i++ {
		a := &h.Accesses[i]
		needs := a.Version
		if a.IsWrite() {
			needs = q.prev(i)
		}
		if needs >= first && needs < i {
			continue // its own
		}
		c := &q.cells[a.Key()]
		switch {
		case c.version != needs:
			if needs != history.InitialVersion { // which does not come again
				q.wait(tx, i, &q.versions[needs])
			}
			return
		case a.IsWrite() && c.reads > 0:
			c.reads |= blocks
			q.wait(tx, i, q.slot(a.Key(), needs))
			return
		}
	}
	q.ran[tx] = true
	q.order = append(q.order, tx)
	q.takeEffect(tx)
}

func (q *queue) wait(tx, access int32, on *expected) {
	q.waits = append(q.waits, wait{tx, access, on.waits})
	on.waits = int32(len(q.waits) - 1)
}

func (q *queue) wake(on *expected) {
	for w := on.waits; w != 0; w = q.waits[w].next {
		q.woken = append(q.woken, q.waits[w])
	}
	on.waits = 0
}

// takeEffect replays tx, and wakes those who have waited for it.
func (q *queue) takeEffect(tx int32) {
	h, first := q.h, q.h.Starts[tx]
	for i := first; i < h.Starts[tx+1]; i++ {
		a := &h.Accesses[i]
		c := &q.cells[a.Key()]
		if !a.IsWrite() {
			if c.version != a.Version || c.value != a.Value {
				q.deviates = true
				return
			}
			if a.Version >= first && a.Version < i || c.reads == 0 { // its own version, or one that it replaces
				continue
			}
			if c.reads--; c.reads == blocks {
				c.reads = 0
				q.wake(q.slot(a.Key(), c.version))
			}
			continue
		}
		if c.version != q.prev(i) || c.reads > 0 {
			q.deviates = true
			return
		}
		v := &q.versions[i]
		*c = cell{a.Value, i, v.reads}
		if v.waits != 0 {
			q.wake(v)
		}
	}
}

// ownWrites says of keys whether the transaction at hand writes them: by looking through its
// accesses if they are few.
type ownWrites struct {
	tx    int32
	few   []history.Access
	wrote []int32 // by key, the last transaction of many accesses that writes it, from 1
}

const fewAccesses = 16

func (o *ownWrites) enter(tx int32, accesses []history.Access, keys int) {
	o.tx, o.few = tx, accesses
	if len(accesses) <= fewAccesses {
		return
	}
	o.few = nil
	if o.wrote == nil {
		o.wrote = make([]int32, keys)
	}
	for i := range accesses {
		if a := &accesses[i]; a.IsWrite() {
			o.wrote[a.Key()] = tx + 1
		}
	}
}

func (o *ownWrites) has(key int32) bool {
	if o.few == nil {
		return o.wrote != nil && o.wrote[key] == o.tx+1
	}
	for i := range o.few {
		if a := &o.few[i]; a.Key() == key && a.IsWrite() {
			return true
		}
	}
	return false
}
