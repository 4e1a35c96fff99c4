package batches

import (
	"math"

	"pgregory.net/rapid"

	"synchrony/generators/choice"
	"synchrony/models/batch"
)

// Sums draws batches of 2 to most transactions, each of which adds to one account, or takes from it: each change fits into an int64, and so do all
// before the last one together. With that one the sum overflows by one, or, if it fits, is the greatest or the least number that there is.
func Sums(most int, fits bool) *rapid.Generator[Drawn] {
	return rapid.Custom(func(t *rapid.T) Drawn {
		from := choice.From(t)
		down, workers := from.Bits(1) == 1, 1+choice.Below(from, 4)
		var amounts []int64
		size, sum := choice.Length{Min: 2, Max: most}, int64(0)
		for more := true; more && len(amounts) < most; {
			from.Group(func(from choice.Source) {
				if more = len(amounts) < 2 || size.More(from, len(amounts)); more {
					amounts = append(amounts, 1+int64(choice.Below(from, 9)))
					sum += amounts[len(amounts)-1]
				}
			})
		}
		if !fits {
			sum-- // what is left for them
		}
		b := summed(amounts, sum, down)
		return Drawn{batch.Workload{Batch: b, Setup: batch.Setup{Workers: workers, Timeout: batch.NoTimeout, Mode: batch.Parallel}}}
	})
}

// summed is the batch that adds amounts to an account with so much left to the greatest number, or, if it goes down, that takes them from one with so
// much left to the least.
func summed(amounts []int64, left int64, down bool) *batch.Batch {
	s := scaled{b: batch.NewBuilder(), library: intents()}
	hub := s.account(math.MaxInt64 - left)
	if down {
		hub = s.account(math.MinInt64 + left)
	}
	for _, amount := range amounts {
		payer, payee := s.account(amount), hub
		if down {
			payer, payee = hub, payer
		}
		s.call("push", batch.AccountArg(payer), batch.AccountArg(payee), batch.AmountArg(amount))
	}
	return s.built()
}

// WouldSucceed reports whether transaction tx, a call, would succeed if it was the first: if it fails, that is for what those before it have done.
func WouldSucceed(b *batch.Batch, tx int) bool {
	c := b.Transactions[tx].Call
	if c == nil {
		return false
	}
	_, broken := evaluate(c, func(a batch.AccountID) int64 { return b.Accounts[a].Balance })
	return broken == nil
}
