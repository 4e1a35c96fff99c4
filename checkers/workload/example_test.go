package workload_test

import (
	"fmt"
	"strings"

	"synchrony/checkers/workload"
	"synchrony/models/recording"
)

// Two clients are given the same identifier.
func Example() {
	h, err := recording.ReadOperations("history.edn", strings.NewReader(`
{:process 0, :type :invoke, :f :generate, :value nil}
{:process 0, :type :ok, :f :generate, :value 7}
{:process 1, :type :invoke, :f :generate, :value nil}
{:process 1, :type :ok, :f :generate, :value 7}
`), recording.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, _ := workload.Lookup("unique-ids")
	v, err := m.Check(h.List, workload.Options{})
	fmt.Println(v.Status, v.Rule, err)
	// Output: fail duplicate identifier <nil>
}
