package main

import (
	"slices"

	"synchrony/properties"
	"synchrony/properties/batches"
	"synchrony/properties/broken"
	"synchrony/properties/histories"
	"synchrony/properties/judges"
	"synchrony/properties/programs"
	"synchrony/properties/refutations"
)

// catalogue is every property that the command knows, in the order of reports.
func catalogue() (*properties.Registry, error) {
	whole := []properties.Testable{batches.Whole(), programs.Whole()}
	return properties.NewRegistry(slices.Concat(batches.Properties(), programs.Properties(), refutations.Properties(), histories.Properties(), judges.Properties(), whole, broken.Properties())...)
}

// names are the words that select properties: their IDs and groups.
func names(r *properties.Registry) []string {
	var words []string
	for _, c := range r.All() {
		for _, w := range []string{c.Info().ID, c.Info().Group} {
			if !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
	}
	return words
}
