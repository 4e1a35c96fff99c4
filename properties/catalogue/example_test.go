package catalogue_test

import (
	"fmt"

	"synchrony/properties/catalogue"
)

// The built-in properties, by their IDs.
func Example() {
	registry, err := catalogue.All()
	if err != nil {
		fmt.Println(err)
		return
	}
	p, _ := registry.Lookup("S8")
	fmt.Println(p.Info().Statement)
	// Output: the sum of balances is conserved by the batch and by each transaction
}
