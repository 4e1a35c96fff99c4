//go:build go1.26

package task

import (
	"unsafe"

	"synchrony/models/schedule"
)

// Known is what a run knows of an object by its address.
type Known struct {
	at    unsafe.Pointer // keeps the object alive, so that no other gets its address during the run
	State any            // of the package that stands in for the object's kind
	schedule.Object
}

// objects is a hash table by address. It is no Go map because the race detector checks accesses to these
// whoever makes them.
type objects struct {
	slots []*Known
	used  int
}

//go:norace
func (t *objects) find(at unsafe.Pointer) *Known {
	if len(t.slots) == 0 {
		return nil
	}
	return t.slots[t.slot(at)]
}

// slot returns where at is, or would be.
//
//go:norace
func (t *objects) slot(at unsafe.Pointer) int {
	mask := len(t.slots) - 1
	i := int(uint64(uintptr(at)>>3)*0x9e3779b97f4a7c15>>40) & mask
	for t.slots[i] != nil && t.slots[i].at != at {
		i = (i + 1) & mask
	}
	return i
}

//go:norace
func (t *objects) add(k *Known) {
	if 2*(t.used+1) > len(t.slots) {
		old := t.slots
		t.slots = make([]*Known, max(64, 2*len(old)))
		for _, o := range old {
			if o != nil {
				t.slots[t.slot(o.at)] = o
			}
		}
	}
	t.slots[t.slot(k.at)] = k
	t.used++
}

// Object returns what the run knows of the object at an address, of a class that is numbered in order of first use; first
// says that this is its first use.
//
//go:norace
func (c *Current) Object(at unsafe.Pointer, class schedule.Class) (k *Known, first bool) {
	if k := c.objects.find(at); k != nil {
		return k, false
	}
	k = &Known{at: at, Object: c.NewObject(class)}
	c.objects.add(k)
	return k, true
}

// Number returns the number of what is at an address, among those that were numbered in this run, from 1 on; with add it is numbered if it
// is not yet, and else the number of what is not is 0.
//
//go:norace
func (c *Current) Number(at unsafe.Pointer, add bool) int32 {
	k := c.numbered.find(at)
	switch {
	case k == nil && !add:
		return 0
	case k == nil:
		k = &Known{at: at, Object: schedule.Object{Index: int32(c.numbered.used) + 1}}
		c.numbered.add(k)
	}
	return k.Index
}

// Ref is embedded in objects, and remembers the run that last used them.
type Ref struct {
	run   *Current
	known *Known
}

// Enter returns what the run knows of the object that r is part of, at the given address. Its first use in the run is to reset it if
// left reports that it was used by another run before.
//
//go:norace
func (r *Ref) Enter(c *Current, at unsafe.Pointer, class schedule.Class) (o schedule.Object, left bool) {
	if r.run == c {
		return r.known.Object, false
	}
	left = r.run != nil
	r.run = c
	r.known, _ = c.Object(at, class)
	return r.known.Object, left
}
