// Package isolate runs properties in child processes, so that a system that
// crashes or hangs its process yields a verdict instead of ending the run.
//
// A child is the same program, started with arguments that make it call [Serve].
// It reads one request from its standard input and answers in JSON lines on its
// standard output: progress, which is its sign of life, then one result. A child
// that ends without a result has crashed; one that shows no progress for too
// long hangs, and is made to dump its stacks. Both are failures of the case that
// was running, and are shrunk by running smaller cases in further children.
package isolate
