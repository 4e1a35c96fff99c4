package auto

import "go/ast"

var mutexes = []string{"sched.Mutex", "sync.Mutex", "sync.RWMutex"}

// section is a critical section: the statements of a list from a Lock to its Unlock.
type section struct {
	list     []ast.Stmt
	lock     int        // index of the Lock
	first    int        // index of the first statement within
	end      int        // index behind the last
	unlock   ast.Stmt   // the last Unlock, on the list itself; nil if it is deferred or nested
	deferred ast.Stmt   // the deferred Unlock; nil if there is none
	all      []ast.Node // every Unlock statement
	mutex    string     // as it is written
	args     string     // of Lock and Unlock
	unlockAs string     // Unlock, RUnlock
}

// sections finds the critical sections that begin in a list of statements.
func (p *place) sections(list []ast.Stmt) []section {
	var all []section
	for i, stmt := range list {
		m, deferred, ok := p.calls(stmt, mutexes, []string{"Lock", "RLock"})
		if !ok || deferred {
			continue
		}
		s := section{
			list: list, lock: i, first: i + 1, end: len(list), mutex: p.text(m.receiver),
			args: words(p.arguments(m.call)), unlockAs: "Unlock",
		}
		if m.name == "RLock" {
			s.unlockAs = "RUnlock"
		}
		p.unlocks(&s)
		if len(s.all) > 0 {
			all = append(all, s)
		}
	}
	return all
}

// unlocks finds a section's end: the deferred Unlock directly behind the Lock, or all
// Unlocks until the next Lock.
func (p *place) unlocks(s *section) {
	isUnlock := func(n ast.Node) (deferred, ok bool) {
		m, deferred, ok := p.calls(n, mutexes, []string{s.unlockAs})
		return deferred, ok && p.text(m.receiver) == s.mutex
	}
	for i := s.lock + 1; i < len(s.list); i++ {
		stmt := s.list[i]
		if m, deferred, ok := p.calls(stmt, mutexes, []string{"Lock", "RLock"}); ok && !deferred && p.text(m.receiver) == s.mutex {
			s.end = i
			return
		}
		deferred, ok := isUnlock(stmt)
		switch {
		case ok && deferred:
			s.deferred, s.all = stmt, append(s.all, stmt)
			s.first = i + 1
			return
		case ok:
			s.unlock, s.end, s.all = stmt, i, append(s.all, stmt)
			return
		}
		ast.Inspect(stmt, func(n ast.Node) bool {
			if deferred, ok := isUnlock(n); ok && !deferred {
				if _, isStmt := n.(*ast.ExprStmt); isStmt {
					s.all = append(s.all, n)
				}
			}
			return true
		})
	}
}

func lockRemove(p *place, n ast.Node) {
	for _, s := range p.sections(statements(n)) {
		edits := []edit{p.edit(s.list[s.lock], "")}
		for _, u := range s.all {
			edits = append(edits, p.edit(u, ""))
		}
		p.add(s.list[s.lock], p.text(s.list[s.lock]), "", edits...)
	}
}

// sectionShrink moves an announcement together with its access.
func sectionShrink(p *place, n ast.Node) {
	for _, s := range p.sections(statements(n)) {
		lock := s.list[s.lock]
		front := s.list[s.first:min(s.first+1, s.end)]
		if len(front) > 0 && p.isYield(front[0]) {
			front = s.list[s.first:min(s.first+2, s.end)]
		}
		if s.end-s.first <= len(front) {
			continue // nothing would be left
		}
		last := front[len(front)-1]
		moved := p.text(front[0])
		if len(front) > 1 {
			moved += "; " + p.text(last)
		}
		switch {
		case s.deferred != nil:
			p.add(lock, moved, "before "+p.text(lock), p.edit(lock, ""), p.edit(s.deferred, ""),
				p.insertAfter(last, p.text(lock)+"\n"+p.indent(lock)+p.text(s.deferred)))
		case s.unlock != nil:
			p.add(lock, moved, "before "+p.text(lock), p.edit(lock, ""), p.insertAfter(last, p.text(lock)))
			p.shrinkBack(s)
		}
	}
}

// shrinkBack moves the last statement of a section behind its Unlock.
func (p *place) shrinkBack(s section) {
	at := s.end - 1
	moved := p.text(s.list[at])
	if p.isYield(s.list[at-1]) {
		at--
		moved = p.text(s.list[at]) + "; " + moved
	}
	if at > s.first {
		p.add(s.unlock, moved, "after "+p.text(s.unlock), p.edit(s.unlock, ""), p.insertAfter(s.list[at-1], p.text(s.unlock)))
	}
}

func sectionSplit(p *place, n ast.Node) {
	for _, s := range p.sections(statements(n)) {
		if s.deferred == nil && s.unlock == nil {
			continue
		}
		lock := s.list[s.lock]
		for i := s.first; i+1 < s.end; i++ {
			if p.isYield(s.list[i]) {
				continue // its access is next
			}
			unlock := s.mutex + "." + s.unlockAs + "(" + s.args + ")"
			p.add(s.list[i], p.text(s.list[i]), "then "+unlock+"; "+p.text(lock),
				p.insertAfter(s.list[i], unlock+"\n"+p.indent(s.list[i])+p.text(lock)))
		}
	}
}
