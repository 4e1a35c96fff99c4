package clients

import (
	"slices"

	"synchrony/models/history"
)

// definition is what a level of isolation promises.
type definition struct {
	name string
	// Of the levels that Adya defines by graphs of an order of the versions of each key: which edges beside those of the order may not be on a cycle.
	versions, reads, antis bool
	// Of those that Cerone, Bernardi and Gotsman define by two relations, VIS and AR: which axioms they have beside Int and Ext.
	total, transitive, prefix, noConflict bool
	// Which order of the transactions it keeps.
	sessions, realTime bool
}

// definitions are those of all levels.
func definitions() []definition {
	plain := []definition{
		{name: "read-uncommitted", versions: true},
		{name: "read-committed", versions: true, reads: true},
		{name: "parallel-snapshot-isolation", transitive: true, noConflict: true},
		{name: "snapshot-isolation", transitive: true, prefix: true, noConflict: true},
		{name: "serializable", total: true},
	}
	list := []definition{
		{name: "repeatable-read", versions: true, reads: true, antis: true}, {name: "read-atomic"}, {name: "causal", transitive: true, sessions: true},
	}
	for _, d := range plain {
		inSessions, inTime := d, d
		inSessions.name, inSessions.sessions = "strong-session-"+d.name, true
		inTime.name, inTime.sessions, inTime.realTime = "strong-"+d.name, true, true
		if d.total {
			inTime.name = "strict-serializable"
		}
		list = append(list, d, inSessions, inTime)
	}
	return list
}

// implies reports whether all histories that satisfy d satisfy a weaker level. Without predicates, repeatable read is serializability.
func (d *definition) implies(weaker *definition) bool {
	return (!weaker.sessions || d.sessions) && (!weaker.realTime || d.realTime) && weaker.strength() <= d.strength()
}

// strength is the place of a level, by what it forbids, among all of them, each of which implies those before it.
func (d *definition) strength() int {
	switch {
	case d.total, d.antis:
		return 6
	case d.prefix:
		return 5
	case d.noConflict:
		return 4
	case d.transitive:
		return 3
	case !d.versions:
		return 2
	case d.reads:
		return 1
	default:
		return 0
	}
}

// brute executes the definitions of the levels: for those of Cerone, Bernardi and Gotsman ("A Framework for Transactional Consistency Models with
// Atomic Visibility", CONCUR 2015), it tries all relations VIS and AR; for Adya's, all orders of versions. It takes for granted that the
// history has none of the [defects] that no order can explain.
type brute struct {
	h    *history.Transactions
	live [][]int32 // the sets of transactions that may have taken effect
}

func newBrute(h *history.Transactions) *brute {
	b := &brute{h: h}
	var sure, perhaps []int32
	for tx := range int32(len(h.List)) {
		switch h.List[tx].Outcome {
		case history.Committed:
			sure = append(sure, tx)
		case history.Aborted:
		default:
			perhaps = append(perhaps, tx)
		}
	}
	for set := range 1 << len(perhaps) {
		live := slices.Clone(sure)
		for i, tx := range perhaps {
			if set>>i&1 != 0 {
				live = append(live, tx)
			}
		}
		b.live = append(b.live, live)
	}
	return b
}

func (b *brute) satisfies(d *definition) bool {
	for _, live := range b.live {
		if d.versions {
			if b.someVersions(live, d) {
				return true
			}
		} else if each(live, func(ar []int32) bool { return b.someVisibility(ar, d) }) {
			return true
		}
	}
	return false
}

// each tries all permutations until one is accepted.
func each(list []int32, accept func([]int32) bool) bool {
	list = slices.Clone(list)
	var permute func(from int) bool
	permute = func(from int) bool {
		if from == len(list) {
			return accept(list)
		}
		for i := from; i < len(list); i++ {
			list[from], list[i] = list[i], list[from]
			if permute(from + 1) {
				return true
			}
			list[from], list[i] = list[i], list[from]
		}
		return false
	}
	return permute(0)
}

// must reports whether a level's order puts one transaction before another.
func (b *brute) must(d *definition, x, y int32) bool {
	p, q := &b.h.List[x], &b.h.List[y]
	return d.sessions && p.Process == q.Process && x < y || d.realTime && p.Returned < q.Invoked
}

// someVisibility tries all relations VIS within an order AR.
func (b *brute) someVisibility(ar []int32, d *definition) bool {
	n := len(ar)
	pairs := n * (n - 1) / 2
	for set := range 1 << pairs {
		vis := make([][]bool, n) // by places in AR
		bit := 0
		for i := range n {
			vis[i] = make([]bool, n)
			for k := range i {
				vis[k][i] = set>>bit&1 != 0
				bit++
			}
		}
		if b.axioms(ar, vis, d) && b.ext(ar, vis) {
			return true
		}
	}
	return false
}

func (b *brute) axioms(ar []int32, vis [][]bool, d *definition) bool {
	for i := range ar {
		for k := range ar {
			if b.must(d, ar[i], ar[k]) && (k < i || !vis[i][k]) {
				return false
			}
			if d.total && i < k && !vis[i][k] {
				return false // TotalVis
			}
			if d.noConflict && i < k && b.bothWrite(ar[i], ar[k]) && !vis[i][k] {
				return false // NoConflict
			}
			for m := range ar {
				if d.transitive && vis[i][k] && vis[k][m] && !vis[i][m] {
					return false // TransVis
				}
				if d.prefix && i < k && vis[k][m] && !vis[i][m] {
					return false // Prefix
				}
			}
		}
	}
	return true
}

func (b *brute) writes(tx, key int32) bool {
	return slices.ContainsFunc(b.h.Of(tx), func(op history.Op) bool { return op.Write && op.Key == key })
}

func (b *brute) bothWrite(x, y int32) bool {
	return slices.ContainsFunc(b.h.Of(x), func(op history.Op) bool { return op.Write && b.writes(y, op.Key) })
}

// ext reports whether each read sees the last visible write of its key, or its transaction's own (Ext and Int).
func (b *brute) ext(ar []int32, vis [][]bool) bool {
	for i, tx := range ar {
		if b.h.List[tx].Outcome != history.Committed {
			continue
		}
		state := map[int32][]int32{}
		for _, op := range b.h.Of(tx) {
			known, ok := state[op.Key]
			if !ok {
				known = b.version(ar, vis, i, op.Key)
			}
			switch {
			case op.Write && b.h.Lists:
				known = append(slices.Clone(known), op.Value)
			case op.Write:
				known = []int32{op.Value}
			case !slices.Equal(known, b.read(&op)):
				return false
			case b.h.Lists && len(known) > 0 && b.owns(tx, known[len(known)-1]) && !b.begins(ar[:i+1], op.Key, known):
				return false // a list with the transaction's own append shows where in the order of all appends that is
			}
			state[op.Key] = known
		}
	}
	return true
}

func (b *brute) owns(tx, value int32) bool {
	return slices.ContainsFunc(b.h.Of(tx), func(op history.Op) bool { return op.Write && op.Value == value })
}

// begins reports whether what some transactions appended to a key, one after another, begins with a list.
func (b *brute) begins(ar []int32, key int32, list []int32) bool {
	var all []int32
	for _, tx := range ar {
		for _, op := range b.h.Of(tx) {
			if op.Write && op.Key == key {
				all = append(all, op.Value)
			}
		}
	}
	return len(all) >= len(list) && slices.Equal(all[:len(list)], list)
}

func (b *brute) read(op *history.Op) []int32 {
	switch {
	case b.h.Lists:
		return b.h.ListOf(op)
	case op.Value == 0:
		return nil
	default:
		return []int32{op.Value}
	}
}

// version is what the last visible writer left; of a list, all that was appended up to it in AR.
func (b *brute) version(ar []int32, vis [][]bool, i int, key int32) []int32 {
	last := -1
	for k := range i {
		if vis[k][i] && b.writes(ar[k], key) {
			last = k
		}
	}
	var list []int32
	for k := range last + 1 {
		for _, op := range b.h.Of(ar[k]) {
			if op.Write && op.Key == key && (b.h.Lists || k == last) {
				if !b.h.Lists {
					list = list[:0]
				}
				list = append(list, op.Value)
			}
		}
	}
	return list
}

// someVersions tries all orders of the versions of all keys.
func (b *brute) someVersions(live []int32, d *definition) bool {
	orders := make([][]int32, len(b.h.Keys))
	var choose func(key int) bool
	choose = func(key int) bool {
		if key == len(orders) {
			return b.acyclic(live, orders, d)
		}
		var writers []int32
		for _, tx := range live {
			if b.writes(tx, int32(key)) {
				writers = append(writers, tx)
			}
		}
		return each(writers, func(order []int32) bool {
			orders[key] = order
			return choose(key + 1)
		})
	}
	return choose(0)
}

// acyclic builds Adya's graph of an order of versions.
func (b *brute) acyclic(live []int32, orders [][]int32, d *definition) bool {
	edge := map[[2]int32]bool{}
	add := func(x, y int32) {
		if x != y {
			edge[[2]int32{x, y}] = true
		}
	}
	for _, x := range live {
		for _, y := range live {
			if b.must(d, x, y) {
				add(x, y)
			}
		}
	}
	for _, order := range orders {
		for i := 1; i < len(order); i++ {
			add(order[i-1], order[i])
		}
	}
	for _, tx := range live {
		if b.h.List[tx].Outcome != history.Committed {
			continue
		}
		wrote := map[int32]int{}
		for _, op := range b.h.Of(tx) {
			if op.Write {
				wrote[op.Key]++
				continue
			}
			order := orders[op.Key]
			place, ok := b.place(tx, b.read(&op), wrote[op.Key], order, op.Key)
			if b.h.Lists && wrote[op.Key] > 0 { // it saw where its own append is
				ok = ok && place < len(order) && order[place] == tx
			}
			if !ok {
				if !d.reads && !b.h.Lists {
					continue // which versions reads see is of no matter
				}
				return false
			}
			if d.reads && place > 0 {
				add(order[place-1], tx)
			}
			if d.antis && place < len(order) {
				add(tx, order[place])
			}
		}
	}
	return !cyclic(edge)
}

// place is how many versions of an order a read has seen; of one's own write, up to that.
func (b *brute) place(tx int32, read []int32, own int, order []int32, key int32) (int, bool) {
	if b.h.Lists {
		read = read[:len(read)-own]
	} else if own > 0 {
		return slices.Index(order, tx) + 1, true
	}
	var list []int32
	if len(read) == 0 {
		return 0, true
	}
	for i, w := range order {
		for _, op := range b.h.Of(w) {
			if op.Write && op.Key == key {
				list = append(list, op.Value)
			}
		}
		if b.h.Lists && slices.Equal(list, read) || !b.h.Lists && list[len(list)-1] == read[0] {
			return i + 1, true
		}
	}
	return 0, false
}

func cyclic(edge map[[2]int32]bool) bool {
	state := map[int32]int{}
	var visit func(x int32) bool
	visit = func(x int32) bool {
		state[x] = 1
		for e := range edge {
			if e[0] == x && (state[e[1]] == 1 || state[e[1]] == 0 && visit(e[1])) {
				return true
			}
		}
		state[x] = 2
		return false
	}
	for e := range edge {
		if state[e[0]] == 0 && visit(e[0]) {
			return true
		}
	}
	return false
}
