package recording

import "slices"

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

// lineNumbers are the lines of records by a number that each has but once. Most grow from one record to the next.
type lineNumbers struct {
	numbers []int64 // that grew
	lines   []int32
	others  map[int64]int32
}

// add notes the line of a number's record, or finds that of the record that had it before.
func (n *lineNumbers) add(x int64, line int32) (first int32, found bool) {
	if last := len(n.numbers) - 1; last < 0 || x > n.numbers[last] {
		if first, found = n.others[x]; !found {
			n.numbers, n.lines = appended(n.numbers, x), appended(n.lines, line)
		}
		return first, found
	}
	if i, found := slices.BinarySearch(n.numbers, x); found {
		return n.lines[i], true
	}
	if first, found = n.others[x]; !found {
		if n.others == nil {
			n.others = map[int64]int32{}
		}
		n.others[x] = line
	}
	return first, found
}

// appended is a list with one more item. The list doubles when it is full, also where append would make it a quarter
// longer, and so copy more than twice as much in all.
func appended[T any](list []T, x T) []T {
	if len(list) == cap(list) {
		list = slices.Grow(list, max(len(list), 1024))
	}
	return append(list, x)
}
