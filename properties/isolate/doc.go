// Package isolate runs properties in child processes, so that a system that
// crashes or hangs its process yields a verdict instead of ending the run.
//
// A child is the same program, started with arguments that make it call [Serve].
// It gets one request and answers with messages, over pipes of their own (see
// package process): progress, which is its sign of life, then one result. What it
// prints is the system's, and never an answer. The result counts if the child then
// ends well. A child that ends otherwise has crashed; one that had its patience of
// time without progress hangs, and is made to dump its stacks. Both are failures of
// the case that was running, and are shrunk by running smaller cases in further
// children. A child that something else ended, or for which the machine had no room,
// is run once more, alone; if that shows nothing either, its case is not judged: that
// is neither a pass nor a violation.
package isolate
