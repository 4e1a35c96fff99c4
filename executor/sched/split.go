package sched

// split divides the tree of schedules. At the first few decisions where there is a choice, all alternatives are explored, whatever races
// say; so what is below one of them never asks for more above, and the subtrees
// are independent. Each part explores every n-th of them, and of the others one schedule each: for
// the first step's footprint, which is what sleep sets are made of.
type split struct {
	part, parts int // parts is 0 for an exploration that is not divided
	subtree     int // the number of the current one
}

// fans is how many decisions on a path are explored in full, if the tree is divided. Some 40 subtrees keep several
// processors busy to the end; each costs every part a run.
const fans = 4

// mine reports whether the current subtree is of this part.
func (s *split) mine() bool { return s.parts == 0 || s.subtree%s.parts == s.part }

// Split divides an exploration that has not begun into n parts that can run at the same time. Together they
// cover it, and their Coverages add up to the same whatever n is: see [Coverage.Add]. (Not to what an
// undivided one has: there are a few more redundant runs.)
func (e *Explorer) Split(n int) []*Explorer {
	if len(e.nodes) > 0 || e.over || e.asked || e.split.parts > 0 {
		panic("sched: Explorer.Split after its beginning")
	}
	list := make([]*Explorer, max(n, 1))
	for i := range list {
		list[i] = NewExplorer(e.Options(), e.bounds)
		list[i].dependence = e.dependence
		list[i].split = split{part: i, parts: len(list)}
	}
	return list
}

// fan opens all alternatives at a new node, of which the k-th is taken, if it is one of the first.
func (e *Explorer) fan(n, before *node, k int) {
	if before != nil {
		n.fans = before.fans
	}
	if e.split.parts == 0 || n.fans >= fans {
		return
	}
	if e.bounds.Preemptions < 0 { // else they are there already
		for i, c := range n.enabled {
			if i != k && !n.asleep(c.Task) && n.twin(i) == c.Task {
				n.todo = append(n.todo, c.Task)
			}
		}
	}
	if len(n.todo) > 0 {
		n.full = true
		n.fans++
	}
}
