// Package process runs child processes that nobody trusts: they may crash, hang, print
// without end, be killed from outside, be suspended, starve, or leave processes of their
// own behind. Whatever they do, [Command.Run] returns, and says how the child ended.
//
// Supervisor and child talk in lines over two pipes of their own, which the child finds as
// descriptors 3 (requests) and 4 (answers). Standard output and error are the child's to
// print on: nothing there is taken for an answer. What the lines mean is decided by who
// calls Run, and in the child by who calls [Attach]; the supervisor knows only the beat,
// which tells how the child fares. A child in any language may write lines, and may do
// without beats.
//
// These invariants hold:
//   - A child's process group does not outlive it. A process that has left the group may, but
//     nothing waits for it.
//   - What decides that a child hangs is the time that the child itself had: not time in which
//     it was suspended, waited for a processor, or in which this process was stopped.
//   - How a child ended is known only when it has: an answer before that is not an ending.
package process
