package executor

import "embed"

// Sources are those of the runtime that is compiled into test binaries: the scheduler and the shims.
//
//go:embed sched/*.go shim
var Sources embed.FS
