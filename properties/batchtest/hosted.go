package batchtest

import (
	"testing"

	"synchrony/generators/blocks"
	"synchrony/generators/choice"
	"synchrony/models/block"
	"synchrony/properties/internal/hosted"
)

// checkHosted runs one block once, under the schedule that the host chooses.
func checkHosted(t testing.TB, h hosted.Host, s system) {
	t.Helper()
	hosted.Check(t, h, property(s.Executor, s.config), hosted.Input[Block]{
		Name:   "block",
		Draw:   func(seed uint64) Block { return blocks.Draw(choice.Seeded(seed), s.config.profile()) },
		Format: func(b Block) string { return b.String() }, Parse: block.Parse,
	}, s.hosted)
}
