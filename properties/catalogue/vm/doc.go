// Package programs holds the properties of machines that run programs, V1 to V22, and
// ties them to the built-in one, the parallel VM: start from [Properties] or, for a
// machine of your own, [Of].
//
// Most judge one run of a program. Others run a program in two forms, the operations of
// shared state on their own, or the readers and the validator of programs.
package vm
