package auto

import (
	_ "embed"

	"synchrony/models/text"
)

//go:embed equivalent.txt
var equivalentText string

// EquivalentFile is where the list of equivalent mutants is kept, from the module's root.
const EquivalentFile = "properties/mutants/auto/equivalent.txt"

// Equivalent is the reviewed list of mutants that no property can kill: by key, the reason
// why their verdicts can't differ from those of the original.
type Equivalent map[string]string

// Reviewed is the list that comes with this package. The error is of a line that cannot be read: a [*text.Error].
func Reviewed() (Equivalent, error) { return text.ParseReasons(EquivalentFile, equivalentText) }
