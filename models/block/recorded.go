package block

import "fmt"

// Recorded is what an execution of b did, by the reads that it reported. An error says why that cannot be told: an executor that does not
// report reads says too little, and one that reports others than the transactions make says what cannot be.
func (b *Block) Recorded(r *Result) (*Record, error) {
	failed := map[string]bool{}
	for _, name := range r.Failed {
		failed[name] = true
	}
	reads := map[[2]string][]ReadOf{} // by transaction and key, in order
	for _, s := range r.Reads {
		at := [2]string{s.Transaction, s.Key}
		reads[at] = append(reads[at], s)
	}
	rec := &Record{Initial: b.Initial, Final: r.State, Order: r.Order}
	used := 0
	for i := range b.Transactions {
		t := &b.Transactions[i]
		if failed[t.Name] {
			continue
		}
		e, err := t.effect(reads)
		if err != nil {
			return nil, err
		}
		used += len(e.Reads)
		rec.Transactions = append(rec.Transactions, e)
	}
	if used != len(r.Reads) {
		return nil, fmt.Errorf("%d reads are reported, and the transactions that took effect make %d", len(r.Reads), used)
	}
	return rec, nil
}

// effect is what the transaction does if it reads that.
func (t *Transaction) effect(reads map[[2]string][]ReadOf) (Effect, error) {
	e, missing := Effect{Name: t.Name}, ""
	changes, seen, ok := t.execute(func(key string) (int64, string) {
		at := [2]string{t.Name, key}
		if len(reads[at]) == 0 {
			missing = key
			return 0, ""
		}
		s := reads[at][0]
		reads[at] = reads[at][1:]
		return s.Value, s.From
	})
	switch {
	case missing != "":
		return e, fmt.Errorf("%s reads %s, and that is not reported", t.Name, missing)
	case !ok:
		return e, fmt.Errorf("%s is said to have taken effect, and fails on what it read", t.Name)
	}
	for _, s := range seen {
		e.Reads = append(e.Reads, Seen{s.Key, s.Value, &s.From})
	}
	for _, o := range t.Operations {
		for _, key := range []string{o.Key, o.To} {
			if n, wrote := changes[key]; wrote {
				e.Writes = append(e.Writes, Change{key, n})
				delete(changes, key)
			}
		}
	}
	return e, nil
}
