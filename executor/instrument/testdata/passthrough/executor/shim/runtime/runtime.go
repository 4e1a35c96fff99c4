// Package runtime yields as the real one.
package runtime

import "runtime"

func Gosched() { runtime.Gosched() }

func Spin() { runtime.Gosched() }

func RealTime[F any](f F) F { return f }
