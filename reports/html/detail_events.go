package html

import (
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// events is the events of a batch's execution as columns. Each number is how far the event is from
// what was to be expected, so that most are 0 and compress to almost nothing:
//
//	time     from the event before, in nanoseconds
//	kind     trace.EventKind
//	worker   from the worker of the event before
//	tx       of a start, from the transaction started last plus one; else from the worker's last one
//	read     the account of a read
//	write    of a write, from what the transaction has read, in that order
//	old      of a read or write only, from the account's value so far
//	new      of a write only, from the old value less what the transaction's other writes came to
//	version  of a read or write only, from the account's last writer
//	step     from the step of the event before; empty if steps were not recorded
//
// Sums wrap around as those of an int64 do.
type events struct {
	Time    counts `json:"time"`
	Kind    counts `json:"kind"`
	Worker  column `json:"worker"`
	Tx      column `json:"tx"`
	Read    counts `json:"read"`
	Write   column `json:"write"`
	Old     column `json:"old"`
	New     column `json:"new"`
	Version column `json:"version"`
	Step    column `json:"step"`
	Late    int    `json:"late,omitempty"` // so many at the end came after the executor had returned
}

// toEvents encodes events; steps has the step of each, or is empty.
func toEvents(list []trace.Event, initial []int64, steps []int) *events {
	c := &events{Time: counts{}, Kind: counts{}, Worker: column{}, Tx: column{}, Read: counts{}, Write: column{}, Old: column{}, New: column{}, Version: column{}, Step: column{}}
	p := newPrediction(initial)
	var now, worker, step int64
	for i, e := range list {
		c.Time = append(c.Time, int64(e.Time)-now)
		c.Kind = append(c.Kind, int64(e.Kind))
		c.Worker = append(c.Worker, int64(e.Worker)-worker)
		c.Tx = append(c.Tx, int64(e.Tx)-p.tx(e))
		switch e.Kind {
		case trace.Read:
			c.Read = append(c.Read, int64(e.Account))
		case trace.Write:
			c.Write = append(c.Write, int64(e.Account)-p.account(e.Tx))
			c.New = append(c.New, e.New-e.Old-p.change(e.Tx))
		}
		if e.Kind == trace.Read || e.Kind == trace.Write {
			c.Old = append(c.Old, e.Old-p.value[e.Account])
			c.Version = append(c.Version, int64(e.Version)-p.version(e.Account))
		}
		if len(steps) > 0 {
			c.Step = append(c.Step, int64(steps[i])-step)
			step = int64(steps[i])
		}
		p.see(e)
		now, worker = int64(e.Time), int64(e.Worker)
	}
	return c
}

// prediction is what the events so far let expect of the next one.
type prediction struct {
	started int64               // the transaction started last
	last    map[int32]int64     // by worker: its last transaction
	of      map[int32]*accesses // by transaction
	value   map[batch.AccountID]int64
	writer  map[batch.AccountID]int64 // by account, plus one
}

// accesses is what a transaction has done so far.
type accesses struct {
	reads  []batch.AccountID
	writes int
	change int64 // the sum of what its writes changed
}

func newPrediction(initial []int64) *prediction {
	p := &prediction{-1, map[int32]int64{}, map[int32]*accesses{}, map[batch.AccountID]int64{}, map[batch.AccountID]int64{}}
	for a, v := range initial {
		p.value[batch.AccountID(a)] = v
	}
	return p
}

func (p *prediction) tx(e trace.Event) int64 {
	if e.Kind == trace.Start {
		return p.started + 1
	}
	return p.last[e.Worker]
}

// account expects that a transaction writes what it has read, in that order.
func (p *prediction) account(tx int32) int64 {
	if a := p.accesses(tx); a.writes < len(a.reads) {
		return int64(a.reads[a.writes])
	}
	return 0
}

// change expects that a transaction gives what it has taken.
func (p *prediction) change(tx int32) int64 { return -p.accesses(tx).change }

func (p *prediction) version(a batch.AccountID) int64 { return p.writer[a] - 1 }

func (p *prediction) accesses(tx int32) *accesses {
	a := p.of[tx]
	if a == nil {
		a = &accesses{}
		p.of[tx] = a
	}
	return a
}

func (p *prediction) see(e trace.Event) {
	p.last[e.Worker] = int64(e.Tx)
	switch a := p.accesses(e.Tx); e.Kind {
	case trace.Start:
		p.started = int64(e.Tx)
	case trace.Read:
		a.reads = append(a.reads, e.Account)
	case trace.Write:
		a.writes++
		a.change += e.New - e.Old
		p.value[e.Account], p.writer[e.Account] = e.New, int64(e.Tx)+1
	}
}
