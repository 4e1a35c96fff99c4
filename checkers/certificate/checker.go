package certificate

import (
	"cmp"
	"fmt"
	"slices"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// New returns the checker "certificate", which checks the certificates of committed executions. Its rules are "no certificate", "certificate
// of nothing" (one of an execution that was not committed), "wrong order", "wrong
// certificate" (an access that is not that of serial execution), "incomplete certificate",
// "certificate of another execution" (than the events show), "unknown method", "wrong time", and "executed again without a reason": a
// serial re-execution makes any execution look right, and is due only if the parallel one was not recorded, which nothing
// keeps an executor from that was asked for a certificate.
func New() checkers.OfBatch { return checkers.Observed("certificate", check) }

func check(w batch.Workload, o *trace.Observation) checkers.Verdict {
	switch p := o.Certificate; {
	case o.Outcome != history.Committed && p != nil:
		return checkers.Failed("certificate of nothing", fmt.Sprintf("the batch was %v, and carries a certificate that it could be committed", o.Outcome))
	case o.Outcome != history.Committed:
		return checkers.Passed()
	case p == nil:
		return checkers.Failed("no certificate", "the batch was committed without a certificate")
	default:
		c := &claim{w, o, p, trace.NamesOf(w.Batch)}
		for _, check := range []func() checkers.Verdict{c.method, c.order, c.versions, c.specified, c.observed} {
			if v := check(); v.Status != checkers.Pass {
				return v
			}
		}
		return checkers.Passed()
	}
}

// claim is a certificate being checked, with what it is checked against.
type claim struct {
	w           batch.Workload
	o           *trace.Observation
	certificate *trace.Certificate
	names       trace.Names
}

// method checks that there is such a method, and that it was due.
func (c *claim) method() checkers.Verdict {
	switch {
	case c.certificate.Method == trace.BySerialExecution:
		return checkers.Failed("executed again without a reason", "the batch was executed again one after another, and what the first execution did is not known")
	case c.certificate.Method != trace.ByVersions:
		return checkers.Failed("unknown method", fmt.Sprintf("there is no method %q to certify an execution", c.certificate.Method))
	case c.certificate.Elapsed < 0 || c.certificate.Elapsed > c.o.Elapsed:
		return checkers.Failed("wrong time", fmt.Sprintf("the certificate took %v, of %v that the batch took", c.certificate.Elapsed, c.o.Elapsed))
	}
	return checkers.Passed()
}

// order checks that the certificate's order is one: each transaction once, and none before
// those that its after clause names; and that the accesses follow it.
func (c *claim) order() checkers.Verdict {
	ts := c.w.Batch.Transactions
	place := make([]int, len(ts))
	for i := range place {
		place[i] = i
	}
	if order := c.certificate.Order; order != nil {
		if len(order) != len(ts) {
			return checkers.Failed("wrong order", fmt.Sprintf("the certificate orders %d of %d transactions", len(order), len(ts)))
		}
		for i := range place {
			place[i] = -1
		}
		for i, tx := range order {
			if tx < 0 || int(tx) >= len(ts) || place[tx] >= 0 {
				return checkers.Failed("wrong order", fmt.Sprintf("the certificate's order names transaction %s twice, or it is none", c.names.Tx(tx)))
			}
			place[tx] = i
		}
	}
	index := make(map[string]int, len(ts))
	for i := range ts {
		index[ts[i].ID] = i
	}
	for i := range ts {
		for _, id := range ts[i].After {
			if place[index[id]] > place[i] {
				return checkers.Failed("wrong order", fmt.Sprintf("the certificate has %s before %s, which runs after it", ts[i].ID, id))
			}
		}
	}
	for i, a := range c.certificate.Accesses {
		if a.Tx < 0 || int(a.Tx) >= len(ts) || i > 0 && place[a.Tx] < place[c.certificate.Accesses[i-1].Tx] {
			return checkers.Failed("wrong order", fmt.Sprintf("the certificate's accesses by %s are not where its order has them", c.names.Tx(a.Tx)))
		}
	}
	return checkers.Passed()
}

// versions replays the accesses in order: each must meet the version that is there.
func (c *claim) versions() checkers.Verdict {
	last := make([]int32, len(c.w.Batch.Accounts))
	for a := range last {
		last[a] = history.InitialVersion
	}
	reads, writes := 0, 0
	for _, a := range c.certificate.Accesses {
		if a.Account < 0 || int(a.Account) >= len(last) {
			return checkers.Failed("wrong certificate", fmt.Sprintf("%s accesses an account that there is not", c.names.Tx(a.Tx)))
		}
		if a.Version != last[a.Account] {
			return c.wrong(a, last[a.Account])
		}
		if a.Write {
			last[a.Account] = a.Tx
			writes++
		} else {
			reads++
		}
	}
	if reads != c.certificate.Reads || writes != c.certificate.Writes {
		return checkers.Failed("incomplete certificate", fmt.Sprintf("the certificate speaks of %d reads and %d writes, and has %d and %d",
			c.certificate.Reads, c.certificate.Writes, reads, writes))
	}
	return checkers.Passed()
}

func (c *claim) wrong(a trace.CertifiedAccess, serially int32) checkers.Verdict {
	return checkers.Failed("wrong certificate", fmt.Sprintf("by the certificate, %s meets the version of %s that %s wrote, and serially it is that of %s",
		c.names.Tx(a.Tx), c.names.Account(a.Account), c.names.Version(a.Version), c.names.Version(serially)))
}

// specified compares the accesses with those of the sequential specification: the
// writes are the same, and no read is another. (A transaction in Go form need not read
// all that it may, nor one in text form a balance that it is not asked for.)
func (c *claim) specified() checkers.Verdict {
	spec := batch.RunSerially(c.w.Batch, c.w.Setup.Panics...)
	writes := 0
	for _, a := range c.certificate.Accesses {
		wanted := spec.Effects[a.Tx].Reads
		if a.Write {
			wanted = spec.Effects[a.Tx].Writes
			writes++
		}
		i := slices.IndexFunc(wanted, func(x batch.Access) bool { return x.Account == a.Account })
		if i < 0 {
			return checkers.Failed("wrong certificate", fmt.Sprintf("by the certificate, %s accesses %s, and serially it does not", c.names.Tx(a.Tx), c.names.Account(a.Account)))
		}
		if int32(wanted[i].Writer) != a.Version {
			return c.wrong(a, int32(wanted[i].Writer))
		}
	}
	want := 0
	for _, e := range spec.Effects {
		want += len(e.Writes)
	}
	if writes != want {
		return checkers.Failed("incomplete certificate", fmt.Sprintf("the certificate has %d writes, and serial execution makes %d", writes, want))
	}
	return checkers.Passed()
}

// observed compares the accesses with the events, if there are any.
func (c *claim) observed() checkers.Verdict {
	if c.w.Setup.Untraced {
		return checkers.Passed()
	}
	var seen []trace.CertifiedAccess
	for _, e := range c.o.Events {
		if e.Kind == trace.Read || e.Kind == trace.Write {
			seen = append(seen, trace.CertifiedAccess{Tx: e.Tx, Account: e.Account, Version: e.Version, Write: e.Kind == trace.Write})
		}
	}
	certified := slices.Clone(c.certificate.Accesses)
	slices.SortFunc(seen, compareAccesses)
	slices.SortFunc(certified, compareAccesses)
	for i := range max(len(seen), len(certified)) {
		if i >= len(seen) || i >= len(certified) || seen[i] != certified[i] {
			return checkers.Failed("certificate of another execution",
				fmt.Sprintf("the certificate is about %d accesses, and the events show %d, which are not the same", len(certified), len(seen)))
		}
	}
	return checkers.Passed()
}

func compareAccesses(x, y trace.CertifiedAccess) int {
	write := func(a trace.CertifiedAccess) int {
		if a.Write {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(x.Tx, y.Tx), cmp.Compare(x.Account, y.Account), cmp.Compare(x.Version, y.Version), cmp.Compare(write(x), write(y)))
}
