package isolation

import (
	"fmt"
	"strings"

	"synchrony/checkers/internal/digraph"
)

// The kinds of edges of the graph, in Adya's terms but for the orders.
const (
	WW      digraph.Kind = iota // the second replaced a version that the first wrote
	WR                          // the second read a version that the first wrote
	RW                          // the second replaced a version that the first read
	Session                     // one process made the first and then the second
	Time                        // the first had returned when the second was invoked
	through                     // from a node that stands for many edges to one end of them
)

// everything is all of these.
const everything = ^digraph.Kinds(0)

// KindName is "ww", "wr", "rw", "process" or "rt".
func KindName(k digraph.Kind) string {
	return [...]string{"ww", "wr", "rw", "process", "rt", "-"}[k]
}

// Level is an isolation level.
type Level struct {
	rule  rule
	order order
}

// rule is what a level forbids.
type rule uint8

const (
	uncommitted  rule = iota // PL-1: cycles of ww (G0)
	committed                // PL-2: cycles of ww and wr, and reads of aborted or intermediate writes (G1)
	atomic                   // reads that see a part of a transaction (Bailis et al. 2014; Cerone et al.: Int and Ext)
	causal                   // and reads that miss what was before what they saw, in sessions and by reads (TransVis)
	parallel                 // PSI: cycles with one rw or none (TransVis and NoConflict)
	snapshot                 // SI: cycles without two rw one after the other (Prefix and NoConflict)
	repeatable               // PL-2.99: all cycles of items
	serializable             // PL-3, which is the same without predicates
)

// order is which order of transactions, beside that of their data, a level keeps.
type order uint8

const (
	plain    order = iota
	session        // that of each process
	realTime       // that of time, and so of each process
)

var ruleNames = [...]string{
	uncommitted: "read-uncommitted", committed: "read-committed", atomic: "read-atomic", causal: "causal",
	parallel: "parallel-snapshot-isolation", snapshot: "snapshot-isolation", repeatable: "repeatable-read", serializable: "serializable",
}

// StrictSerializable is the strongest level.
var StrictSerializable = Level{serializable, realTime}

// String is the level's name: "strong-session-snapshot-isolation".
func (l Level) String() string {
	switch {
	case l == StrictSerializable:
		return "strict-serializable"
	case l.order == realTime:
		return "strong-" + ruleNames[l.rule]
	case l.order == session && l.rule != causal:
		return "strong-session-" + ruleNames[l.rule]
	default:
		return ruleNames[l.rule]
	}
}

// Levels are all levels, the stronger before those that they imply.
func Levels() []Level {
	list := []Level{}
	for r := serializable; ; r-- {
		switch r {
		case repeatable, atomic:
			list = append(list, Level{r, plain})
		case causal:
			list = append(list, Level{r, session}) // causality is of sessions
		default:
			list = append(list, Level{r, realTime}, Level{r, session}, Level{r, plain})
		}
		if r == uncommitted {
			return list
		}
	}
}

// otherNames are what others call the levels.
var otherNames = map[string]string{
	"strong-serializable": "strict-serializable", "strict-serializability": "strict-serializable", "serializability": "serializable",
	"parallel-si": "parallel-snapshot-isolation", "psi": "parallel-snapshot-isolation", "si": "snapshot-isolation",
	"pl-1": "read-uncommitted", "pl-2": "read-committed", "pl-2.99": "repeatable-read", "pl-3": "serializable",
	"pl-si": "snapshot-isolation", "pl-ss": "strict-serializable", "causal-cerone": "causal",
	"conflict-serializable": "serializable",
}

// ParseLevel returns the level of a name, in any case of letters, or of one of the names that others have for it.
func ParseLevel(name string) (Level, error) {
	word := strings.ToLower(strings.ReplaceAll(name, "_", "-"))
	if other, ok := otherNames[word]; ok {
		word = other
	}
	var names []string
	for _, l := range Levels() {
		if l.String() == word {
			return l, nil
		}
		names = append(names, l.String())
	}
	return Level{}, fmt.Errorf("no isolation level %q: there are %s", name, strings.Join(names, ", "))
}

// Implies reports whether each history that satisfies l satisfies weaker, too. Without predicates, repeatable
// read is serializability.
func (l Level) Implies(weaker Level) bool {
	return l.order >= weaker.order && min(l.rule, repeatable) >= min(weaker.rule, repeatable)
}

// kinds is the kinds of the edges of the order that a level keeps.
func (o order) kinds() digraph.Kinds {
	switch o {
	case session:
		return digraph.Of(Session)
	case realTime:
		return digraph.Of(Session, Time)
	default:
		return 0
	}
}
