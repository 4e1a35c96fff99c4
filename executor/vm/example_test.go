package vm_test

import (
	"context"
	"fmt"

	"synchrony/executor/vm"
	"synchrony/models/program"
)

// A program on plain goroutines: no runtime is given.
func Example() {
	w, err := program.Load("sum.zxasm", []byte("LOAD_CONST 2\nLOAD_CONST 3\nADD\nSTORE_NAME total\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	o, err := vm.System{}.Run(context.Background(), nil, *w)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(o.Outcome.Text())
	// Output:
	// result nil
	// var total = 5
}
