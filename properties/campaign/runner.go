package campaign

import (
	"context"

	"synchrony/properties"
)

// Runner does what [properties.Testable] does for a property, given by ID, somewhere: an
// isolate.Runner does it in a child process, so that a system that crashes or hangs is a verdict; a
// gotest.Suite does it for ordinary Go tests. Run is called from several goroutines. The error of ctx
// says that it was interrupted.
type Runner interface {
	Run(ctx context.Context, id string, spec properties.Spec, progress func(properties.Progress)) (properties.Result, error)
}

// Explorer explores cases as a [Runner] runs properties.
type Explorer interface {
	Explore(ctx context.Context, id string, spec properties.ExploreSpec, progress func(properties.Progress)) (properties.Exploration, error)
}
