package isolation

import (
	"fmt"
	"strings"
)

// sentence tells a cycle in one sentence.
func (j *judge) sentence(cycle []Edge) string {
	var steps []string
	for k, e := range cycle {
		if k < maxShown {
			steps = append(steps, fmt.Sprintf("%s must come before %s, because %s", j.Name(e.From), j.Name(e.To), j.whyEdge(e)))
		}
	}
	told := strings.Join(steps, "; ")
	if more := len(cycle) - maxShown; more > 0 {
		told += fmt.Sprintf("; and so on, over %d more, back to %s", more, j.Name(cycle[0].From))
	}
	return told
}

// whyEdge says why an edge is there.
func (o *observed) whyEdge(e Edge) string {
	from, to := o.Name(e.From), o.Name(e.To)
	switch e.Kind {
	case Session:
		return fmt.Sprintf("process %d made %s before %s", o.List[e.From].Process, from, to)
	case Time:
		return fmt.Sprintf("%s had returned before %s was invoked", from, to)
	case WR:
		for _, r := range o.readsOf(e.To) {
			if r.version != initial && o.owner[r.version] == e.From {
				return fmt.Sprintf("%s read %s, and %s wrote %s", to, o.readText(r), from, o.ValueName(o.Ops[r.version].Value))
			}
		}
	case RW:
		if r, w, ok := o.missed(e); ok {
			return fmt.Sprintf("%s read %s, which %s had not yet changed (%s)", from, o.readText(r), to, o.OpText(&o.Ops[w]))
		}
	}
	return o.whyWrites(e)
}

// readsOf are the reads of a transaction.
func (o *observed) readsOf(tx int32) []read {
	low, high := 0, len(o.reads)
	for low < high { // they are in the order of their transactions
		if mid := (low + high) / 2; o.reads[mid].tx < tx {
			low = mid + 1
		} else {
			high = mid
		}
	}
	end := low
	for end < len(o.reads) && o.reads[end].tx == tx {
		end++
	}
	return o.reads[low:end]
}

// missed is a read of the first transaction of an rw edge, and the write of the second that comes after what it saw.
func (o *observed) missed(e Edge) (read, int32, bool) {
	for _, r := range o.readsOf(e.From) {
		for i := o.List[e.To].First; i < o.List[e.To].End; i++ {
			if op := &o.Ops[i]; op.Write && op.Key == o.Ops[r.op].Key && o.comesAfter(r, i) {
				return r, i, true
			}
		}
	}
	return read{}, none, false
}

// comesAfter reports whether a version may be the one that replaced what a read saw.
func (o *observed) comesAfter(r read, version int32) bool {
	if !o.Lists {
		return r.version != version
	}
	place := o.placeOf(r)
	return o.place[version] == place+1 || o.place[version] == 0 && int(place) == len(o.order[o.Ops[version].Key])
}

// antiKey is the key of an rw edge, or none.
func (o *observed) antiKey(e Edge) int32 {
	if r, _, ok := o.missed(e); ok {
		return o.Ops[r.op].Key
	}
	return none
}

// whyWrites says why the writes of one transaction come before those of another.
func (o *observed) whyWrites(e Edge) string {
	for i := o.List[e.From].First; i < o.List[e.From].End; i++ {
		for k := o.List[e.To].First; k < o.List[e.To].End; k++ {
			x, y := &o.Ops[i], &o.Ops[k]
			if !x.Write || !y.Write || x.Key != y.Key || o.Lists && o.place[k] != 0 && o.place[k] != o.place[i]+1 {
				continue
			}
			return fmt.Sprintf("%s wrote %s of %s after %s had written %s", o.Name(e.To), o.ValueName(y.Value), o.KeyName(x.Key), o.Name(e.From), o.ValueName(x.Value))
		}
	}
	return "their versions follow each other"
}
