package sample_test

import (
	"fmt"
	"math/rand/v2"

	"synchrony/models/recording/sample"
)

// Two transactions on lists, one after the other.
func Example() {
	h := sample.Shape{Lists: true, Transactions: 2, Concurrency: 1, Writes: 8}.Draw(rand.New(rand.NewPCG(4, 1)))
	fmt.Print(sample.EDN(h))
	// Output:
	// {:index 0, :type :invoke, :process 0, :f :txn, :value [[:append 1 1] [:r 9 nil] [:append 3 2] [:append 6 3]], :time 1000}
	// {:index 1, :type :ok, :process 0, :f :txn, :value [[:append 1 1] [:r 9 []] [:append 3 2] [:append 6 3]], :time 2000}
	// {:index 2, :type :invoke, :process 0, :f :txn, :value [[:append 3 4] [:r 8 nil] [:r 8 nil]], :time 3000}
	// {:index 3, :type :ok, :process 0, :f :txn, :value [[:append 3 4] [:r 8 []] [:r 8 []]], :time 4000}
}
