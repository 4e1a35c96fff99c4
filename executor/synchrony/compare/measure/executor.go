package measure

import (
	"fmt"
	"slices"
	"time"

	"synchrony/executor/synchrony"
	"synchrony/models/batch"
)

// The names of the contenders that are not peers.
const (
	plain    = "ours"           // in parallel, without a proof
	defaults = "ours, defaults" // as a user has it who says nothing: the plan chooses, and the execution is certified
	text     = "ours, text"     // transactions in text form
	bare     = "serial loop"
	shared   = "shares nothing" // the work, divided
)

// field is the contenders of a workload: the serial loop, ours, and the peers, but for those that are left out.
func (s *settings) field(w *Workload, workers int, without ...string) ([]*contender, error) {
	b, err := goForm(w)
	if err != nil {
		return nil, err
	}
	proved, unproved := synchrony.Options{Workers: workers}, synchrony.Options{Workers: workers, Mode: batch.Parallel, Uncertified: true}
	list := []*contender{
		{name: bare, engine: newLoop(w)},
		{name: plain, engine: &ours{b, synchrony.NewStore(b.Accounts), unproved}},
		{name: defaults, engine: &ours{b, synchrony.NewStore(b.Accounts), proved}},
	}
	for _, p := range s.peers {
		if !slices.Contains(without, p.Name) {
			list = append(list, &contender{name: p.Name, engine: p.New(w, workers)})
		}
	}
	return list, nil
}

// works are how long a transaction computes.
var works = []struct {
	name string
	time.Duration
}{{"empty", 0}, {"1 µs", time.Microsecond}, {"10 µs", 10 * time.Microsecond}}

func workOf(d time.Duration) func() {
	if d == 0 {
		return Nothing
	}
	return spinning(d)
}

// besidePeers compares processor time and time with those of the peers.
func (s *settings) besidePeers() error {
	t := &table{
		title: "Beside other executors",
		notes: []string{fmt.Sprintf("%s transactions on %d workers. How many times the processor time, and the time, of ours without a proof.", grouped(int64(s.transactions)), s.workers)},
		header: []string{
			"transaction", "contention", "executor", "processor time / ours", "time / ours", "processor time / ours with the defaults", "ns of processor time a transaction",
		},
	}
	for _, d := range works {
		for _, c := range contentions {
			w := NewWorkload(s.transactions, c, d.Duration, workOf(d.Duration))
			list, err := s.field(w, s.workers)
			if err != nil {
				return err
			}
			if d.Duration == 0 {
				e, err := newOursText(w, synchrony.Options{Workers: s.workers, Mode: batch.Parallel, Uncertified: true})
				if err != nil {
					return err
				}
				list = append(list, &contender{name: text, engine: e})
			}
			r, err := race(w, s.rounds, list)
			if err != nil {
				return err
			}
			for _, k := range list {
				t.add(d.name, c.Name, k.name, r.ratio(k.name, plain, cpu).String(), r.ratio(k.name, plain, wall).String(),
					r.ratio(k.name, defaults, cpu).String(), r.each(k.name, cpu).over(float64(s.transactions)).String())
			}
		}
	}
	t.write(s.out)
	return nil
}

// proof compares the defaults with the same without a proof.
func (s *settings) proof() error {
	t := &table{
		title:  "The proof",
		notes:  []string{"The defaults, under which an execution is certified before it is committed, beside the same without the certificate. Transactions in Go form, and empty ones in text form, too."},
		header: []string{"transaction", "contention", "form", "processor time, on / off", "time, on / off"},
	}
	for _, d := range works {
		for _, c := range contentions {
			for _, form := range []struct {
				name string
				make func(*Workload, synchrony.Options) (*ours, error)
			}{{"Go", newOurs}, {"text", newOursText}} {
				if d.Duration > 0 && form.name == "text" {
					continue
				}
				w := NewWorkload(s.transactions, c, d.Duration, workOf(d.Duration))
				on, err := form.make(w, synchrony.Options{Workers: s.workers})
				if err != nil {
					return err
				}
				off, err := form.make(w, synchrony.Options{Workers: s.workers, Uncertified: true})
				if err != nil {
					return err
				}
				r, err := race(w, s.rounds, []*contender{{name: "on", engine: on}, {name: "off", engine: off}})
				if err != nil {
					return err
				}
				t.add(d.name, c.Name, form.name, r.ratio("on", "off", cpu).String(), r.ratio("on", "off", wall).String())
			}
		}
	}
	t.write(s.out)
	return nil
}

// share compares the speedup over the serial loop with the ceiling.
func (s *settings) share() error {
	t := &table{
		title: "Speedup, as a share of the ceiling",
		notes: []string{
			"The ceiling is that of a greedy list schedule of the block's conflict graph on as many workers, with transactions of one length and nothing else. The machine gave is the speedup, in " +
				"the same round, of the same work divided between goroutines that share nothing. By processor time is the serial loop's to the executor's: what the share would be if workers never waited.",
		},
		header: []string{"transaction", "contention", "executor", "ceiling", "the machine gave", "speedup", "share of the ceiling", "share of what the machine gave", "by processor time"},
	}
	for _, d := range works[1:] {
		for _, c := range contentions {
			w := NewWorkload(s.transactions, c, d.Duration, workOf(d.Duration))
			list, err := s.field(w, s.workers)
			if err != nil {
				return err
			}
			r, err := race(w, s.rounds, append(list, &contender{name: shared, engine: split{w, s.workers}}))
			if err != nil {
				return err
			}
			top := ceiling(w, s.workers)
			for _, k := range list {
				if k.name == bare {
					continue
				}
				speedup := r.ratio(bare, k.name, wall)
				t.add(d.name, c.Name, k.name, figure(top), r.ratio(bare, shared, wall).String(), speedup.String(),
					speedup.over(top).String(), r.ratio(shared, k.name, wall).over(top/float64(s.workers)).String(), r.ratio(bare, k.name, cpu).String())
			}
		}
	}
	t.write(s.out)
	return nil
}

// latency compares where transactions wait.
func (s *settings) latency() error {
	const workers = 8
	t := &table{
		title:  "Transactions that wait",
		notes:  []string{fmt.Sprintf("%s transactions that sleep for 1 ms each, beside the serial loop that does so. In the last rows the waiting is in Prepare, which touches no account.", grouped(int64(s.waits)))},
		header: []string{"contention", "executor", "ceiling", "speedup"},
	}
	rounds := min(s.rounds, 5) // a turn takes seconds, and sleeping is little disturbed
	add := func(c Contention, top float64, w *Workload, list []*contender) error {
		r, err := race(w, rounds, list)
		if err != nil {
			return err
		}
		for _, k := range list[1:] {
			t.add(c.Name, k.name, figure(top), r.ratio(bare, k.name, wall).String())
		}
		return nil
	}
	for _, c := range contentions {
		w := NewWorkload(s.waits, c, time.Millisecond, sleeping(time.Millisecond))
		list, err := s.field(w, workers)
		if err != nil {
			return err
		}
		if err := add(c, ceiling(w, workers), w, list); err != nil {
			return err
		}
	}
	blocking, err := s.alone("ours, blocking mode", contentions[0], false, synchrony.Options{Workers: workers, Mode: batch.Blocking, Uncertified: true})
	if err != nil {
		return err
	}
	if err := add(contentions[0], float64(s.waits), blocking.w, blocking.list); err != nil {
		return err
	}
	prepared, err := s.alone("ours, in Prepare", contentions[2], true, synchrony.Options{Workers: workers, Mode: batch.Parallel, Uncertified: true})
	if err != nil {
		return err
	}
	if err := add(contentions[2], workers, prepared.w, prepared.list); err != nil {
		return err
	}
	t.write(s.out)
	return nil
}

// duel is the serial loop and one of ours.
type duel struct {
	w    *Workload
	list []*contender
}

func (s *settings) alone(name string, c Contention, prepared bool, o synchrony.Options) (*duel, error) {
	w := NewWorkload(s.waits, c, time.Millisecond, sleeping(time.Millisecond))
	w.Prepared = prepared
	e, err := newOurs(w, o)
	if err != nil {
		return nil, err
	}
	return &duel{w, []*contender{{name: bare, engine: newLoop(w)}, {name: name, engine: e}}}, nil
}

// one compares a block of one transaction with the transaction alone.
func (s *settings) one() error {
	t := &table{
		title:  "One transaction of 1 µs",
		header: []string{"executor", "time / bare", "processor time / bare", "ns"},
	}
	w := NewWorkload(1, contentions[0], time.Microsecond, spinning(time.Microsecond))
	list := []*contender{{name: bare, engine: newLoop(w)}}
	for _, k := range []struct {
		name string
		o    synchrony.Options
	}{
		{"ours, no timeout, no proof", synchrony.Options{Workers: 8, Timeout: batch.NoTimeout, Uncertified: true}},
		{"ours, no timeout, proof", synchrony.Options{Workers: 8, Timeout: batch.NoTimeout}},
		{"ours, default timeout, no proof", synchrony.Options{Workers: 8, Uncertified: true}},
		{defaults, synchrony.Options{Workers: 8}},
	} {
		e, err := newOurs(w, k.o)
		if err != nil {
			return err
		}
		list = append(list, &contender{name: k.name, engine: e})
	}
	for _, p := range s.peers {
		list = append(list, &contender{name: p.Name, engine: p.New(w, s.workers)})
	}
	r, err := race(w, s.rounds, list)
	if err != nil {
		return err
	}
	for _, k := range list {
		t.add(k.name, r.ratio(k.name, bare, wall).String(), r.ratio(k.name, bare, cpu).String(), r.each(k.name, wall).String())
	}
	t.write(s.out)
	return nil
}
