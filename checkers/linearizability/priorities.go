package linearizability

import (
	"slices"
	"time"
)

// outranked finds an element of a priority queue that was taken though a lesser one was there all the while, with those: an element can be taken at an instant at
// which each lesser one can be put there and taken before it, or else after it; and it hinders none of the lesser ones (Lee and
// Mathur, "Efficient Decrease-and-Conquer Linearizability Monitoring", OOPSLA 2025; Bouajjani, Enea and Wang, "Checking Linearizability of Concurrent
// Priority Queues", CONCUR 2017).
func outranked(elements []*item) ([]*item, string) {
	byRank := slices.Clone(elements)
	slices.SortStableFunc(byRank, func(x, y *item) int { return compareElements(x.name, y.name) })
	from := make([]time.Duration, len(byRank))
	for i, x := range byRank {
		from[i] = max(x.putInvoked, x.tookInvoked)
	}
	lesser := newCover(byRank, from)
	for i, x := range byRank {
		if x.took >= 0 && lesser.free(from[i]) > x.tookReturned {
			list := chain(byRank[:i], from[i], x.tookReturned)
			return append(list, x), x.name + " was taken, and all the while a lesser element was there"
		}
		lesser.add(x)
	}
	return nil, ""
}
