package batch_test

import (
	"fmt"

	"synchrony/models/batch"
)

// A batch is read from its text.
func Example() {
	b, err := batch.Parse("one.ae", []byte("accounts { alice: 100; bob: 50; }\natomic_batch {\n  intent transfer1(alice, bob, 10)\n}\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(b.Accounts), "accounts,", len(b.Transactions), "transaction")
	// Output: 2 accounts, 1 transaction
}
