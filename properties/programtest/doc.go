// Package programtest tests interpreters and virtual machines that run parts of a program in parallel, against running the same program one instruction
// after another. Call [Check] from a test, and give it the interpreter:
//
//	func TestMachine(t *testing.T) {
//		programtest.Check(t, programtest.Interpreter{Run: func(ctx context.Context, p *program.Program) (program.Outcome, error) {
//			… run p, the workers of a fork in as many goroutines as you like …
//		}})
//	}
//
// The package has the rest: it draws programs, runs them sequentially, compares, makes a program that fails smaller, saves it, and replays it first the next time.
// Programs are those of package [synchrony/models/program], whose text form docs/language-zxasm.md describes; what is drawn is of a small part of it, with ints and bools,
// variables, branches, loops, calls, output and forks, unless options say that the interpreter can do more: [Values], [Maps], [Barriers], [Failures], [Races].
//
// # What is right
//
// The workers of a fork have copies of the variables, which are merged in the order of workers when all have ended, and add to shared variables atomically. So a program has one outcome,
// whatever its workers' order is: the result, the variables, the shared variables, the output, and the error if it fails. Only with the option [Races] are programs drawn that have several;
// then each is right that some order of the accesses to shared variables leads to.
//
// # How far schedules are controlled
//
// Each result says it:
//
//   - controlled: every schedule is chosen, and replays. So it is for an interpreter that is written on package sched ([Interpreter.On]), for one whose goroutines,
//     locks and channels are of the packages in executor/shim, and for any test that is run by the command verify test, which rewrites the interpreter for that.
//   - disturbed: the interpreter starts goroutines of its own. They pause at random at each call of the hook of [Interpreter.Traced]; those of [Interpreter.Run] run as they come. A violation
//     is told with how often it comes, and is looked for again as often as makes it improbable to miss it.
//
// A run that never ends is a violation with the places at which its goroutines wait: see [Patience].
package programtest
