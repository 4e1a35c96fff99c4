// Package execution renders one execution of a batch or of a program: as text, as JSON,
// as Chrome trace events, and the cycle of a history as a page.
package execution
