package sample

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"synchrony/models/history"
)

// Shape is what a history is like.
type Shape struct {
	Lists        bool // keys hold lists, which writes append to; else they are registers
	Transactions int
	Concurrency  int // how many may be under way at one time: the number of processes
	Writes       int // how many a key gets; then another takes its place
}

// keysAtOnce is how many keys are in use at a time.
const keysAtOnce = 10

// Draw is transactions of one to four operations, all committed, that take effect one after another between their
// invocations and their returns, whose times are those of the records from 1 on.
func (s Shape) Draw(rng *rand.Rand) *history.Transactions {
	d := &drawing{Transactions: &history.Transactions{Lists: s.Lists, Values: []history.Value{{}}}, shape: s, rng: rng}
	for range keysAtOnce {
		d.keys = append(d.keys, d.fresh())
	}
	var free, waiting, done []int32
	for p := range int32(s.Concurrency) {
		free = append(free, p)
	}
	for at := time.Duration(1); len(d.List) < s.Transactions || len(waiting)+len(done) > 0; {
		switch turn := rng.IntN(3); {
		case turn == 0 && len(free) > 0 && len(d.List) < s.Transactions:
			d.List = append(d.List, history.Transaction{Process: d.take(&free), Line: int32(at), Outcome: history.Committed, Invoked: at})
			waiting = append(waiting, int32(len(d.List)-1))
			at++
		case turn == 1 && len(waiting) > 0:
			tx := d.take(&waiting)
			d.execute(tx)
			done = append(done, tx)
		case turn == 2 && len(done) > 0:
			tx := d.take(&done)
			d.List[tx].Returned = at
			free = append(free, d.List[tx].Process)
			at++
		}
	}
	return d.Transactions
}

// drawing is a history under construction.
type drawing struct {
	*history.Transactions
	shape Shape
	rng   *rand.Rand
	keys  []key // that are in use
}

// key is a key in use: its number, and its values so far.
type key struct {
	number int32
	values []int32
}

// fresh is a key that was not in use yet.
func (d *drawing) fresh() key {
	k := key{number: int32(len(d.Keys))}
	d.Keys = append(d.Keys, fmt.Sprint(k.number))
	return k
}

// take takes one of a list out.
func (d *drawing) take(list *[]int32) int32 {
	i := d.rng.IntN(len(*list))
	x := (*list)[i]
	*list = slices.Delete(*list, i, i+1)
	return x
}

// execute lets a transaction take effect.
func (d *drawing) execute(tx int32) {
	d.List[tx].First = int32(len(d.Ops))
	for range 1 + d.rng.IntN(4) {
		k := &d.keys[d.rng.IntN(keysAtOnce)]
		if len(k.values) == d.shape.Writes {
			*k = d.fresh()
		}
		op := history.Op{Key: k.number, Write: d.rng.IntN(2) == 0}
		switch {
		case op.Write:
			op.Value = int32(len(d.Values))
			d.Values = append(d.Values, history.NumberOf(int64(op.Value)))
			k.values = append(k.values, op.Value)
		case d.Lists:
			op.Value, op.Count = int32(len(d.Elements)), int32(len(k.values))
			d.Elements = append(d.Elements, k.values...)
		case len(k.values) > 0:
			op.Value = k.values[len(k.values)-1]
		}
		d.Ops = append(d.Ops, op)
	}
	d.List[tx].End = int32(len(d.Ops))
}
