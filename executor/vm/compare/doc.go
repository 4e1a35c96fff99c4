// Package compare runs the same four programs on this project's virtual machine and on other interpreters
// written in Go, side by side. From this folder:
//
//	go test -bench . -benchtime 5x -timeout 30m
//
// prints, for each program, our time for an instruction, and how many times as long as ours each
// other interpreter takes (x-NAME). Executions are interleaved; of each interpreter's the median counts,
// and all must compute the same result.
//
// All are used as they are meant to be for speed: programs are compiled before, and hold their variables
// in locals, but for those of the matrix in Lua, of which a function can have only 200. Ours are
// globals, and what it takes to begin a run and to report their values at the end counts: of 1,000 simple
// statements that is the larger part, which is why there are 10,000, too. Our ints have 64 bits and overflow is
// an error; Lua's numbers are float64, JavaScript's are too where they must be, Starlark's ints have
// no bound, and WebAssembly's wrap.
//
// This is a module of its own, with a workspace, so that what it needs is no dependency of
// the project's.
package compare
