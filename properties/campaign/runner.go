package campaign

import (
	"context"

	"synchrony/properties"
)

// Runner does what [properties.Testable] does for a property, given by ID, somewhere: an
// isolate.Runner does it in a child process, so that a system that crashes or hangs is a verdict. The
// methods are called from several goroutines.
type Runner interface {
	Run(ctx context.Context, id string, spec properties.Spec, progress func(properties.Progress)) (properties.Result, error)
	Explore(ctx context.Context, id string, spec properties.ExploreSpec, progress func(properties.Progress)) (properties.Exploration, error)
}
