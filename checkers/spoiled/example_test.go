package spoiled_test

import (
	"fmt"

	"synchrony/checkers/spoiled"
)

// Every change that the rules make of a small recording.
func Example() {
	type recording struct {
		Balances []int64
		Error    string
	}
	o := recording{Balances: []int64{100, 50}}
	changes := spoiled.All(&o, nil)
	spoilt := spoiled.Apply(changes[0], o)
	fmt.Println(len(changes) > 3, fmt.Sprint(spoilt) != fmt.Sprint(o))
	// Output: true true
}
