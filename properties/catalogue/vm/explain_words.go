package vm

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"synchrony/models/trace"
	"synchrony/properties/story"
)

// told is one event: when it happened, who did it, and what.
type told struct {
	at        time.Duration
	who, what string
}

// tell tells events in the order of time.
func (n *explainer) tell(all []told) {
	if len(all) == 0 {
		return
	}
	slices.SortStableFunc(all, func(a, b told) int { return cmp.Compare(a.at, b.at) })
	var names []string
	rows := make([]story.Row, len(all))
	for i, e := range all {
		k := slices.Index(names, e.who)
		if k < 0 {
			k = len(names)
			names = append(names, e.who)
		}
		rows[i] = story.Row{Worker: int32(k), Text: e.what}
	}
	n.lines = append(n.lines, story.NewTable(rows, func(i int32) string { return names[i] }).Lines(rows)...)
}

// chunkEvent says what became of a chunk. The attempt is named if it is not the first.
func chunkEvent(e *trace.ChunkEvent) string {
	switch {
	case e.Kind == trace.ChunkFallback && e.Restarts():
		return fmt.Sprintf("all begins again, sequentially: %v", e.Why)
	case e.Kind == trace.ChunkFallback:
		return fmt.Sprintf("chunk %d on: sequentially, %v", e.Chunk, e.Why)
	case e.Attempt > 0:
		return fmt.Sprintf("chunk %d, attempt %d, %s", e.Chunk, e.Attempt, chunkWord(e.Kind))
	}
	return fmt.Sprintf("chunk %d %s", e.Chunk, chunkWord(e.Kind))
}

func chunkWord(k trace.ChunkEventKind) string {
	return word(int(k), "starts", "succeeds", "fails", "panics", "takes too long", "is abandoned", "is merged")
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
