package history

import (
	"fmt"
	"strconv"
	"time"

	"synchrony/models/text"
)

// History is what clients of a transactional store saw, whichever store it was:
// for each transaction when it was invoked and returned, how it ended, and what it
// read and wrote, with the versions. Transactions, keys and accesses are numbered
// densely, and kept in a few arrays, for there may be millions.
//
// A version is the write access that made it, by its index in Accesses, or
// [InitialVersion]. A history without times has zeros for them.
type History struct {
	Keys    []string // names of keys; those without one are named k0, k1, …
	Initial []int64  // the keys' values at first; its length is the number of keys

	Names             []string  // of transactions; those without one are named T0, T1, …
	Outcomes          []Outcome // Committed, Aborted, or 0: unknown, it may have committed
	Invoked, Returned []time.Duration
	Starts            []int32 // transaction i's accesses are Accesses[Starts[i]:Starts[i+1]]
	Accesses          []Access
}

// Access is one read or write of a transaction, in its order.
type Access struct {
	Value int64 // the value read or written
	// Version is what was read, or what the write replaced.
	Version int32
	code    uint32 // the key, and in the lowest bit whether this is a write
}

// Forever is when a transaction returned of which that is not known.
const Forever = time.Duration(1<<63 - 1)

// ReadOf is a read of a key's version, which had that value.
func ReadOf(key, version int32, value int64) Access {
	return Access{value, version, uint32(key) << 1}
}

// WriteOf is a write of a value to a key, replacing a version.
func WriteOf(key, over int32, value int64) Access {
	return Access{value, over, uint32(key)<<1 | 1}
}

// Key is the key accessed.
func (a *Access) Key() int32 { return int32(a.code >> 1) }

// IsWrite reports whether the access is a write.
func (a *Access) IsWrite() bool { return a.code&1 != 0 }

// Len is the number of transactions.
func (h *History) Len() int { return len(h.Outcomes) }

// Of returns the accesses of transaction tx.
func (h *History) Of(tx int32) []Access { return h.Accesses[h.Starts[tx]:h.Starts[tx+1]] }

// Begin adds a transaction; the accesses added next are its own. It returns the
// transaction's number.
func (h *History) Begin(name string, outcome Outcome, invoked, returned time.Duration) int32 {
	if len(h.Starts) == 0 {
		h.Starts = append(h.Starts, int32(len(h.Accesses)))
	}
	h.Names = append(h.Names, name)
	h.Outcomes = append(h.Outcomes, outcome)
	h.Invoked = append(h.Invoked, invoked)
	h.Returned = append(h.Returned, returned)
	h.Starts = append(h.Starts, int32(len(h.Accesses)))
	return int32(h.Len() - 1)
}

// Add adds an access to the transaction begun last and returns its index, which is
// the version that it makes if it is a write.
func (h *History) Add(a Access) int32 {
	h.Accesses = append(h.Accesses, a)
	h.Starts[len(h.Starts)-1]++
	return int32(len(h.Accesses) - 1)
}

// TxName is the name of transaction tx.
func (h *History) TxName(tx int32) string {
	if int(tx) < len(h.Names) && h.Names[tx] != "" {
		return text.QuoteName(h.Names[tx])
	}
	return "T" + strconv.Itoa(int(tx))
}

// KeyName is the name of a key.
func (h *History) KeyName(key int32) string {
	if int(key) < len(h.Keys) && h.Keys[key] != "" {
		return text.QuoteName(h.Keys[key])
	}
	return "k" + strconv.Itoa(int(key))
}

// Validate reports why h is not what any store, right or wrong, can have done;
// nil if it can. The error is a [*MalformedError]. It takes time linear in h.
func (h *History) Validate() error {
	n := h.Len()
	switch {
	case len(h.Invoked) != n || len(h.Returned) != n:
		return &text.MalformedError{Where: "history", Reason: fmt.Sprintf("times of %d and %d transactions, of %d", len(h.Invoked), len(h.Returned), n)}
	case n == 0 && len(h.Accesses) == 0:
		return nil
	case len(h.Starts) != n+1 || h.Starts[0] != 0 || int(h.Starts[n]) != len(h.Accesses):
		return &text.MalformedError{Where: "history", Reason: "the accesses are not divided among the transactions"}
	}
	for tx := range int32(n) {
		if reason := h.malformed(tx); reason != "" {
			return &text.MalformedError{Where: "transaction " + h.TxName(tx), Reason: reason}
		}
	}
	return nil
}

func (h *History) malformed(tx int32) string {
	if h.Outcomes[tx] > Aborted {
		return fmt.Sprintf("its outcome is %v: want committed, aborted or unknown", h.Outcomes[tx])
	}
	if h.Returned[tx] < h.Invoked[tx] {
		return fmt.Sprintf("it returned at %v and was invoked at %v", h.Returned[tx], h.Invoked[tx])
	}
	first, end := h.Starts[tx], h.Starts[tx+1]
	if first > end || int(end) > len(h.Accesses) {
		return "the accesses are not divided among the transactions"
	}
	for i := first; i < end; i++ {
		a := &h.Accesses[i]
		if int(a.code>>1) >= len(h.Initial) {
			return fmt.Sprintf("there is no key %d", a.code>>1)
		}
		v := a.Version
		if v == InitialVersion {
			continue
		}
		if v < 0 || int(v) >= len(h.Accesses) || h.Accesses[v].code != a.code|1 {
			return fmt.Sprintf("its access %d names a version of %s that is no write of it", i-first, h.KeyName(a.Key()))
		}
		if v >= i && v < end {
			return fmt.Sprintf("its access %d names a version of %s that it writes only later", i-first, h.KeyName(a.Key()))
		}
	}
	return ""
}
