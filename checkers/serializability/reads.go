package serializability

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// checkReads looks for accesses that no order can explain: a read of a version of
// an aborted transaction, or of one that its writer itself replaced, and an access
// that passes over the transaction's own last write. It must come after connect.
func (v *versions) checkReads() checkers.Verdict {
	h := v.h
	// Where a key was last written by the transaction at hand: that is so if the index
	// is one of its accesses.
	own := make([]int32, len(h.Initial))
	for k := range own {
		own[k] = trace.None
	}
	for tx := range int32(h.Len()) {
		if !v.live[tx] {
			continue
		}
		for i := h.Starts[tx]; i < h.Starts[tx+1]; i++ {
			a := &h.Accesses[i]
			k := a.Key()
			if mine := own[k]; mine >= h.Starts[tx] {
				if a.Version != mine {
					return v.internal(tx, a, mine)
				}
				if a.IsWrite() {
					own[k] = i
				}
				continue
			}
			if a.IsWrite() {
				own[k] = i
				continue
			}
			if a.Version == history.InitialVersion {
				continue
			}
			switch l := v.links[a.Version]; {
			case !v.live[l.owner]:
				return v.badRead(AbortedRead, tx, a, "which was aborted")
			case l.next == l.owner:
				return v.badRead(IntermediateRead, tx, a, "which replaced it itself before it committed")
			}
		}
	}
	return checkers.Passed()
}

func (v *versions) badRead(rule string, tx int32, a *history.Access, why string) checkers.Verdict {
	h := v.h
	writer := v.links[a.Version].owner
	return checkers.Failed(rule, fmt.Sprintf("%s read %s %d, written by %s, %s", h.TxName(tx), h.KeyName(a.Key()), a.Value, h.TxName(writer), why),
		Show(h, writer), Show(h, tx))
}

func (v *versions) internal(tx int32, a *history.Access, own int32) checkers.Verdict {
	h, verb := v.h, "read"
	if a.IsWrite() {
		verb = "replaced"
	}
	return checkers.Failed(InternalRead, fmt.Sprintf("%s wrote %s %d and then %s another version of it",
		h.TxName(tx), h.KeyName(a.Key()), h.Accesses[own].Value, verb), Show(h, tx))
}
