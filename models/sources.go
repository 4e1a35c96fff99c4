// Package models provides the sources of the models that the runtime in test binaries is built on.
package models

import "embed"

// Sources are those of packages schedule and text.
//
//go:embed schedule/*.go text/*.go
var Sources embed.FS
