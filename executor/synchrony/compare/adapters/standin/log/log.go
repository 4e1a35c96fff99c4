//go:build ignore

// Package log stands in for go-ethereum's package of that name. It writes nothing.
package log

// Debug writes nothing.
func Debug(string, ...any) {}

// Info writes nothing.
func Info(string, ...any) {}

// Warn writes nothing.
func Warn(string, ...any) {}

// Error writes nothing.
func Error(string, ...any) {}
