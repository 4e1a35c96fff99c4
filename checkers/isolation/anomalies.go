package isolation

import (
	"slices"
	"strings"

	"synchrony/checkers/internal/digraph"
)

// The anomalies that are no cycles.
const (
	Internal          = "internal"           // a read that differs from what its transaction did or saw before
	FutureRead        = "future read"        // a read of what the transaction writes only later
	GarbageRead       = "garbage read"       // a read of what nobody wrote
	DuplicateElements = "duplicate elements" // an element that was appended once is there twice
	IncompatibleOrder = "incompatible order" // two reads of a list neither of which can have grown to the other
	CyclicVersions    = "cyclic versions"    // versions of a key that replaced each other in a circle
	AbortedRead       = "G1a"                // a read of what an aborted transaction wrote
	IntermediateRead  = "G1b"                // a read of what its writer itself replaced
	DirtyUpdate       = "dirty update"       // a write over what an aborted transaction wrote
	LostUpdate        = "lost update"        // two transactions replaced a version that both had read
	WriteSkew         = "write skew"         // two transactions each replaced what the other had read, of different keys
)

// Anomaly is a kind of anomaly that a history has, with its smallest example.
type Anomaly struct {
	Name   string
	Count  int    // how often it was seen; 0 for a cycle, of which there may be ever so many
	Reason string // one sentence for a person
	// Transactions are those of the example, and Cycle its edges if it is a cycle.
	Transactions []int32
	Cycle        []Edge
}

// Edge is an edge of a cycle.
type Edge struct {
	From, To int32
	Kind     digraph.Kind
}

// severity is the order in which anomalies are told: what no order of versions can explain, then what aborted
// transactions did, and then cycles, from the worst on.
var severity = []string{
	GarbageRead, DuplicateElements, IncompatibleOrder, CyclicVersions, FutureRead, Internal, AbortedRead, IntermediateRead, DirtyUpdate,
	"G0", "G1c", "G-single", LostUpdate, "G-nonadjacent", "G2-item", WriteSkew,
}

// rank is a name's place in severity; the same with a suffix comes after it.
func rank(name string) int {
	base, suffix := name, 0
	for i, s := range []string{"", "-process", "-realtime"} {
		if cut, ok := strings.CutSuffix(name, s); ok && s != "" {
			base, suffix = cut, i
		}
	}
	return suffix*len(severity) + slices.Index(severity, base)
}

// anomalies are the anomalies found, one of a name.
type anomalies struct{ list []Anomaly }

// add counts an anomaly, and keeps the first of its name as the example.
func (a *anomalies) add(name string, example func() (string, []int32)) {
	if i := slices.IndexFunc(a.list, func(x Anomaly) bool { return x.Name == name }); i >= 0 {
		a.list[i].Count++
		return
	}
	reason, transactions := example()
	a.list = append(a.list, Anomaly{Name: name, Count: 1, Reason: reason, Transactions: transactions})
}

// has reports whether there is one of some names, and which is the first.
func (a *anomalies) has(names ...string) (string, bool) {
	for _, x := range a.list {
		if slices.Contains(names, x.Name) {
			return x.Name, true
		}
	}
	return "", false
}

// forbidden are the anomalies, beside cycles, that a level forbids.
func (l Level) forbidden() []string {
	list := []string{GarbageRead, DuplicateElements, IncompatibleOrder}
	if l.rule >= committed {
		list = append(list, CyclicVersions, AbortedRead, IntermediateRead, DirtyUpdate)
	}
	if l.rule >= atomic {
		list = append(list, FutureRead, Internal)
	}
	return list
}
