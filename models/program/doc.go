// Package program defines what the parallel VM runs: values, instructions and programs,
// their text and binary forms, the validator, and a sequential specification ([Run],
// [Outcomes]) that says what every program means. Executors are held against the
// specification and share no code with it.
//
// # Values
//
// A [Value] is nil, a bool, an int (64 bits), a float (64 bits), a string of bytes, a
// list, a map or a function. Values are immutable: no instruction changes a list or a
// map, so whether an implementation shares or copies them cannot be observed. Map keys are
// bools, ints and strings, ordered so, and by value within a kind. (A float key is a type
// error: NaN is not equal to itself, and 1.0 equals 1.)
//
// False values are nil, false, 0, 0.0, -0.0 and the empty string, list and map; all
// others are true, NaN and functions included.
//
// # Operators
//
// Binary operators pop b, then a, and push a∘b.
//
//	ADD            int+int; float if either is a float; string+string and list+list
//	               concatenate
//	SUB MUL        int; float if either is a float
//	DIV            int/int truncates toward zero; float if either is a float; a zero
//	               divisor (0, 0.0, -0.0) is an error
//	MOD            has the dividend's sign (-7 % 3 is -1), floats too (C's fmod); a
//	               zero divisor is an error; the smallest int modulo -1 is 0
//	POW            int if both are ints and the exponent is not negative (0^0 is 1),
//	               else float (IEEE pow); 0 to a negative power is a division by zero
//	NEG            int or float
//	EQ NEQ         any two values. Ints and floats compare by mathematical value; NaN
//	               equals nothing; otherwise values of different kinds differ. Lists
//	               and maps compare by content, functions by name
//	LT GT LTE GTE  two numbers (by mathematical value; false with NaN) or two strings
//	               (by bytes); anything else is a type error
//	AND OR NOT     by truth, push a bool; both operands have been evaluated
//
// An int result outside 64 bits is an [Overflow] error; it never wraps and never becomes
// a float. Where an int meets a float in arithmetic it is converted, rounding to nearest
// even. Float results follow IEEE 754 without fused operations: infinities and NaN are
// values, not errors. All NaNs are the same value.
//
// # Variables and functions
//
// Program.Functions[0] is the main code; its variables are the globals. A function
// declares its locals, the parameters first. Inside it a name that it declares is that
// local, and every other name is a global: who reads and writes what is known without
// running. A local that is not a parameter starts undefined at each call; loading an
// undefined variable is an error.
//
// Arguments are pushed from left to right. A function ends at RETURN or after its last
// instruction, and returns the top of its operand stack, or nil if that is empty. Each
// call has an operand stack of its own. Functions may recurse. A call checks that its
// callee is a function, then the number of arguments, then the depth of calls.
//
// After an error the globals are as the failing instruction found them, locals are gone,
// and all output before it stays. Its position is that of the instruction that failed,
// in whatever function.
//
// # Limits
//
// See [Limits] for the defaults.
//
// Steps: every instruction counts one before it is executed, in whatever function, except
// JOIN_WORKERS, which is free. If the limit has been reached, the instruction is not
// executed and the run ends with [StepLimit].
//
// Memory: building a value costs its whole size ([Value.Size]), as if its parts were
// copied, and is never given back. Charged are: the result of an ADD that concatenates, of
// BUILD_LIST, BUILD_MAP and PARALLEL_MAP; each string, list or map that a builtin returns;
// the one-byte string of INDEX; the text of PRINT, as a string. The error of an
// instruction's operands comes before that of its memory.
//
// Calls: entering a function fails with [StackLimit] if CallDepth calls are active. A
// worker counts the calls around its fork; an element of a PARALLEL_MAP is a call, and the
// instruction fails as a call would, on an empty list too.
//
// # The parallel instructions
//
// A fork's n workers run the block up to its JOIN_WORKERS, each with an empty operand
// stack and a private copy of the globals and of the current call's locals, in which the
// global worker_id is the worker's number. (worker_id can't be stored, nor declared as a
// local. Functions called in the block see it; outside a fork it is undefined.) Each
// worker may use an equal share, rounded down, of the steps and the memory that remain
// after the FORK_EXECUTION; at the join the sum of what they used is counted.
//
// The join waits for every worker's own end: an error of one does not stop the others. If
// all succeed, the variables that each worker stored are merged in worker order, then
// their outputs are appended in worker order. If a worker failed, the error is that of the
// lowest such worker, and the join merges nothing: variables and output stay as they were
// at the fork. Changes to shared variables remain in any case.
//
// Barriers work in rounds. A worker's k-th BARRIER_SYNC in a fork belongs to round k. If
// all workers of the fork reach round k with the same barrier id, all pass. Otherwise
// (somebody ends or fails first, or comes with another id) every worker that reaches round
// k fails there with [BarrierBroken]. A barrier belongs to the innermost fork around it.
//
// PARALLEL_MAP calls a function of one parameter for each element, as that many workers
// would: variables are private, and dropped afterwards; steps and memory are shared out
// equally. All elements are evaluated; the error is that of the lowest index.
//
// Shared variables are apart from other variables, even of the same name. They are
// linearizable cells; an unset one holds nil. ATOMIC_ADD counts an unset one as 0; it
// fails, and changes nothing, if the variable or the delta is no int, or on overflow.
// ATOMIC_CAS compares as EQ does. They may be used outside forks too.
//
// Time is virtual and passes only in the builtin work(ms). Workers start at their fork's
// time; a barrier that is passed moves all to the latest of them; a join moves to the time
// of its last worker. A join with a timeout fails with [JoinTimeout] if a worker would have
// to go on beyond it: that worker is stopped in its work. This error comes before those of
// workers. Since real time passes by itself, an implementation may also time out earlier
// than that, at any point of the workers, and stop them all there: [Outcomes] has these
// cases, [Run] has not.
package program
