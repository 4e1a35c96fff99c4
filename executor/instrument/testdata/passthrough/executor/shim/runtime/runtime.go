// Package runtime yields as the real one.
package runtime

import "runtime"

func Gosched() { runtime.Gosched() }

func Spin() { runtime.Gosched() }
