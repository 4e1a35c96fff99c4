package mutants

import "testing"

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		given   []int
		n, want int
	}{
		{nil, 1, 0}, {[]int{7}, 1, 7}, {[]int{7}, 2, 7}, {[]int{7}, 3, 0},
		{[]int{9, 7}, 2, 7}, {[]int{9, 7}, 3, 9}, {[]int{9, 7}, 4, 9}, {[]int{9, 7}, 5, 0},
		{[]int{5, 1, 4, 2, 3}, 5, 3}, {[]int{5, 1, 4, 2, 3}, 9, 5}, {[]int{5, 1, 4, 2, 3}, 11, 0},
	} {
		if got := median(c.given, c.n); got != c.want {
			t.Errorf("the median of %v and infinity, %d numbers in all, is %d, want %d", c.given, c.n, got, c.want)
		}
	}
}
