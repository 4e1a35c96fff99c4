// Package evidence keeps of what a panic or a dying Go process says that which is the same in
// every run: messages, functions and lines, but neither addresses nor numbers of goroutines
// and processes, nor temporary folders, nor the order of goroutines. A counterexample is named
// after its content, so the same seed must give the same words.
package evidence
