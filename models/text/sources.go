package text

import "embed"

// Sources are this package's own, for the runtime that is compiled into other
// people's test binaries.
//
//go:embed *.go
var Sources embed.FS
