package program_test

import (
	"fmt"

	"synchrony/models/program"
)

// A program is read from its text, validated and run by the specification.
func ExampleRun() {
	w, err := program.Load("sum.zxasm", []byte(`
		LOAD_CONST [1, 2, 3]
		PARALLEL_MAP @square
		CALL_BUILTIN sum 1
		STORE_NAME total
		.func square(x)
		    LOAD_NAME x
		    DUP
		    MUL
		.end`))
	if err != nil {
		fmt.Println(err)
		return
	}
	outcome, err := program.Run(w.Program, w.Setup.Limits)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(outcome.Text())
	// Output:
	// result nil
	// var total = 14
}

// A racy program has several outcomes.
func ExampleOutcomes() {
	w, err := program.Load("race.zxasm", []byte(`
		LOAD_CONST 0
		SHARED_WRITE n
		FORK_EXECUTION 2
		SHARED_READ n
		LOAD_CONST 1
		ADD
		SHARED_WRITE n
		JOIN_WORKERS 0`))
	if err != nil {
		fmt.Println(err)
		return
	}
	all, complete, err := program.Outcomes(w.Program, w.Setup.Limits, 1000)
	for _, o := range all {
		fmt.Print(o.Text())
	}
	fmt.Println(complete, err)
	// Output:
	// result nil
	// shared n = 2
	// result nil
	// shared n = 1
	// true <nil>
}
