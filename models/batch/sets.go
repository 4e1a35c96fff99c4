package batch

import "slices"

// DeriveSets returns the accounts that a call reads and writes, each strictly
// ascending and nil if empty, by these rules:
//
//   - It writes the accounts whose new balance an equation of its verify block
//     defines (see [Cond.Defines]).
//   - It reads an account whose balance before the transaction is mentioned: by an
//     Old term anywhere, by any balance term in a guard, or by a New term in verify
//     when the call does not write the account, so that its new balance is the old.
//
// So a New term on an account that the call writes is no read: the value is the
// transaction's own. Passing an account without mentioning it is neither. Accounts
// count, not parameters: in transfer(alice, alice, 10) both parameters are alice.
func DeriveSets(c *Call) (reads, writes []AccountID) {
	var readBuf, writeBuf [8]AccountID // most calls touch a few accounts: no growing on the heap
	r, w := readBuf[:0], writeBuf[:0]
	for i := range c.Intent.Verify {
		if p, ok := c.Intent.Verify[i].Defines(); ok {
			w = append(w, c.Args[p].Account)
		}
	}
	for i := range c.Intent.Guard {
		for t := range c.Intent.Guard[i].Terms {
			if t.Kind != Amount {
				r = append(r, c.Args[t.Param].Account)
			}
		}
	}
	for i := range c.Intent.Verify {
		for t := range c.Intent.Verify[i].Terms {
			a := c.Args[t.Param].Account
			if t.Kind == Old || t.Kind == New && !slices.Contains(w, a) {
				r = append(r, a)
			}
		}
	}
	return sortedSet(r), sortedSet(w)
}

// sortedSet returns a copy of s in ascending order without repetitions, nil if
// empty.
func sortedSet(s []AccountID) []AccountID {
	if len(s) == 0 {
		return nil
	}
	slices.Sort(s)
	return slices.Clone(slices.Compact(s))
}
