package mutex

import (
	"sync"
	"testing"
)

type account struct {
	mu      sync.Mutex
	number  int
	balance int
}

func transferBuggy(from, to *account, amount int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock()
	defer to.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}

// transferFixed locks the account with the smaller number first.
func transferFixed(from, to *account, amount int) {
	first, second := from, to
	if first.number > second.number {
		first, second = second, first
	}
	first.mu.Lock()
	defer first.mu.Unlock()
	second.mu.Lock()
	defer second.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}

// transferBothWays moves money between two accounts in both directions.
func transferBothWays(t *testing.T, transfer func(from, to *account, amount int)) {
	a, b := &account{number: 1, balance: 50}, &account{number: 2, balance: 50}
	var payer sync.WaitGroup
	payer.Add(1)
	go func() {
		defer payer.Done()
		transfer(a, b, 10)
	}()
	transfer(b, a, 20)
	payer.Wait()
	if a.balance != 60 || b.balance != 40 {
		t.Errorf("balances are %d and %d", a.balance, b.balance)
	}
}

// Each transfer holds its payer's account and waits for its payee's.
//
// want: deadlock at transferBuggy
func TestLockOrderBuggy(t *testing.T) {
	transferBothWays(t, transferBuggy)
}

func TestLockOrderFixed(t *testing.T) {
	transferBothWays(t, transferFixed)
}
