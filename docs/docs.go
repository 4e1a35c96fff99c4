// Package docs holds the references of the two languages, for a command that shows
// them.
package docs

import _ "embed"

// AE is the reference of the language of batches, in Markdown.
//
//go:embed language-ae.md
var AE string

// ZXASM is the reference of the language of programs, in Markdown.
//
//go:embed language-zxasm.md
var ZXASM string
