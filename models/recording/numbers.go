package recording

import (
	"cmp"
	"slices"
)

// numbering numbers whole numbers densely. Those that are small, beside how many there are, have their place in an array.
type numbering struct {
	near []int32         // by number: its number and one more, or 0
	far  map[int64]int32 // of those that were too great for it when they came
	size int
}

// room is how long the array may be, for each number that was seen, and at first.
const (
	room      = 8
	firstRoom = 1024
)

func (n *numbering) get(x int64) (int32, bool) {
	if x >= 0 && x < int64(len(n.near)) && n.near[x] != 0 {
		return n.near[x] - 1, true
	}
	number, ok := n.far[x]
	return number, ok
}

func (n *numbering) put(x int64, number int32) {
	n.size++
	most := int64(firstRoom + room*n.size)
	switch {
	case x >= 0 && x < int64(len(n.near)):
		n.near[x] = number + 1
	case x >= 0 && x < most:
		n.near = append(n.near, make([]int32, min(2*x+firstRoom, most)-int64(len(n.near)))...)
		n.near[x] = number + 1
	default:
		if n.far == nil {
			n.far = map[int64]int32{}
		}
		n.far[x] = number
	}
}

// lineNumbers are the lines of records by a number that each has but once. Most grow from one record to the next, by one from one line to
// the next: such take no memory.
type lineNumbers struct {
	runs   []numberRun // that grew
	others map[int64]int32
}

// numberRun is numbers one after another, on lines one after another.
type numberRun struct {
	number int64 // the first
	line   int32
	count  int32
}

// has is the line of a number in the run.
func (r *numberRun) has(x int64) (line int32, found bool) {
	return r.line + int32(x-r.number), x >= r.number && x-r.number < int64(r.count)
}

// add notes the line of a number's record, or finds that of the record that had it before.
func (n *lineNumbers) add(x int64, line int32) (first int32, found bool) {
	if first, found = n.others[x]; found {
		return first, true
	}
	var last *numberRun
	if len(n.runs) > 0 {
		last = &n.runs[len(n.runs)-1]
	}
	switch {
	case last == nil || x > last.number+int64(last.count) || x == last.number+int64(last.count) && line != last.line+last.count:
		n.runs = appended(n.runs, numberRun{x, line, 1})
		return 0, false
	case x == last.number+int64(last.count):
		last.count++
		return 0, false
	}
	i, exact := slices.BinarySearchFunc(n.runs, x, func(r numberRun, x int64) int { return cmp.Compare(r.number, x) })
	if !exact {
		i--
	}
	if i >= 0 {
		if first, found = n.runs[i].has(x); found {
			return first, true
		}
	}
	if n.others == nil {
		n.others = map[int64]int32{}
	}
	n.others[x] = line
	return 0, false
}

// appended is a list with one more item. The list doubles when it is full, also where append would make it a quarter
// longer, and so copy more than twice as much in all.
func appended[T any](list []T, x T) []T {
	if len(list) == cap(list) {
		list = slices.Grow(list, max(len(list), 1024))
	}
	return append(list, x)
}
