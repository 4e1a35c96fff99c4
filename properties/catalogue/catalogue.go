// Package catalogue provides the built-in properties: those of the batch executor, of the
// virtual machine, of proofs and of the checkers themselves, in the groups that users select.
package catalogue

import (
	"slices"

	"synchrony/properties"
	"synchrony/properties/catalogue/batch"
	"synchrony/properties/catalogue/broken"
	"synchrony/properties/catalogue/checker"
	"synchrony/properties/catalogue/clients"
	"synchrony/properties/catalogue/proof"
	"synchrony/properties/catalogue/spoiled"
	"synchrony/properties/catalogue/vm"
)

// All returns every built-in property, in the order of reports, and how long their cases take. It errs if two have the same ID.
func All() (*properties.Registry, error) {
	whole := []properties.Testable{batch.Whole(), vm.Whole()}
	r, err := properties.NewRegistry(slices.Concat(batch.Properties(), vm.Properties(), proof.Properties(), checker.Properties(), clients.Properties(), spoiled.Properties(), whole, broken.Properties())...)
	if err != nil {
		return nil, err
	}
	if r.Costs, err = parseCosts(costs); err != nil {
		return nil, err
	}
	return r, nil
}
