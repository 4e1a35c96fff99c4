package recording_test

import (
	"fmt"
	"strings"

	"synchrony/models/recording"
)

// A history that Jepsen has recorded.
func Example() {
	h, err := recording.ReadRecording("history.edn", strings.NewReader(`{:process 0, :type :invoke, :f :write, :value 1}
{:process 0, :type :ok, :f :write, :value 1}
`), recording.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(h.Calls.Calls), h.Calls.Calls[0].Actions[0].Value)
	// Output: 1 1
}
