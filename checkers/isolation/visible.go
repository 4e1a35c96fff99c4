package isolation

import (
	"cmp"
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/checkers/internal/digraph"
	"synchrony/models/history"
)

// missing is that a transaction read a version, and not what another one than its owner wrote of the key, which it must have seen: so that comes before
// the version.
type missing struct {
	reader, writer int32
	read           read
}

// visible decides the levels of which the commit order need not be searched for, read-atomic and causal (Biswas and Enea, "On the Complexity of
// Checking Transactional Consistency", OOPSLA 2019): what a transaction must have seen, and does not read, comes before what it reads instead. If that,
// with what reads and processes tell, has no cycle, any order of the transactions that agrees with it is a proof, and else there is none.
func (j *judge) visible(l Level) checkers.Status {
	a, over := j.assumed(l), l.order.kinds()|dataFlow|digraph.Of(through)
	if j.certainPart(a).cycle(over) {
		return checkers.Fail
	}
	var list []missing
	if l.rule == causal {
		var known bool
		if list, known = j.whole[a].missedBefore(); !known {
			return checkers.Unknown
		}
	} else {
		list = j.missedOf()
	}
	if len(list) == 0 {
		return checkers.Pass
	}
	wrong := slices.IndexFunc(list, func(m missing) bool { return m.read.version == initial })
	if wrong < 0 {
		d := j.drawn(a)
		for _, m := range list {
			d.edge(m.writer, j.owner[m.read.version], WW)
		}
		of := d.graph().Components(nil, over).Of // two of one component are on a cycle
		wrong = slices.IndexFunc(list, func(m missing) bool { return of[m.writer] == of[j.owner[m.read.version]] })
	}
	if wrong < 0 {
		return checkers.Pass
	}
	j.miss(l, list[wrong])
	return checkers.Fail
}

// miss keeps what shows that a level does not hold.
func (j *judge) miss(l Level, m missing) {
	wrote := slices.IndexFunc(j.Of(m.writer), func(op history.Op) bool { return op.Write && op.Key == j.Ops[m.read.op].Key })
	what := j.OpText(&j.Of(m.writer)[wrote])
	because := "of which it saw another write"
	if l.rule == causal {
		because = "which comes before it by what was read and by the order of processes"
	}
	reason := fmt.Sprintf("%s read %s, and missed the %s of %s, %s", j.Name(m.reader), j.readText(m.read), what, j.Name(m.writer), because)
	transactions := []int32{m.writer, m.reader}
	if m.read.version != initial {
		by := j.owner[m.read.version]
		reason += fmt.Sprintf("; but what it read is by %s, which comes later than that in no order that agrees with all reads", j.Name(by))
		transactions = append(transactions, by)
	}
	j.missed[l] = Anomaly{Name: ruleAnomalies[l.rule], Reason: reason, Transactions: transactions}
}

// missedOf lists what transactions did not see of others of which they saw another write. What counts is what they read of a key before they did anything else to it.
func (o *observed) missedOf() (list []missing) {
	seen := map[int32]read{} // by key
	for first := 0; first < len(o.reads); {
		end := first + 1
		for end < len(o.reads) && o.reads[end].tx == o.reads[first].tx {
			end++
		}
		of := o.reads[first:end]
		first = end
		if len(of) < 2 {
			continue
		}
		clear(seen)
		for _, r := range of {
			if o.prev[r.op] == none {
				seen[o.Ops[r.op].Key] = r
			}
		}
		for _, r := range of {
			if r.version == initial {
				continue
			}
			writer := o.owner[r.version]
			for i, op := range o.Of(writer) {
				m, ok := seen[op.Key]
				if ok && op.Write && o.lastOwn(o.List[writer].First+int32(i)) && (m.version == initial || o.owner[m.version] != writer) {
					list = append(list, missing{r.tx, writer, m})
				}
			}
		}
	}
	return list
}

// Bounds of what is asked about the past of transactions: how many numbers are kept at a time, how many are compared in all, and how many
// writes are found that were missed.
const (
	maxKept     = 1 << 26
	maxCompared = 1 << 34
	maxMissing  = 1 << 24
)

// missedBefore lists what transactions did not see of what comes before them, by reads and by processes; false if there are too many to tell. The graph is
// that of what is certain, in which nothing comes before itself.
func (g *graph) missedBefore() (list []missing, known bool) {
	p := g.processes()
	edges := len(g.reads) + len(g.List)
	if int64(edges)*int64(p.count) > maxCompared {
		return nil, false
	}
	order := g.topological(digraph.Of(WR, Session))
	slices.Reverse(order)
	writers, readers := g.writersBy(p), g.readsByVersion()
	block := int32(max(maxKept/max(len(g.List), 1), 16))
	for first := int32(0); first < p.count; first += block {
		past := g.pasts(p, order, first, min(block, p.count-first))
		for _, of := range readers {
			if list = past.missedBy(list, of, writers[g.Ops[of[0].op].Key]); len(list) > maxMissing {
				return nil, false
			}
		}
	}
	return list, true
}

// processes number the processes that wrote something, and the transactions of each of them that did.
type processes struct {
	count   int32
	process []int32 // by transaction: its process, or none if that wrote nothing
	turn    []int32 // by transaction: how many of its process come before it, and itself
}

func (o *observed) processes() processes {
	p := processes{process: make([]int32, len(o.List)), turn: make([]int32, len(o.List))}
	number := map[int32]int32{} // by process, as the history calls it
	for tx := range int32(len(o.List)) {
		if o.live[tx] && slices.ContainsFunc(o.Of(tx), func(op history.Op) bool { return op.Write }) {
			if _, ok := number[o.List[tx].Process]; !ok {
				number[o.List[tx].Process] = p.count
				p.count++
			}
		}
	}
	turns := make([]int32, p.count)
	for tx := range o.List {
		p.process[tx] = none
		if n, ok := number[o.List[tx].Process]; ok && o.live[tx] {
			turns[n]++
			p.process[tx], p.turn[tx] = n, turns[n]
		}
	}
	return p
}

// pasts say for a block of processes how many transactions of each come before each transaction.
type pasts struct {
	*graph
	processes
	first, width int32
	known        []int32
}

func (p *pasts) of(tx int32) []int32 { return p.known[int(tx)*int(p.width):][:p.width] }

// pasts follows the reads and the processes, along an order of the nodes that agrees with them.
func (g *graph) pasts(p processes, order []int32, first, width int32) *pasts {
	all := &pasts{graph: g, processes: p, first: first, width: width, known: make([]int32, len(g.List)*int(width))}
	for _, tx := range order {
		if !g.isTransaction(tx) || !g.live[tx] {
			continue
		}
		own, last := all.of(tx), none
		column := p.process[tx] - first
		for _, x := range g.Of(tx) {
			to := x.To()
			if x.Kind() != WR && x.Kind() != Session || to == last {
				continue
			}
			last = to
			known := all.of(to)
			for n, turn := range own {
				known[n] = max(known[n], turn)
			}
			if column >= 0 && column < width { // none is in no block
				known[column] = max(known[column], p.turn[tx])
			}
		}
	}
	return all
}

// missedBy adds what those who read one version missed, if it does not come before that version anyway. Of the writers of a process the last one
// comes after the others.
func (p *pasts) missedBy(list []missing, readers []read, writers []int32) []missing {
	version := readers[0].version
	from, _ := slices.BinarySearchFunc(writers, p.first, func(tx, process int32) int { return int(p.process[tx] - process) })
	for from < len(writers) {
		n := p.process[writers[from]]
		if n >= p.first+p.width {
			break
		}
		end := from
		for end < len(writers) && p.process[writers[end]] == n {
			end++
		}
		latest, by := int32(0), readers[0]
		for _, r := range readers {
			if turn := p.of(r.tx)[n-p.first]; turn > latest {
				latest, by = turn, r
			}
		}
		k, _ := slices.BinarySearchFunc(writers[from:end], latest+1, func(tx, turn int32) int { return int(p.turn[tx] - turn) })
		if k > 0 {
			writer := writers[from+k-1]
			if version == initial || writer != p.owner[version] && p.of(p.owner[version])[n-p.first] < p.turn[writer] {
				list = append(list, missing{by.tx, writer, by})
			}
		}
		from = end
	}
	return list
}

// writersBy are by key the transactions that wrote it, those of each process together, in its order.
func (o *observed) writersBy(p processes) [][]int32 {
	all := make([][]int32, len(o.Keys))
	for tx := range int32(len(o.List)) {
		if !o.live[tx] {
			continue
		}
		for _, op := range o.Of(tx) {
			if list := all[op.Key]; op.Write && (len(list) == 0 || list[len(list)-1] != tx) {
				all[op.Key] = append(list, tx)
			}
		}
	}
	for _, list := range all {
		slices.SortFunc(list, func(x, y int32) int {
			return cmp.Or(cmp.Compare(p.process[x], p.process[y]), cmp.Compare(p.turn[x], p.turn[y]))
		})
	}
	return all
}

// readsByVersion are the reads of each version that somebody read.
func (o *observed) readsByVersion() [][]read {
	sorted := slices.Clone(o.reads)
	key := func(r read) int32 { return o.Ops[r.op].Key }
	slices.SortStableFunc(sorted, func(x, y read) int { return cmp.Or(cmp.Compare(key(x), key(y)), cmp.Compare(x.version, y.version)) })
	var all [][]read
	for first := 0; first < len(sorted); {
		end := first + 1
		for end < len(sorted) && sorted[end].version == sorted[first].version && key(sorted[end]) == key(sorted[first]) {
			end++
		}
		all = append(all, sorted[first:end])
		first = end
	}
	return all
}
