//go:build !linux

package process

import "syscall"

// bind does nothing: this system does not end a child with its parent.
func bind(*syscall.SysProcAttr) {}
