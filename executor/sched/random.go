package sched

import "math/rand/v2"

// Random chooses uniformly at every step. It is here to be compared with: it keeps
// tasks in lockstep, so it rarely finds what needs one task to be slow.
func Random(seed uint64) Strategy { return random{newRand(seed)} }

type random struct{ *rand.Rand }

func (r random) Choose(p *Point) int { return r.IntN(len(p.Enabled)) }

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, mix(seed))) }
