// Package docs holds pages that a command shows as help: the references of the two
// languages, and what is the same for all commands.
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

// Schedules says what a schedule is, how it is written, and where schedules come from, in Markdown.
//
//go:embed schedules.md
var Schedules string

// ExitCodes says what exit codes mean, in Markdown.
//
//go:embed exit-codes.md
var ExitCodes string

// Files says which files are read and written, in Markdown.
//
//go:embed files.md
var Files string

// Languages says in which languages workloads are written, in Markdown.
//
//go:embed languages.md
var Languages string
