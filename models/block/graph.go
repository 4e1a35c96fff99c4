package block

import (
	"fmt"
	"slices"
	"time"

	"synchrony/models/history"
)

// Access is a read or a write that a transaction made.
type Access struct {
	Key   Key
	Value Value // that was read or written; 0 if the key was not there, or was deleted
	Write bool  // and deletions, too
	// Writer is the index of the transaction whose write a read saw, [Initially] or [Unrecorded]. It says nothing of a write.
	Writer int
}

const (
	// Initially is the writer of what was there before the block.
	Initially = -1
	// Unrecorded is the writer of what was read where nobody has noted whose it was.
	Unrecorded = -2
)

// Executed is a transaction by what it did, in order.
type Executed struct {
	Name     string
	Aborted  bool // it took no effect
	Accesses []Access
}

// AccessError says that an access cannot have been: who it is said to have read from has not written the key.
type AccessError struct {
	Tx, Access int // indices
	Reason     string
}

func (e *AccessError) Error() string { return e.Reason }

// History is what the transactions of a block did as a history with versions: those of a key are in the order in which its writers are in sequence, which has the
// indices of the transactions that were executed. If that order had to be kept, each returned before the next was invoked; else all were under way at once.
//
// A read with a writer is of that one's last write. An unrecorded one is of the last version before the transaction that has the value it read; of the
// first after it if there is none; and of the version before it if no version has. The error is an [*AccessError].
func History(initial State, all []Executed, sequence []int, kept bool) (*history.History, error) {
	b := &builder{all: all, numbers: map[Key]int32{}, place: map[int]int32{}, first: make([]int32, len(sequence)), versions: map[int32][]version{}}
	b.versioned(sequence)
	for place, tx := range sequence {
		at := time.Duration(0)
		if kept {
			at = time.Duration(2 * place)
		}
		if err := b.add(tx, int32(place), at, initial); err != nil {
			return nil, err
		}
	}
	for _, k := range b.keys {
		b.h.Keys, b.h.Initial = append(b.h.Keys, k), append(b.h.Initial, initial[k])
	}
	return &b.h, nil
}

// version is a write of a key that took effect: its access in the history, the place of who wrote it, and what.
type version struct {
	access, place int32
	value         Value
}

// builder makes a history.
type builder struct {
	all      []Executed
	h        history.History
	keys     []Key // in the order of their first appearance
	numbers  map[Key]int32
	place    map[int]int32       // in the sequence, by transaction
	first    []int32             // by place, the first access in the history
	versions map[int32][]version // of each key, in order
}

// number is that of a key.
func (b *builder) number(k Key) int32 {
	n, known := b.numbers[k]
	if !known {
		n = int32(len(b.keys))
		b.numbers[k], b.keys = n, append(b.keys, k)
	}
	return n
}

// versioned finds the version that each transaction left of a key, before any read is looked at: reads may be of later versions.
func (b *builder) versioned(sequence []int) {
	next := int32(0)
	for place, tx := range sequence {
		e := &b.all[tx]
		b.place[tx], b.first[place] = int32(place), next
		for i := range e.Accesses {
			if a := &e.Accesses[i]; a.Write && !e.Aborted && e.lastWrite(a.Key) == i {
				k := b.number(a.Key)
				b.versions[k] = append(b.versions[k], version{next + int32(i), int32(place), a.Value})
			}
		}
		next += int32(len(e.Accesses))
	}
}

// lastWrite is the index of the transaction's last write of a key; -1 if it does not write it.
func (e *Executed) lastWrite(k Key) int {
	for i, a := range slices.Backward(e.Accesses) {
		if a.Write && a.Key == k {
			return i
		}
	}
	return -1
}

// add adds a transaction.
func (b *builder) add(tx int, place int32, at time.Duration, initial State) error {
	e := &b.all[tx]
	outcome := history.Committed
	if e.Aborted {
		outcome = history.Aborted
	}
	b.h.Begin(e.Name, outcome, at, at)
	own := map[int32]int32{} // what the transaction itself wrote last
	for i := range e.Accesses {
		a := &e.Accesses[i]
		k := b.number(a.Key)
		mine, wrote := own[k]
		switch {
		case a.Write && wrote:
			own[k] = b.h.Add(history.WriteOf(k, mine, a.Value))
		case a.Write:
			own[k] = b.h.Add(history.WriteOf(k, b.before(place, k), a.Value))
		case wrote && (a.Writer == tx || a.Writer == Unrecorded):
			b.h.Add(history.ReadOf(k, mine, a.Value))
		default:
			from, err := b.from(tx, place, k, i, initial)
			if err != nil {
				return err
			}
			b.h.Add(history.ReadOf(k, from, a.Value))
		}
	}
	return nil
}

// before is the version of a key before a transaction's own.
func (b *builder) before(place, k int32) int32 {
	last := history.InitialVersion
	for _, v := range b.versions[k] {
		if v.place >= place {
			break
		}
		last = v.access
	}
	return last
}

// from is the version that a read saw, which is the i-th access.
func (b *builder) from(tx int, place, k int32, i int, initial State) (int32, error) {
	e := &b.all[tx]
	a := &e.Accesses[i]
	switch a.Writer {
	case Initially:
		return history.InitialVersion, nil
	case Unrecorded:
		return b.guess(place, k, a.Value, initial[a.Key]), nil
	}
	if a.Writer < 0 || a.Writer >= len(b.all) {
		return 0, &AccessError{tx, i, fmt.Sprintf("%s is said to have read %s of transaction %d, which there is not", e.Name, a.Key, a.Writer)}
	}
	w := &b.all[a.Writer]
	at, executed := b.place[a.Writer]
	last := w.lastWrite(a.Key)
	if !executed || last < 0 || a.Writer == tx {
		return 0, &AccessError{tx, i, fmt.Sprintf("%s is said to have read %s as %s wrote it, which had not written it", e.Name, a.Key, w.Name)}
	}
	return b.first[at] + int32(last), nil
}

// guess is the version of a value that was read by who is at a place.
func (b *builder) guess(place, k int32, value, initial Value) int32 {
	before, after := history.InitialVersion, history.InitialVersion
	found := initial == value
	for _, v := range b.versions[k] {
		switch {
		case v.value != value || v.place == place:
		case v.place < place:
			before, found = v.access, true
		case after == history.InitialVersion:
			after = v.access
		}
	}
	switch {
	case found:
		return before
	case after != history.InitialVersion:
		return after
	}
	return b.before(place, k)
}
