// Package foreign tests systems that are written in any language: programs that are started once, and take workloads and give observations as
// lines of JSON on descriptors of their own. docs/protocol.md is for who writes one.
//
// At level 1 the program runs a workload as it does, and verify keeps all else: it draws and shrinks workloads, judges observations, and watches the
// process. At level 2 the program has a deterministic scheduler: it is told a whole schedule at once, and returns every decision that it made with
// what each task was about to do. Then its schedules are searched, minimised and replayed as those of a system that is written on package sched.
//
// Nothing that the program does is a verdict but what it shows: if it says what cannot be, falls silent, ends, or floods its descriptors, the
// case is not judged.
package foreign
