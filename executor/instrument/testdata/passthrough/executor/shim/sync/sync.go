// Package sync has types of its own, so that a use that was not redirected does
// not compile.
package sync

import "sync"

type Locker = sync.Locker

type (
	Mutex struct {
		m          sync.Mutex
		run, known *int // it is larger than the standard library's
	}
	RWMutex   struct{ sync.RWMutex }
	WaitGroup struct{ sync.WaitGroup }
	Once      struct{ sync.Once }
	Map       struct{ sync.Map }
)

func (m *Mutex) Lock()         { m.m.Lock() }
func (m *Mutex) Unlock()       { m.m.Unlock() }
func (m *Mutex) TryLock() bool { return m.m.TryLock() }

type Pool struct {
	New func() any
	p   sync.Pool
}

func (p *Pool) Put(x any) { p.p.Put(x) }

func (p *Pool) Get() any {
	if x := p.p.Get(); x != nil || p.New == nil {
		return x
	}
	return p.New()
}

type Cond struct {
	L Locker
	c *sync.Cond
	o sync.Once
}

func NewCond(l Locker) *Cond { return &Cond{L: l} }

func (c *Cond) cond() *sync.Cond {
	c.o.Do(func() { c.c = sync.NewCond(c.L) })
	return c.c
}

func (c *Cond) Wait()      { c.cond().Wait() }
func (c *Cond) Signal()    { c.cond().Signal() }
func (c *Cond) Broadcast() { c.cond().Broadcast() }

func OnceFunc(f func()) func() { return sync.OnceFunc(f) }

func OnceValue[T any](f func() T) func() T { return sync.OnceValue(f) }

func OnceValues[T, U any](f func() (T, U)) func() (T, U) { return sync.OnceValues(f) }
