package workload

import (
	"fmt"

	"synchrony/checkers"
	"synchrony/models/history"
)

// members are the elements of what a read saw, by their text.
func members(t *history.Tree) map[string]int {
	seen := map[string]int{}
	for i := range t.Items {
		seen[t.Items[i].Text()]++
	}
	return seen
}

// set judges the last read (jepsen.checker/set): it must have every element whose addition was acknowledged, and
// none that nobody tried to add.
type set struct {
	added []addition // that were acknowledged
	tried map[string]bool
	last  *history.Operation // read
}

// addition is that of an element.
type addition struct {
	span
	element string
}

func newSet(Options) judge { return &set{tried: map[string]bool{}} }

func (s *set) add(x *history.Operation) {
	switch {
	case did(x, "read") && !x.Result.IsNil():
		if s.last == nil || spanOf(s.last).compare(spanOf(x)) < 0 {
			read := *x
			s.last = &read
		}
	case may(x, "add"):
		e := x.Argument.Text()
		s.tried[e] = true
		if x.Outcome == history.Committed {
			s.added = append(s.added, addition{spanOf(x), e})
		}
	}
}

func (s *set) verdict(f *findings) checkers.Verdict {
	if s.last == nil {
		return checkers.Undecided("no read was completed, so it is not known what the set has")
	}
	seen := members(&s.last.Result)
	inOrder(s.added)
	for _, x := range s.added {
		if x.returned < s.last.Invoked && seen[x.element] == 0 {
			f.add("lost element", "%s, whose addition (line %d) was acknowledged, is not in the last read (line %d)", x.element, x.line, at(s.last))
		}
	}
	for i := range s.last.Result.Items {
		if e := s.last.Result.Items[i].Text(); !s.tried[e] {
			f.add("unexpected element", "%s is in the last read (line %d), and nobody added it", e, at(s.last))
		}
	}
	return f.verdict()
}

// life is what is known of an element.
type life struct {
	added *history.Operation
	known *history.Operation // the first to know of it: its addition, or a read that saw it before that returned
	seen  *history.Operation // the last read that has it, by its invocation
	gone  *history.Operation // the last read that began when it was known and has it not
	stale int                // how many of these there are
}

// checkSetFull follows each element (jepsen.checker/set-full): once its addition has returned, or a read saw it, reads that
// begin later must have it. It is lost if it is missing from the last of these, and stale if it came back.
func checkSetFull(list []history.Operation, f *findings) checkers.Verdict {
	lives := map[string]*life{}
	var order []*life
	for i := range list {
		if x := &list[i]; may(x, "add") {
			e := x.Argument.Text()
			if lives[e] != nil {
				return checkers.Undecided("%s is added twice (lines %d and %d): what became of each cannot be told", e, lives[e].added.Line, x.Line)
			}
			l := &life{added: x}
			if x.Outcome == history.Committed {
				l.known = x
			}
			lives[e] = l
			order = append(order, l)
		}
	}
	sights := firstSights(list, lives, f)
	for i := range list {
		if x := &list[i]; did(x, "read") && !x.Result.IsNil() {
			sights.look(x, order)
		}
	}
	untold := 0
	for _, l := range order {
		e := l.added.Argument.Text()
		switch {
		case l.known == nil || l.gone == nil && l.seen == nil:
			untold++
		case l.gone != nil && (l.seen == nil || l.seen.Invoked < l.gone.Invoked):
			f.add("lost element", "%s, known since the operation of line %d returned, is not in the read of line %d, nor in a later one", e, at(l.known), at(l.gone))
		case l.stale > 0:
			f.add("stale read", "%s, known since the operation of line %d returned, is missing in %d reads that began later, such as that of line %d", e, at(l.known), l.stale, at(l.gone))
		}
	}
	if len(order) == 0 {
		return f.judged(len(sights), "read")
	}
	if v := f.verdict(); v.Status == checkers.Fail || untold < len(order) {
		return v
	}
	return checkers.Undecided("%s", fmt.Sprintf("no read began after one of %d elements was known", len(order)))
}

// sights is by read what it has.
type sights map[*history.Operation]map[string]int

// firstSights finds which reads saw an element first, and what is wrong with reads by themselves.
func firstSights(list []history.Operation, lives map[string]*life, f *findings) sights {
	all := sights{}
	for i := range list {
		x := &list[i]
		if !did(x, "read") || x.Result.IsNil() {
			continue
		}
		all[x] = members(&x.Result)
		for k := range x.Result.Items {
			e := x.Result.Items[k].Text()
			l := lives[e]
			switch {
			case l == nil:
				f.add("unexpected element", "%s is in the read of line %d, and nobody added it", e, at(x))
				continue
			case l.added.Invoked > x.Returned:
				f.add("unexpected element", "%s is in the read of line %d, and was added (line %d) only after that", e, at(x), at(l.added))
			}
			if all[x][e] > 1 {
				f.add("duplicate element", "%s is %d times in the read of line %d", e, all[x][e], at(x))
				all[x][e] = 1
			}
			if l.known == nil || x.Returned < l.known.Returned {
				l.known = x
			}
		}
	}
	return all
}

// look notes of a read which elements it has and which it misses.
func (s sights) look(x *history.Operation, order []*life) {
	for _, l := range order {
		if l.known == nil || l.known.Returned >= x.Invoked {
			if s[x][l.added.Argument.Text()] > 0 {
				l.seen = x
			}
			continue
		}
		if s[x][l.added.Argument.Text()] > 0 {
			l.seen = x
		} else {
			l.gone = x
			l.stale++
		}
	}
}
