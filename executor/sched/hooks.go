package sched

import "synchrony/models/schedule"

// The hooks of a controlled run. Each announces its step, and takes effect once
// the task was chosen: nothing runs between the choice and the effect.

//go:norace
func (c *controlled) step(op schedule.Op, o schedule.Object) {
	if c.isOver() {
		return
	}
	c.announce(c.running, op, o)
}

//go:norace
func (c *controlled) spawn(name string, number int, f func()) {
	if c.isOver() {
		return
	}
	t := c.reserve(name, number, f)
	c.announce(c.running, schedule.OpSpawn, taskObject(t.number))
	t.op, t.object = schedule.OpBegin, taskObject(t.number)
	t.born.Store(1)
	c.admit(t)
}

//go:norace
func (c *controlled) lock(rt *Runtime, m *Mutex) {
	if c.isOver() {
		return
	}
	t := c.running
	t.wait, t.mutex = untilUnlocked, m
	c.announce(t, schedule.OpLock, m.object(rt))
	m.held, c.toggled = true, true
	m.mu.Lock()
}

//go:norace
func (c *controlled) tryLock(rt *Runtime, m *Mutex) bool {
	if c.isOver() {
		return false
	}
	c.announce(c.running, schedule.OpTryLock, m.object(rt))
	if m.held {
		return false
	}
	m.held, c.toggled = true, true
	m.mu.Lock()
	return true
}

//go:norace
func (c *controlled) unlock(rt *Runtime, m *Mutex) {
	if c.isOver() {
		return
	}
	c.announce(c.running, schedule.OpUnlock, m.object(rt))
	if !m.held {
		if c.hosted() {
			c.abort(c.running, "fatal error: sync: unlock of unlocked mutex")
		}
		panic("sched: unlock of unlocked mutex")
	}
	m.held, c.toggled = false, true
	m.mu.Unlock()
}

//go:norace
func (c *controlled) wait(rt *Runtime, v *Cond) {
	if c.isOver() {
		return
	}
	t, m := c.running, v.L
	t.mutex = m
	c.announce(t, schedule.OpWait, v.object(rt))
	if !m.held {
		panic("sched: wait on a condition whose mutex is not locked")
	}
	m.held, c.toggled = false, true
	m.mu.Unlock()
	v.waiters = append(v.waiters, t)
	t.wait, t.mutex, t.cond = untilSignalled, m, v.object(rt)
	c.announce(t, schedule.OpLock, m.object(rt))
	v.woken.Load()
	m.held, c.toggled = true, true
	m.mu.Lock()
}

//go:norace
func (c *controlled) signal(rt *Runtime, v *Cond, op schedule.Op) {
	if c.isOver() {
		return
	}
	c.announce(c.running, op, v.object(rt))
	n := len(v.waiters)
	if op == schedule.OpSignal {
		n = min(n, 1)
	}
	for _, t := range v.waiters[:n] {
		t.wait = untilUnlocked
		t.cause = int32(len(c.steps)) - 1
		c.refresh(t)
	}
	v.woken.Add(1)
	v.waiters = append(v.waiters[:0], v.waiters[n:]...)
}

//go:norace
func (c *controlled) add(rt *Runtime, g *WaitGroup, n int) {
	if c.isOver() {
		return
	}
	op := schedule.OpAdd
	if n < 0 {
		op = schedule.OpDone
	}
	c.running.group, c.running.amount = g, n
	c.announce(c.running, op, g.object(rt))
	if g.count+n < 0 {
		panic("sched: negative WaitGroup counter")
	}
	g.count += n
	c.toggled = true
	g.real.Add(n)
}

//go:norace
func (c *controlled) join(rt *Runtime, g *WaitGroup) {
	if c.isOver() {
		return
	}
	t := c.running
	t.wait, t.group = untilZero, g
	c.announce(t, schedule.OpJoin, g.object(rt))
	g.real.Wait()
}
