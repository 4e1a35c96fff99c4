package linearizability_test

import (
	"fmt"
	"strings"

	"synchrony/checkers/linearizability"
	"synchrony/models/recording"
)

// A register that returns what nobody wrote.
func Example() {
	h, err := recording.ReadRecording("history.jsonl", strings.NewReader(`{"process": 0, "type": "invoke", "f": "write", "value": 1}
{"process": 0, "type": "ok", "f": "write", "value": 1}
{"process": 1, "type": "invoke", "f": "read"}
{"process": 1, "type": "ok", "f": "read", "value": 2}
`), recording.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := linearizability.Check(linearizability.Register(), &h.Calls, linearizability.Options{})
	fmt.Println(r.Status, r.Rule)
	// Output: fail not linearizable
}
