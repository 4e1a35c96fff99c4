package vm

import (
	"cmp"
	"slices"
	"time"

	"synchrony/models/trace"
)

// told is one event and when it happened.
type told struct {
	at   int64
	what string
}

// tell tells events in the order of time, the first [maxTold] of them.
func (n *explainer) tell(all []told) {
	slices.SortStableFunc(all, func(a, b told) int { return cmp.Compare(a.at, b.at) })
	for i, e := range all {
		if i == maxTold {
			n.say("… and %d events more.", len(all)-i)
			return
		}
		n.say("%8v  %s", time.Duration(e.at), e.what)
	}
}

func chunkWord(k trace.ChunkEventKind) string {
	return word(int(k), "starts", "succeeds", "fails", "panics", "takes too long", "is abandoned", "is merged", "is where sequential execution goes on")
}

func forkWord(k trace.ForkEventKind) string {
	return word(int(k), "begins", "begins", "ends", "is merged", "has been joined", "has timed out")
}

func barrierWord(k trace.BarrierEventKind) string {
	return word(int(k), "comes to", "passes", "fails at")
}

// word is the i-th of words, from 1.
func word(i int, words ...string) string {
	if i < 1 || i > len(words) {
		return "?"
	}
	return words[i-1]
}
