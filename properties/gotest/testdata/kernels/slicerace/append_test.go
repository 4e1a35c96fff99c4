package slicerace

import (
	"slices"
	"strconv"
	"sync"
	"testing"
)

// report gathers the results of parallel subtests.
type report struct {
	mu      sync.Mutex
	results []int
}

func (r *report) addBuggy(result int) {
	r.results = append(r.results, result)
}

func (r *report) addFixed(result int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.results = append(r.results, result)
}

// squareInParallel gathers the squares of 1 to 3 from parallel subtests.
func squareInParallel(t *testing.T, add func(*report, int)) {
	var r report
	t.Run("squares", func(t *testing.T) {
		for n := 1; n <= 3; n++ {
			t.Run(strconv.Itoa(n), func(t *testing.T) {
				t.Parallel()
				add(&r, n*n)
			})
		}
	})
	slices.Sort(r.results)
	if !slices.Equal(r.results, []int{1, 4, 9}) {
		t.Errorf("results = %v", r.results)
	}
}

// Parallel subtests append to one slice without a lock.
//
// want: race at (*report).addBuggy
func TestAppendBuggy(t *testing.T) {
	squareInParallel(t, (*report).addBuggy)
}

func TestAppendFixed(t *testing.T) {
	squareInParallel(t, (*report).addFixed)
}
