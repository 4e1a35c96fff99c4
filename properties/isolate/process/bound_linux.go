package process

import "syscall"

// bind has the kernel kill the child when the thread that starts it ends. The Go runtime ends only threads that a goroutine
// was locked to as it returned, and no goroutine of this program is: the child ends with this process.
func bind(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGKILL }
