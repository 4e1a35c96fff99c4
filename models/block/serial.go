package block

// Result is what executing a block showed.
type Result struct {
	// State has each key that is there at the end.
	State map[string]int64 `json:"state"`
	// Failed names the transactions that failed; nil if the executor does not say.
	Failed []string `json:"failed,omitempty"`
	// Reads are those of the transactions that took effect, each with where it was from; none if the executor does not say.
	Reads []ReadOf `json:"reads,omitempty"`
	// Order names all transactions in the order in which they are to be understood, if that is another than the block's.
	Order []string `json:"order,omitempty"`
	// Error is why the executor gave up the block, if it did.
	Error string `json:"error,omitempty"`
}

// ReadOf is a read by a transaction, of what another one, which From names, had written; or of what was there at first, if From is empty.
type ReadOf struct {
	Transaction string `json:"transaction"`
	Key         string `json:"key"`
	Value       int64  `json:"value"`
	From        string `json:"from,omitempty"`
}

// Serial executes the transactions one after another: in the order given, as their indices, or else in the block's. It is the specification.
func (b *Block) Serial(order []int) Result {
	r := Result{State: map[string]int64{}, Failed: []string{}}
	for k, n := range b.Initial {
		r.State[k] = n
	}
	if order == nil {
		for i := range b.Transactions {
			order = append(order, i)
		}
	}
	last := map[string]string{} // writer of each key
	for _, i := range order {
		t := &b.Transactions[i]
		changes, reads, ok := t.execute(func(key string) (int64, string) { return r.State[key], last[key] })
		if !ok {
			r.Failed = append(r.Failed, t.Name)
			continue
		}
		r.Reads = append(r.Reads, reads...)
		for k, n := range changes {
			r.State[k], last[k] = n, t.Name
		}
	}
	return r
}

// execute returns what the transaction writes and reads, if it finds what look says, and who wrote that; false if it fails. It does not look at what
// it has itself written.
func (t *Transaction) execute(look func(key string) (value int64, from string)) (changes map[string]int64, reads []ReadOf, ok bool) {
	changes = map[string]int64{}
	get := func(key string) int64 {
		if n, own := changes[key]; own {
			return n
		}
		n, from := look(key)
		reads = append(reads, ReadOf{t.Name, key, n, from})
		return n
	}
	for _, o := range t.Operations {
		switch o.Op {
		case Read:
			get(o.Key)
		case Write:
			changes[o.Key] = o.Amount
		case Add:
			changes[o.Key] = get(o.Key) + o.Amount
		case Transfer:
			from := get(o.Key)
			if from < o.Amount {
				return nil, nil, false
			}
			to := get(o.To)
			changes[o.Key], changes[o.To] = from-o.Amount, to+o.Amount
		}
	}
	return changes, reads, true
}
