package synchrony_test

import (
	"context"
	"fmt"

	"synchrony/executor/synchrony"
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// A batch on plain goroutines: no runtime is given.
func Example() {
	b, err := batch.Parse("one.ae", []byte("accounts { alice: 100; bob: 50; }\natomic_batch {\n  intent transfer1(alice, bob, 10)\n}\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	o, err := synchrony.System{}.Run(context.Background(), nil, batch.Workload{Batch: b, Setup: batch.Setup{Workers: 2}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(o.Outcome, trace.NamesOf(b).Balances(o.Final))
	// Output: committed alice 90 bob 60
}
