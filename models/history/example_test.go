package history_test

import (
	"fmt"

	"synchrony/models/history"
)

// A read names the write that it saw.
func Example() {
	h := history.History{Keys: []string{"x"}, Initial: []int64{1}}
	h.Begin("a", history.Committed, 0, 10)
	version := h.Add(history.WriteOf(0, history.InitialVersion, 2))
	h.Begin("b", history.Committed, 20, 30)
	h.Add(history.ReadOf(0, version, 2))
	fmt.Println(h.Validate(), h.Len(), h.TxName(1), "reads", h.KeyName(0))
	// Output: <nil> 2 b reads x
}
