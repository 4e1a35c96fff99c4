package isolation

import (
	"slices"

	"synchrony/checkers"
	"synchrony/models/history"
)

// solver orders the versions of registers so that there is a serial order: of two versions of a key, either the
// first and all who read it come before the second, or the other way round (the polygraphs of Papadimitriou, "The
// Serializability of Concurrent Database Updates", JACM 1979). What follows from what is known is found first, until nothing
// more does; then the pairs that are left are ordered one after another, each time with what follows, and the other way round
// where that leads to a contradiction.
type solver struct {
	*judge
	before  *banded
	number  []int32 // by transaction: its number among those that took effect
	readers readers
	pairs   []pair // of versions whose order is not known yet, by the first of them
	looked  int64  // how many readers of versions were looked at
}

// pair is two versions of a key. When it was last looked at, both orders were possible, and so they are until what comes after one of the two changes.
type pair struct {
	a, b   int32
	looked uint32 // what banded.now was then; 0 if it was not looked at yet
}

// maxPairs bounds the memory, and maxSolving the time: how many readers, bits and words are looked at in all.
const (
	maxPairs   = 20_000_000
	maxSolving = 1 << 35
)

// spent reports whether the time is over. What was ordered until then is right, but not all that follows from it is.
func (s *solver) spent() bool { return s.looked+s.before.work > maxSolving }

// solve decides a level of which all cycles are forbidden: Pass if an order was found, with the versions in it, Fail if there is certainly none.
func (j *judge) solve(l Level) (checkers.Status, [][]int32) {
	s := &solver{judge: j, number: make([]int32, len(j.List)), readers: j.readersOf()}
	var live []*history.Transaction
	for tx := range j.List {
		if j.live[tx] {
			s.number[tx] = int32(len(live))
			live = append(live, &j.List[tx])
		}
	}
	if s.before = newBanded(live, l.order); s.before == nil || !s.known() {
		return checkers.Unknown, nil
	}
	s.pairs = s.propagate(s.pairs)
	if s.before.circle {
		return checkers.Fail, nil
	}
	if status := s.choose(); status != checkers.Pass {
		return status, nil
	}
	return checkers.Pass, s.orders()
}

func (s *solver) of(version int32) int32 { return s.number[s.owner[version]] }

// known notes what reads tell, and collects the pairs of versions; false if there are too many.
func (s *solver) known() bool {
	for _, r := range s.reads {
		if r.version != initial && s.live[s.owner[r.version]] {
			s.before.add(s.of(r.version), s.number[r.tx])
		}
	}
	pairs := 0
	for _, versions := range s.loose {
		if pairs += len(versions) * (len(versions) - 1) / 2; pairs > maxPairs {
			return false
		}
	}
	s.pairs = make([]pair, 0, pairs)
	for key, versions := range s.loose {
		for _, tx := range s.readers.ofInitial(int32(key)) {
			if s.looked += int64(len(versions)); s.spent() {
				return false
			}
			for _, w := range versions {
				if s.owner[w] != tx {
					s.before.add(s.number[tx], s.of(w))
				}
			}
		}
		for i, a := range versions {
			for _, b := range versions[i+1:] {
				s.pairs = append(s.pairs, pair{a: a, b: b})
			}
		}
	}
	slices.SortStableFunc(s.pairs, func(x, y pair) int { return int(s.of(x.a)) - int(s.of(y.a)) })
	return true
}

// propagate orders the pairs of which one order is impossible, again and again, and returns those that are left. When the
// time is over they are all that it had not come to.
func (s *solver) propagate(pairs []pair) []pair {
	for changed := true; changed && !s.before.circle; {
		changed = false
		left := pairs[:0]
		for i, p := range pairs {
			if s.spent() {
				return append(left, pairs[i:]...)
			}
			if p.looked > 0 && s.before.same(s.of(p.a), p.looked) && s.before.same(s.of(p.b), p.looked) {
				s.looked++
				left = append(left, p)
				continue
			}
			first, second := s.possible(p.a, p.b), s.possible(p.b, p.a)
			switch {
			case first && second:
				p.looked = s.before.now
				left = append(left, p)
				continue
			case first:
				s.impose(p.a, p.b)
			case second:
				s.impose(p.b, p.a)
			default:
				s.before.circle = true
			}
			changed = true
		}
		pairs = left
	}
	return pairs
}

// possible reports whether a version and all who read it may come before another.
func (s *solver) possible(a, b int32) bool {
	to := s.of(b)
	s.looked += 1 + int64(len(s.readers.of(a)))
	if s.before.has(to, s.of(a)) {
		return false
	}
	for _, tx := range s.readers.of(a) {
		if n := s.number[tx]; n != to && s.before.has(to, n) {
			return false
		}
	}
	return true
}

// impose puts a version and all who read it before another.
func (s *solver) impose(a, b int32) {
	to := s.of(b)
	s.before.add(s.of(a), to)
	for _, tx := range s.readers.of(a) {
		if n := s.number[tx]; n != to {
			s.before.add(n, to)
		}
	}
}

// orders are the versions of each key in the order found.
func (s *solver) orders() [][]int32 {
	orders := make([][]int32, len(s.Keys))
	for key, versions := range s.loose {
		orders[key] = slices.Clone(versions)
		slices.SortStableFunc(orders[key], func(x, y int32) int {
			switch a, b := s.of(x), s.of(y); {
			case a == b:
				return 0
			case s.before.has(a, b):
				return -1
			default:
				return 1
			}
		})
	}
	return orders
}

// choice is an order of a pair that was chosen, and what to go back to.
type choice struct {
	a, b  int32
	turns int // how many of its two orders were tried
	trail int
	at    int    // where the pairs that are left began
	pairs []pair // the first of them, as they were
}

// nearPairs is how many pairs are looked at again after a choice, maxChoices how many choices can be taken back, and
// maxBack how often that is done.
const (
	nearPairs  = 4000
	maxChoices = 2000
	maxBack    = 50_000
)

// choose orders the pairs that are left: Pass if it found a way, Fail if both orders of the first pair are contradictions whatever the others are,
// Unknown if it gave up.
func (s *solver) choose() checkers.Status {
	s.before.trailing = true
	var made []choice
	at, back, final := 0, 0, false
	for at < len(s.pairs) {
		if len(made) >= maxChoices { // what was chosen so far is for good
			made, s.before.trail, final = made[:0], s.before.trail[:0], true
		}
		c := s.choiceAt(at)
		for !s.try(&c, &at) {
			s.takeBack(&c, &at)
			for c.turns == 2 {
				switch back++; {
				case len(made) == 0 && !final:
					return checkers.Fail
				case len(made) == 0 || back > maxBack:
					return checkers.Unknown
				}
				c, made = made[len(made)-1], made[:len(made)-1]
				s.takeBack(&c, &at)
			}
		}
		if s.spent() {
			return checkers.Unknown
		}
		made = append(made, c)
	}
	return checkers.Pass
}

// choiceAt is a choice for the first pair that is left: first, the version that returned first.
func (s *solver) choiceAt(at int) choice {
	a, b := s.pairs[at].a, s.pairs[at].b
	if s.List[s.owner[b]].Returned < s.List[s.owner[a]].Returned {
		a, b = b, a
	}
	end := at + 1
	for end < len(s.pairs) && end-at < nearPairs && s.of(s.pairs[end].a)-s.of(s.pairs[at].a) <= 2*s.before.width {
		end++
	}
	return choice{a: a, b: b, trail: len(s.before.trail), at: at, pairs: slices.Clone(s.pairs[at:end])}
}

// try takes a choice's next order, with what follows from it among the pairs near it; false if that is a contradiction.
func (s *solver) try(c *choice, at *int) bool {
	if c.turns++; c.turns == 1 {
		s.impose(c.a, c.b)
	} else {
		s.impose(c.b, c.a)
	}
	end := c.at + len(c.pairs)
	rest := s.propagate(s.pairs[c.at+1 : end])
	if s.before.circle {
		return false
	}
	*at = end - len(rest)
	copy(s.pairs[*at:end], rest)
	return true
}

// takeBack undoes a choice.
func (s *solver) takeBack(c *choice, at *int) {
	s.before.undo(c.trail)
	copy(s.pairs[c.at:], c.pairs)
	*at = c.at
}
