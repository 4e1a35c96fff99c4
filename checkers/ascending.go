package checkers

import "cmp"

// Ascending reports whether a list is sorted and has nothing twice, as recordings have their sets.
func Ascending[T cmp.Ordered](list []T) bool {
	for i := 1; i < len(list); i++ {
		if list[i-1] >= list[i] {
			return false
		}
	}
	return true
}
