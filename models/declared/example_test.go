package declared_test

import (
	"fmt"

	"synchrony/models/declared"
)

// A register declares a state, and what each operation requires, changes and gives back.
func Example() {
	m, err := declared.Parse("register.model", `model register
state value = nil
operation write new
  set value = new
operation read
  result value
`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Name, m.Operations(), m.Reads("read"))
	// Output: register [write read] true
}
