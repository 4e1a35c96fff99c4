package isolate_test

import (
	"context"
	"fmt"
	"time"

	"synchrony/properties"
	"synchrony/properties/isolate"
)

// A property that this process does not know is not run anywhere.
func Example() {
	none := func(string) (properties.Testable, bool) { return nil, false }
	r := &isolate.Runner{Executable: "verify", Arguments: []string{"child"}, Patience: 30 * time.Second, Lookup: none}
	_, err := r.Run(context.Background(), "S1", properties.Spec{Seed: 1, Count: 10}, nil)
	fmt.Println(err)
	// Output: there is no property "S1"
}
