package linearizability

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"synchrony/models/history"
)

// collect executes an action on a collection, whose state is the list of its elements: in the order in which they were
// put there, or sorted if the collection has no order.
func (m *machine) collect(state *array[cell], x *step) (bool, *array[cell]) {
	now := state.at(x.key)
	var elements []string
	if now.kind == history.List {
		elements = strings.Fields(m.text(now.number))
	} else if now != absent {
		return false, state
	}
	set := func(list []string) *array[cell] {
		if len(list) == 0 {
			return state.with(x.key, absent)
		}
		return state.with(x.key, cell{history.List, m.number(strings.Join(list, " ") + " ")})
	}
	if x.kind == history.PutIn || x.kind == history.AddMember {
		element := strings.TrimSuffix(m.text(x.value.number), " ")
		at, there := slices.BinarySearchFunc(elements, element, strings.Compare)
		if there && x.kind == history.AddMember {
			return true, state
		}
		return true, set(slices.Insert(elements, at, element))
	}
	if len(elements) == 0 {
		return x.value == absent, state
	}
	at := m.taken(elements, x)
	if at < 0 {
		return false, state
	}
	return cell{history.List, m.number(elements[at] + " ")} == x.value, set(slices.Delete(elements, at, at+1))
}

// taken is which element an action takes; -1 if the one that it took is not there.
func (m *machine) taken(elements []string, x *step) int {
	switch x.kind {
	case history.TakeFirst:
		return 0
	case history.TakeLast:
		return len(elements) - 1
	case history.TakeLeast:
		return slices.Index(elements, slices.MinFunc(elements, compareElements))
	}
	if x.value == absent {
		return -1
	}
	at, there := slices.BinarySearchFunc(elements, strings.TrimSuffix(m.text(x.value.number), " "), strings.Compare)
	if !there {
		return -1
	}
	return at
}

// compareElements compares numbers as numbers, before everything else.
func compareElements(x, y string) int {
	a, err1 := strconv.ParseFloat(x, 64)
	b, err2 := strconv.ParseFloat(y, 64)
	switch {
	case err1 == nil && err2 == nil:
		return cmp.Compare(a, b)
	case err1 == nil:
		return -1
	case err2 == nil:
		return 1
	default:
		return strings.Compare(x, y)
	}
}
