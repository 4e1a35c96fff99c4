package batches

import (
	"fmt"
	"iter"
	"slices"

	"synchrony/models/batch"
)

// Scope is a small scope of batches: all of them, instead of some drawn at random. Most
// bugs show in some small case (Jackson, Software Abstractions, 2006: the small
// scope hypothesis), and in a small scope every case can be run under every schedule.
type Scope struct {
	Accounts     int // 1…MaxScopeAccounts, each with the same balance
	Transactions int // batches of 1 to this many transactions, 1…MaxScopeTransactions
}

// The largest scope: beyond it there are more batches than anybody would wait for.
const (
	MaxScopeAccounts     = 4
	MaxScopeTransactions = 5
)

// ScopeError says what is wrong with a scope.
type ScopeError struct {
	What     string // "accounts"
	Got, Max int
}

func (e *ScopeError) Error() string {
	return fmt.Sprintf("a scope has 1 to %d %s, not %d", e.Max, e.What, e.Got)
}

// Validate returns a *ScopeError if the scope is empty or too large.
func (s Scope) Validate() error {
	switch {
	case s.Accounts < 1 || s.Accounts > MaxScopeAccounts:
		return &ScopeError{"accounts", s.Accounts, MaxScopeAccounts}
	case s.Transactions < 1 || s.Transactions > MaxScopeTransactions:
		return &ScopeError{"transactions", s.Transactions, MaxScopeTransactions}
	}
	return nil
}

// All yields every batch of the scope, the smallest first: each sequence of the
// calls that letters lists, up to renaming accounts, which all have the same balance.
func (s Scope) All() iter.Seq[*batch.Batch] {
	return func(yield func(*batch.Batch) bool) {
		alphabet := letters(s.Accounts)
		renamings := renamings(alphabet, s.Accounts)
		intents := scopeIntents()
		for n := 1; n <= s.Transactions; n++ {
			for word := range words(len(alphabet), n) {
				if earliest(word, renamings) && !yield(s.spell(intents, alphabet, word)) {
					return
				}
			}
		}
	}
}

// Count is how many batches All yields.
func (s Scope) Count() int {
	alphabet := letters(s.Accounts)
	renamings := renamings(alphabet, s.Accounts)
	count := 0
	for n := 1; n <= s.Transactions; n++ {
		for word := range words(len(alphabet), n) {
			if earliest(word, renamings) {
				count++
			}
		}
	}
	return count
}

// letter is a kind of call and the accounts it is on.
type letter struct {
	call int // an index into scopeCalls
	on   [2]batch.AccountID
}

// scopeCall is a kind of call. Together they read and write two accounts in every
// combination that conserves the sum, and succeed, fail, or do either depending on
// what came before.
type scopeCall struct {
	intent    string
	accounts  int // that the call is on, 1 or 2
	symmetric bool
	amount    int64 // of the last parameter if it has one; 0 makes it another for each transaction
}

const (
	scopeBalance = 100
	overdraft    = 1000 // more than all accounts hold
)

var scopeCalls = [...]scopeCall{
	{intent: "transfer", accounts: 2},
	{intent: "look", accounts: 1},
	{intent: "rewrite", accounts: 1},
	{intent: "compare", accounts: 2, symmetric: true},
	{intent: "follow", accounts: 2},
	{intent: "unchanged", accounts: 1, amount: scopeBalance},
	{intent: "transfer", accounts: 2, amount: overdraft},
}

// scopeText declares the intents of scopeCalls but for the prelude's transfer.
const scopeText = `
intent look(x: Account) { guard { x >= 0; } }
intent rewrite(x: Account) { verify { x == old_x; } }
intent compare(x: Account, y: Account) { guard { x + y >= 0; } }
intent follow(x: Account, y: Account) { guard { x >= 0; } verify { y == old_y; } }
intent unchanged(x: Account, was: Amount) { guard { x == was; } }
atomic_batch { intent transfer1(a, a, 0) }
accounts { a: 0; }
`

// scopeIntents returns the intents of scopeCalls, by index.
func scopeIntents() []*batch.Intent {
	b, err := batch.Parse("scope", []byte(scopeText))
	if err != nil {
		panic(fmt.Sprintf("generators: the intents of a scope: %v", err))
	}
	intents := make([]*batch.Intent, len(scopeCalls))
	for i, c := range scopeCalls {
		k := slices.IndexFunc(b.Intents, func(in *batch.Intent) bool { return in.Name == c.intent })
		if k >= 0 {
			intents[i] = b.Intents[k]
		}
	}
	return intents
}

// letters lists the calls on n accounts.
func letters(n int) []letter {
	var out []letter
	for c, call := range scopeCalls {
		for x := range batch.AccountID(n) {
			if call.accounts == 1 {
				out = append(out, letter{c, [2]batch.AccountID{x, 0}})
				continue
			}
			for y := range batch.AccountID(n) {
				if x != y && (x < y || !call.symmetric) {
					out = append(out, letter{c, [2]batch.AccountID{x, y}})
				}
			}
		}
	}
	return out
}

// renamings returns, for each permutation of n accounts but the identity, the letter that
// each letter becomes.
func renamings(alphabet []letter, n int) [][]int {
	var out [][]int
	for p := range permutations(n) {
		if slices.IsSorted(p) {
			continue
		}
		renaming := make([]int, len(alphabet))
		for i, l := range alphabet {
			call := scopeCalls[l.call]
			l.on[0] = p[l.on[0]]
			if call.accounts == 2 {
				l.on[1] = p[l.on[1]]
			}
			if call.symmetric {
				l.on = [2]batch.AccountID{min(l.on[0], l.on[1]), max(l.on[0], l.on[1])}
			}
			renaming[i] = slices.Index(alphabet, l)
		}
		out = append(out, renaming)
	}
	return out
}

// permutations yields the permutations of 0…n-1. The slice is good until the next.
func permutations(n int) iter.Seq[[]batch.AccountID] {
	return func(yield func([]batch.AccountID) bool) {
		for word := range words(n, n) {
			p := make([]batch.AccountID, n)
			seen := 0
			for i, w := range word {
				p[i] = batch.AccountID(w)
				seen |= 1 << w
			}
			if seen == 1<<n-1 && !yield(p) {
				return
			}
		}
	}
}

// words yields every sequence of n numbers below k, in lexicographic order. The slice
// is good until the next.
func words(k, n int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		if k == 0 {
			return
		}
		word := make([]int, n)
		for {
			if !yield(word) {
				return
			}
			i := n - 1
			for i >= 0 && word[i] == k-1 {
				word[i] = 0
				i--
			}
			if i < 0 {
				return
			}
			word[i]++
		}
	}
}

// earliest reports whether no renaming of accounts makes a word that comes earlier.
func earliest(word []int, renamings [][]int) bool {
	for _, r := range renamings {
		for _, l := range word {
			if r[l] < l {
				return false
			}
			if r[l] > l {
				break
			}
		}
	}
	return true
}

// spell is the batch that a word spells.
func (s Scope) spell(intents []*batch.Intent, alphabet []letter, word []int) *batch.Batch {
	b := batch.NewBuilder()
	for i := range s.Accounts {
		b.Account(string(rune('a'+i)), scopeBalance)
	}
	for i, l := range word {
		letter := alphabet[l]
		call := scopeCalls[letter.call]
		id := fmt.Sprintf("%s%d", call.intent, i+1)
		amount := call.amount
		if amount == 0 {
			amount = 1 << i // so that a balance says which transfers were applied
		}
		if intents[letter.call] == nil {
			b.Transfer(id, letter.on[0], letter.on[1], amount)
			continue
		}
		var args []batch.Arg
		for _, a := range letter.on[:call.accounts] {
			args = append(args, batch.AccountArg(a))
		}
		if len(intents[letter.call].Params) > len(args) {
			args = append(args, batch.AmountArg(amount))
		}
		b.Call(id, intents[letter.call], args...)
	}
	built, err := b.Build()
	if err != nil {
		panic(fmt.Sprintf("generators: a batch of the scope: %v", err))
	}
	return built
}
