package farm

import (
	"math"
	"time"
)

// span is a range of cases.
type span struct{ first, count int }

// How a property's cases are divided into tasks. The first task has them all, and begins none after firstTime: how far it came says
// how long the rest will take. That is divided into tasks of leastTime to mostTime, the shorter the less all properties of the
// campaign have to do together, so that there are tasks for many workers.
const (
	leastTime = 5 * time.Second // so that what a process prepares for all of a property's cases is a small part of it
	firstTime = leastTime
	mostTime  = 10 * time.Second
	shares    = 64   // that all properties together are divided into, if their times allow it
	mostTasks = 1024 // of a property
)

// plan divides what a first task has left of a property's cases, of which it has tested done, in so many seconds. It depends on
// nothing else, and the answer to the first task stays: a campaign that is taken up again has the same tasks. If none is done,
// nobody knows how long they take.
func plan(whole span, done int, seconds float64, properties int) []span {
	rest := whole.count - done
	if rest <= 0 {
		return nil
	}
	tasks := shares
	if done > 0 {
		total := seconds / float64(done) * float64(rest)
		each := min(max(total*float64(max(properties, 1))/shares, leastTime.Seconds()), mostTime.Seconds())
		tasks = int(math.Ceil(total / each))
	}
	tasks = min(max(tasks, 1), mostTasks, rest)
	list := make([]span, tasks)
	at, end := whole.first+done, whole.first+whole.count
	for i := range list {
		list[i] = span{at, (end - at) / (tasks - i)}
		at += list[i].count
	}
	return list
}
