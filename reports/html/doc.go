// Package html renders a run of properties as one self-contained page: start from
// [Write].
//
// The page is one file that needs nothing else: no network, no server. What it says
// of each property and failure is plain HTML, which also reads without scripts. What
// can be large, an execution's events and the schedule's steps, is data apart from it:
// compressed, a block for each failure, unpacked and drawn when a reader opens that failure.
//
// Its parts, each in files of their own:
//
//   - view*.go says in words what the page shows; page.html.tmpl sets it
//   - detail*.go makes a failure's data from its replay: batch, program, schedule
//   - layout.go places the nodes of a dependency graph
//   - pack.go writes columns of numbers in few bytes
//   - assets holds the style sheet, and the scripts that unpack and draw
//
// Names and texts come from workloads, which anybody may have written. html/template
// escapes them, the scripts only ever set them as text, and the page's content security policy
// allows no script but its own.
package html
