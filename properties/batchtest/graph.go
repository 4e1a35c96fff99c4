package batchtest

import (
	"fmt"
	"slices"
	"time"

	"synchrony/checkers"
	"synchrony/checkers/serializability"
	"synchrony/models/history"
)

// checkGraph judges the reads and writes that the executor tells of, if it does, by the direct serialization graph, in which each transaction returned
// before the next one, in the order in which they are to take effect, was invoked: the rule is the anomaly.
func checkGraph(c *config, b *Block, o *Outcome) checkers.Verdict {
	if o.report.Accesses == nil {
		return checkers.Passed()
	}
	want := c.serial(b, o)
	if want.broken { // nobody knows how far it came
		return checkers.Passed()
	}
	h, wrong := historyOf(b, o, want)
	if wrong != "" {
		return checkers.Failed(ruleReport, wrong)
	}
	return serializability.Judge(h).Verdict
}

// scribe writes the history of a run.
type scribe struct {
	h      *history.History
	b      *Block
	all    [][]Access
	keys   []Key
	first  []int32       // by transaction, the index of its first access
	latest map[Key]int32 // what a write replaces, as far as the history is written
}

// historyOf is the history that the report tells of. Transactions are in the order in which they are to take effect.
func historyOf(b *Block, o *Outcome, want *serial) (h *history.History, wrong string) {
	s := &scribe{h: &history.History{}, b: b, all: o.report.Accesses, keys: b.keys(), first: make([]int32, b.Len()), latest: map[Key]int32{}}
	for _, list := range s.all {
		for _, a := range list {
			s.keys = append(s.keys, a.Key)
		}
	}
	s.keys = set(s.keys)
	for _, k := range s.keys {
		s.h.Keys, s.h.Initial = append(s.h.Keys, k), append(s.h.Initial, b.initial[k])
	}
	next := int32(0)
	for _, tx := range want.ran {
		s.first[tx] = next
		next += int32(len(s.all[tx]))
	}
	for at, tx := range want.ran {
		if wrong := s.write(tx, time.Duration(2*at), want.errors[tx] != nil); wrong != "" {
			return nil, wrong
		}
	}
	return s.h, ""
}

// write writes a transaction. It says what cannot be of it.
func (s *scribe) write(tx int, at time.Duration, failed bool) (wrong string) {
	outcome := history.Committed
	if failed {
		outcome = history.Aborted
	}
	s.h.Begin(s.b.name(tx), outcome, at, at+1)
	own := map[Key]int32{}
	for _, a := range s.all[tx] {
		k, _ := slices.BinarySearch(s.keys, a.Key)
		mine, wrote := own[a.Key]
		if a.Write {
			over, ok := mine, wrote
			if !ok {
				if over, ok = s.latest[a.Key]; !ok {
					over = history.InitialVersion
				}
			}
			own[a.Key] = s.h.Add(history.WriteOf(int32(k), over, a.Value))
			continue
		}
		v := mine
		if a.Writer != tx || !wrote {
			if v, wrong = s.versionOf(tx, &a); wrong != "" {
				return wrong
			}
		}
		s.h.Add(history.ReadOf(int32(k), v, a.Value))
	}
	if !failed {
		for k, v := range own {
			s.latest[k] = v
		}
	}
	return ""
}

// versionOf is the version of a key that its writer left.
func (s *scribe) versionOf(tx int, a *Access) (v int32, wrong string) {
	if a.Writer == Initially {
		return history.InitialVersion, ""
	}
	if a.Writer < 0 || a.Writer >= len(s.all) {
		return 0, fmt.Sprintf("%s is said to have read %s of transaction %d, which there is not", s.b.name(tx), a.Key, a.Writer)
	}
	for i, w := range slices.Backward(s.all[a.Writer]) {
		if w.Write && w.Key == a.Key {
			return s.first[a.Writer] + int32(i), ""
		}
	}
	return 0, fmt.Sprintf("%s is said to have read %s as %s wrote it, which did not write it", s.b.name(tx), a.Key, s.b.name(a.Writer))
}
