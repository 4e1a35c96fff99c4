package isolation

import "synchrony/checkers/internal/digraph"

// schedule looks for a serial order of transactions on registers by executing them, each no later than it returned:
// before a transaction, what must come before it takes effect, then who wrote what it read and has not yet, and
// then who is still to read what it writes over. It never goes back: what it finds is a likely order, and may be none.
type schedule struct {
	*graph
	before   *digraph.Graph // the graph's edges turned round
	readers  map[int32][]int32
	external [][]read        // by transaction: what it read of others' versions
	current  map[int32]int32 // by key: the version; none for initial
	state    []uint8         // by node
	position []int32
	count    int32
}

// The states of a node.
const (
	waits uint8 = iota
	under
	done
)

// scheduled is the places of the transactions in a likely serial order.
func (g *graph) scheduled(over digraph.Kinds) []int32 {
	s := &schedule{
		graph: g, before: g.reversed(over), readers: g.readersOf(), external: make([][]read, len(g.List)),
		current: map[int32]int32{}, state: make([]uint8, g.Nodes), position: make([]int32, g.Nodes),
	}
	for _, r := range g.reads {
		if g.ownBefore(r.op) == none {
			s.external[r.tx] = append(s.external[r.tx], r)
		}
	}
	q := &ready{graph: g}
	for tx := range int32(len(g.List)) {
		q.add(tx)
	}
	for {
		tx, ok := q.take()
		if !ok {
			return s.position
		}
		s.run(tx)
	}
}

// reversed is the graph with its edges of some kinds turned round.
func (g *graph) reversed(over digraph.Kinds) *digraph.Graph {
	var b digraph.Builder
	for node := range g.Nodes {
		for _, e := range g.Of(node) {
			if over.Has(e.Kind()) {
				b.Add(e.To(), node, e.Kind())
			}
		}
	}
	return b.Graph(g.Nodes)
}

// attempts is how often what a transaction needs is looked at again, since to bring it about may undo some of it.
const attempts = 3

// run lets a node take effect, after what it needs.
func (s *schedule) run(node int32) {
	if s.state[node] != waits {
		return
	}
	s.state[node] = under
	for _, e := range s.before.Of(node) {
		s.run(e.To())
	}
	if s.isTransaction(node) && s.live[node] {
		for range attempts {
			if !s.prepare(node) {
				break
			}
		}
		s.takeEffect(node)
	}
	s.state[node] = done
	s.position[node] = s.count
	s.count++
}

// prepare lets those take effect who wrote what a transaction read, and who are still to read what it writes over. It
// reports whether there were any.
func (s *schedule) prepare(tx int32) bool {
	before := s.count
	for _, r := range s.external[tx] {
		if r.version != initial && s.live[s.owner[r.version]] {
			s.run(s.owner[r.version])
		}
	}
	for i := s.List[tx].First; i < s.List[tx].End; i++ {
		op := &s.Ops[i]
		if !op.Write {
			continue
		}
		version, ok := s.current[op.Key]
		if !ok {
			version = initial - op.Key
		}
		for _, reader := range s.readers[version] {
			s.run(reader)
		}
	}
	return s.count > before
}

func (s *schedule) takeEffect(tx int32) {
	for i := s.List[tx].First; i < s.List[tx].End; i++ {
		if op := &s.Ops[i]; op.Write && s.lastOwn(i) {
			s.current[op.Key] = i
		}
	}
}
