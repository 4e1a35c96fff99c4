package history

import (
	"fmt"
	"strings"
	"testing"

	"synchrony/checkers"
	"synchrony/checkers/linearizability"
	"synchrony/models/recording"
)

// Two clients of a register. The second reads 1 after a write of 2 was acknowledged, so
// that somebody has served it from a cache.
const stale = `{"process": 0, "type": "invoke", "f": "write", "value": 1}
{"process": 0, "type": "ok", "f": "write", "value": 1}
{"process": 0, "type": "invoke", "f": "write", "value": 2}
{"process": 1, "type": "invoke", "f": "read"}
{"process": 1, "type": "ok", "f": "read", "value": 1}
{"process": 0, "type": "ok", "f": "write", "value": 2}
{"process": 1, "type": "invoke", "f": "read"}
{"process": 1, "type": "ok", "f": "read", "value": 1}
`

// judge reads a history of a register, and judges it.
func judge(text string) (linearizability.Result, error) {
	h, err := recording.ReadRecording("history.jsonl", strings.NewReader(text), recording.Options{})
	if err != nil {
		return linearizability.Result{}, err
	}
	return linearizability.Check(linearizability.Register(), &h.Calls, linearizability.Options{}), nil
}

func Example() {
	r, err := judge(stale)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v: %s\n%s\n", r.Status, r.Rule, r.Reason)
	// Output:
	// fail: not linearizable
	// no order of the calls explains p1 read register 1: after a longest sequence that can be explained, there is {register: 2}
}

// TestRight: without the last read there is an order, as the first one overlaps with the
// second write.
func TestRight(t *testing.T) {
	lines := strings.SplitAfter(stale, "\n")
	r, err := judge(strings.Join(lines[:6], ""))
	if err != nil || r.Status != checkers.Pass {
		t.Errorf("%v, %v: %s", err, r.Status, r.Reason)
	}
}
