// Package instrument builds test binaries whose goroutines, channels, locks and
// clocks are under the control of the deterministic scheduler.
//
// It loads the packages under test with their tests and their dependencies
// outside the standard library, rewrites them so that go statements, channel
// operations, selects, ranges over channels and maps, and the uses of sync,
// sync/atomic, time, context, math/rand, runtime and testing go to the shims of
// the runtime, and builds one test binary for each package. Nothing is written
// into the user's tree: files of the user's own modules reach the compiler
// through -overlay, dependencies through replaced copies of their modules.
//
// Rewriting replaces pieces of text, never prints syntax trees, so comments,
// directives, line ends and the meaning of each file's language version stay.
// Text that must be evaluated earlier than it is written carries line
// directives: positions in stacks and reports are those of the user's source.
//
// The values of channels keep their types (chan T); only what is done with them
// is rewritten. So type identity, generics, reflection and the standard
// library's own channels need no translation.
//
// What cannot be taken under control stays as it is and is listed in
// Result.Left with its position and the reason.
package instrument
