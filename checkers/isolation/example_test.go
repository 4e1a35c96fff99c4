package isolation_test

import (
	"fmt"
	"strings"

	"synchrony/checkers/isolation"
	"synchrony/models/recording"
)

// Two transactions that each read what the other one changes, before it does: write skew, which snapshot isolation allows.
func Example() {
	h, err := recording.ReadTransactions("history.edn", strings.NewReader(`
{:process 0, :type :invoke, :f :txn, :value [[:r x nil] [:append y 1]]}
{:process 1, :type :invoke, :f :txn, :value [[:r y nil] [:append x 1]]}
{:process 0, :type :ok, :f :txn, :value [[:r x []] [:append y 1]]}
{:process 1, :type :ok, :f :txn, :value [[:r y []] [:append x 1]]}
`), true, recording.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	level, _ := isolation.ParseLevel("serializable")
	r, err := isolation.Judge(&h.Transactions, level)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Status, r.Rule)
	for _, s := range r.Strongest() {
		fmt.Println("holds:", s.Level)
	}
	// Output:
	// fail G2-item, write skew
	// holds: strong-snapshot-isolation
}
