package command

import (
	"fmt"
	"slices"
	"strings"

	"synchrony/models/text"
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

// fewProperties is how many properties are named to who named another one.
const fewProperties = 8

// otherWords is a word that selects no property, with what may be meant.
func (a *app) otherWords(word string) string {
	if several := strings.FieldsFunc(word, func(r rune) bool { return r == ',' || r == ';' }); len(several) > 0 && strings.Join(several, "") != word {
		if _, err := a.registry.Select(several...); err == nil {
			return fmt.Sprintf("%q: they are separated by spaces, as in %q", word, strings.Join(several, " "))
		}
	}
	only := ""
	if all := a.registry.All(); len(all) > 0 && len(all) <= fewProperties {
		var ids []string
		for _, c := range all {
			ids = append(ids, c.Info().ID)
		}
		only = ", only " + text.And(ids)
	}
	return fmt.Sprintf("%q%s%s", word, only, didYouMean(word, names(a.registry)))
}
