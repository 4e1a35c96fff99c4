// Package mutants breaks this module on purpose and watches who notices: begin
// with [All], which lists the mutants, and [Workspace.Try], which builds one, has its
// property find it, and replays what was found.
//
// A mutant is one source file with one mechanism removed or wrong, kept as a patch
// with a header in the folder patches. Its binary is made without touching the source,
// by go build -overlay. A [Workspace] builds and runs any [Variant], wherever that comes from.
package mutants
