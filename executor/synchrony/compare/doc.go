// Command compare measures what docs/performance.md says to be fast: the batch executor beside other executors of blocks, in one
// process and by turns, and the checkers, schedules and reports. From this folder:
//
//	go run . -peers hypersdk=FOLDER,go-block-stm=FOLDER,bor=FOLDER -only peers,share
//
// prints tables; -images FOLDER has curves, too; -help lists the rest. "make bench-peers" does it from the root.
//
// A peer's code is no part of this project. Each FOLDER is a checkout of it that you have. Block-STM of the Cosmos SDK needs none: the module
// proxy serves it. The program copies the files of the executor to a temporary module outside of the repository, with the adapter
// from adapters/NAME, and with stand-ins from adapters/standin for packages that an executor uses for a type or two and that would bring a
// whole chain with them; builds that; and runs it. The checkout stays as it is.
//
// To add a peer, write adapters/NAME/adapter.go, which has a variable Peer, and a line in sources.go.
//
// This is a module of its own, with a workspace, as executor/vm/compare is, so that it adds nothing to what the project's packages are.
package main
