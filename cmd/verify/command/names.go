package command

import (
	"slices"

	"synchrony/properties"
)

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
