//go:build go1.26

package sync

// OnceFunc is [sync.OnceFunc].
func OnceFunc(f func()) func() {
	g := OnceValue(func() struct{} {
		f()
		return struct{}{}
	})
	return func() { g() }
}

// OnceValue is [sync.OnceValue].
func OnceValue[T any](f func() T) func() T {
	var (
		once     Once
		result   T
		returned bool
		panicked any
	)
	call := func() {
		defer func() {
			f = nil
			if !returned {
				panicked = recover()
				panic(panicked)
			}
		}()
		result = f()
		returned = true
	}
	return func() T {
		once.Do(call)
		if !returned {
			panic(panicked)
		}
		return result
	}
}

// OnceValues is [sync.OnceValues].
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	type pair struct {
		first  T1
		second T2
	}
	g := OnceValue(func() (p pair) {
		p.first, p.second = f()
		return p
	})
	return func() (T1, T2) {
		p := g()
		return p.first, p.second
	}
}
