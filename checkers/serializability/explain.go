package serializability

import (
	"fmt"
	"strings"

	"synchrony/checkers"
	"synchrony/models/history"
)

// explain turns a cycle into a verdict: one sentence for the first transactions of
// it, and a line for each edge and each transaction.
func explain(h *history.History, cycle []Edge) checkers.Verdict {
	var steps, evidence []string
	for k, e := range cycle {
		why := Why(h, e)
		evidence = append(evidence, fmt.Sprintf("%s -> %s (%v): %s", h.TxName(e.From), h.TxName(e.To), e.Kind, why))
		if k < maxSteps {
			steps = append(steps, fmt.Sprintf("%s must come before %s, because %s", h.TxName(e.From), h.TxName(e.To), why))
		}
	}
	sentence := strings.Join(steps, "; ")
	if more := len(cycle) - maxSteps; more > 0 {
		sentence += fmt.Sprintf("; and so on, over %d more, back to %s", more, h.TxName(cycle[0].From))
	}
	for k, e := range cycle {
		if k < maxSteps {
			evidence = append(evidence, Show(h, e.From))
		}
	}
	return checkers.Failed(anomaly(cycle), "no serial order explains this: "+sentence, evidence...)
}

// maxSteps bounds how much of a long cycle is told.
const maxSteps = 6

// Why says why an edge is there: which account, which versions and values.
func Why(h *history.History, e Edge) string {
	from, to := h.TxName(e.From), h.TxName(e.To)
	if e.Kind == RealTime {
		return fmt.Sprintf("%s had returned (%v) before %s was invoked (%v)", from, h.Returned[e.From], to, h.Invoked[e.To])
	}
	first, end := h.Starts[e.From], h.Starts[e.From+1]
	mine := func(version int32) bool { return version >= first && version < end }
	for _, a := range h.Of(e.To) {
		key := h.KeyName(a.Key())
		switch {
		case e.Kind == WR && !a.IsWrite() && mine(a.Version):
			return fmt.Sprintf("%s read %s %d, which %s wrote", to, key, a.Value, from)
		case e.Kind == WW && a.IsWrite() && mine(a.Version):
			return fmt.Sprintf("%s replaced %s %d, which %s wrote, by %d", to, key, h.Accesses[a.Version].Value, from, a.Value)
		case e.Kind == RW && a.IsWrite():
			for _, r := range h.Of(e.From) {
				if !r.IsWrite() && r.Key() == a.Key() && r.Version == a.Version {
					return fmt.Sprintf("%s read %s %d, which %s replaced by %d", from, key, r.Value, to, a.Value)
				}
			}
		}
	}
	return versionOrder(h, e)
}

// versionOrder says why an edge is there that no pair of accesses shows: both
// replaced one version, or what the second replaced was of an aborted transaction, and
// that one's predecessor counts.
func versionOrder(h *history.History, e Edge) string {
	from, to := h.TxName(e.From), h.TxName(e.To)
	why := "their versions follow each other"
	for _, a := range h.Of(e.To) {
		for _, x := range h.Of(e.From) {
			switch key := h.KeyName(a.Key()); {
			case !a.IsWrite() || a.Key() != x.Key():
			case x.IsWrite() && x.Version == a.Version:
				return fmt.Sprintf("%s and %s both replaced the same version of %s, so that one update is lost", from, to, key)
			case x.IsWrite():
				why = fmt.Sprintf("%s replaced %s %d, which %s wrote, once aborted writes are left out", to, key, x.Value, from)
			case e.Kind == RW:
				why = fmt.Sprintf("%s read %s %d, which %s replaced, once aborted writes are left out", from, key, x.Value, to)
			}
		}
	}
	return why
}

// Show is a transaction on one line: "T1 [1ns, 4ns]: read x 0 from init, write x 1 over init".
func Show(h *history.History, tx int32) string {
	var sb strings.Builder
	sb.WriteString(h.TxName(tx))
	if h.Returned[tx] == history.Forever {
		fmt.Fprintf(&sb, " [%v, …]", h.Invoked[tx])
	} else if h.Returned[tx] != 0 {
		fmt.Fprintf(&sb, " [%v, %v]", h.Invoked[tx], h.Returned[tx])
	}
	for i, a := range h.Of(tx) {
		if i == maxAccesses {
			fmt.Fprintf(&sb, ", … (%d more)", len(h.Of(tx))-i)
			break
		}
		verb, link := "read", "from"
		if a.IsWrite() {
			verb, link = "wrote", "over"
		}
		sep := ","
		if i == 0 {
			sep = ":"
		}
		fmt.Fprintf(&sb, "%s %s %s %d %s %s", sep, verb, h.KeyName(a.Key()), a.Value, link, writerName(h, a.Version))
	}
	return sb.String()
}

// maxAccesses bounds how much of a large transaction is shown.
const maxAccesses = 12

// writerName is who wrote a version.
func writerName(h *history.History, version int32) string {
	if version == history.InitialVersion {
		return "init"
	}
	// The last transaction that begins at or before the access.
	low, high := int32(0), int32(h.Len())
	for high-low > 1 {
		if mid := (low + high) / 2; h.Starts[mid] <= version {
			low = mid
		} else {
			high = mid
		}
	}
	return h.TxName(low)
}
