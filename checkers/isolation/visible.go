package isolation

import (
	"slices"

	"synchrony/checkers"
	"synchrony/checkers/internal/digraph"
)

// visible decides the levels of which the commit order need not be searched for, read-atomic and causal (Biswas and Enea, "On the Complexity of
// Checking Transactional Consistency", OOPSLA 2019): what a transaction must have seen, and does not read, comes before what it reads instead. If that,
// with what reads and sessions tell, has no cycle, any order of the transactions that agrees with it is a proof, and else there is none.
func (j *judge) visible(l Level) checkers.Status {
	a, over := j.assumed(l), l.order.kinds()|dataFlow|digraph.Of(through)
	if j.certainPart(a).cycle(over) {
		return checkers.Fail
	}
	d := j.drawn(a)
	status := checkers.Pass
	if l.rule == causal {
		status = d.missedBefore(j.whole[a])
	} else if !d.missedOf() {
		status = checkers.Fail
	}
	if status == checkers.Pass && d.graph().Components(nil, over).Cyclic() {
		return checkers.Fail
	}
	return status
}

// precede adds that the version that a read saw comes after what another transaction wrote of the key; false if nothing was there then.
func (d *drawing) precede(writer int32, r read) bool {
	if r.version == initial {
		return false
	}
	d.edge(writer, d.owner[r.version], WW)
	return true
}

// missedOf adds what follows from that who sees one write of a transaction sees all; false if that cannot be.
func (d *drawing) missedOf() bool {
	for first := 0; first < len(d.reads); {
		end := first + 1
		for end < len(d.reads) && d.reads[end].tx == d.reads[first].tx {
			end++
		}
		seen := map[int32]read{} // by key: what the transaction read first
		for _, r := range d.reads[first:end] {
			if d.prev[r.op] == none {
				seen[d.Ops[r.op].Key] = r
			}
		}
		for _, r := range d.reads[first:end] {
			if r.version == initial {
				continue
			}
			writer := d.owner[r.version]
			for i := d.List[writer].First; i < d.List[writer].End; i++ {
				if missed, ok := seen[d.Ops[i].Key]; ok && d.Ops[i].Write && !d.precede(writer, missed) {
					return false
				}
			}
		}
		first = end
	}
	return true
}

// maxPast bounds how many numbers say what is in the past of all transactions.
const maxPast = 1 << 27

// missedBefore adds what follows from that who sees a transaction sees what came before it, by reads and by processes: Fail if that cannot be,
// Unknown if there are too many transactions of too many processes to tell.
func (d *drawing) missedBefore(certain *graph) checkers.Status {
	p := certain.pasts(digraph.Of(WR, Session))
	if p == nil {
		return checkers.Unknown
	}
	writers := d.writersByProcess(p)
	for _, r := range d.reads {
		past := p.of(r.tx)
		for _, list := range writers[d.Ops[r.op].Key] {
			// Of those of a process, the last one comes after the others.
			n, _ := slices.BinarySearchFunc(list, past[p.process[list[0]]]+1, func(tx, turn int32) int { return int(p.turn[tx] - turn) })
			if n > 0 && !d.precede(list[n-1], r) {
				return checkers.Fail
			}
		}
	}
	return checkers.Pass
}

// pasts say which transactions come before which: of each process, the first so many.
type pasts struct {
	processes int
	process   []int32 // by transaction: its process, from 0
	turn      []int32 // by transaction: how many of its process come before it, and itself
	known     []int32 // by transaction, of each process: how many come before it
}

func (p *pasts) of(tx int32) []int32 { return p.known[int(tx)*p.processes:][:p.processes] }

// pasts follow the edges of some kinds, which have no cycle, from transaction to transaction; nil if they are too many.
func (g *graph) pasts(over digraph.Kinds) *pasts {
	p := &pasts{process: make([]int32, len(g.List)), turn: make([]int32, len(g.List))}
	number := map[int32]int32{} // by process, as the history calls it
	var turns []int32
	for tx := range g.List {
		if !g.live[tx] {
			continue
		}
		n, ok := number[g.List[tx].Process]
		if !ok {
			n = int32(len(turns))
			number[g.List[tx].Process], turns = n, append(turns, 0)
		}
		turns[n]++
		p.process[tx], p.turn[tx] = n, turns[n]
	}
	p.processes = len(turns)
	if len(g.List)*p.processes > maxPast {
		return nil
	}
	p.known = make([]int32, len(g.List)*p.processes)
	for _, tx := range slices.Backward(g.topological(over)) {
		if !g.isTransaction(tx) || !g.live[tx] {
			continue
		}
		own := p.of(tx)
		for _, x := range g.Of(tx) {
			if !over.Has(x.Kind()) || !g.isTransaction(x.To()) {
				continue
			}
			known := p.of(x.To())
			for n, turn := range own {
				known[n] = max(known[n], turn)
			}
			known[p.process[tx]] = max(known[p.process[tx]], p.turn[tx])
		}
	}
	return p
}

// writersByProcess are by key the transactions that wrote it: a list for each process, in its order.
func (d *drawing) writersByProcess(p *pasts) [][][]int32 {
	all := make([][][]int32, len(d.Keys))
	at := make([]map[int32]int, len(d.Keys)) // by key: the list of a process
	for tx := range int32(len(d.List)) {
		if !d.live[tx] {
			continue
		}
		for _, op := range d.Of(tx) {
			if !op.Write {
				continue
			}
			if at[op.Key] == nil {
				at[op.Key] = map[int32]int{}
			}
			n, ok := at[op.Key][p.process[tx]]
			if !ok {
				n = len(all[op.Key])
				at[op.Key][p.process[tx]] = n
				all[op.Key] = append(all[op.Key], nil)
			}
			if list := &all[op.Key][n]; len(*list) == 0 || (*list)[len(*list)-1] != tx {
				*list = append(*list, tx)
			}
		}
	}
	return all
}
