package properties

import (
	"context"

	"pgregory.net/rapid"
)

// Try tests the one case that t draws, as Fuzz does.
func Try(ctx context.Context, p Testable, t *rapid.T, spec Spec) (*Failure, error) {
	return p.(fuzzable).try(ctx, t, spec)
}

// RapidShrink is rapidShrink.
var RapidShrink = rapidShrink
