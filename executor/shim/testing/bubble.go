//go:build go1.26

package testing

// Bubble is a test in a bubble of package synctest: it has the name of the test that it is part of, and fails with it.
type Bubble struct{ t *T }

// NewBubble makes the test of a bubble.
func (t *T) NewBubble() Bubble {
	sub := &T{common: common{run: t.run, parent: &t.common, name: t.name}, up: t, bubble: true}
	sub.signal, sub.barrier = make(chan bool, 1), make(chan struct{})
	return Bubble{sub}
}

// Run runs f as the test, with its cleanup functions, on the calling task, which may end with it.
func (b Bubble) Run(f func(*T)) { b.t.body(f) }

// Failed reports whether the test failed.
func (b Bubble) Failed() bool { return b.t.Failed() }

// outside refuses what must not be called in a bubble.
func (t *T) outside(method string) {
	if t.bubble {
		panic("testing: t." + method + " called inside synctest bubble")
	}
}
