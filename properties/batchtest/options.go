package batchtest

import (
	"fmt"
	"time"

	"synchrony/generators/blocks"
	"synchrony/generators/choice"
	"synchrony/models/block"
	"synchrony/properties"
)

// Policy is what becomes of a block in which a transaction fails. Where that ends the block, the executor returns an error.
type Policy = block.Policy

const (
	// Isolate: a transaction that fails has no effect, and the others go on.
	Isolate = block.Isolate
	// RollBack: the first transaction that fails, in the order of the block, ends the block, and nothing of it is committed.
	RollBack = block.RollBack
	// KeepPrefix: the first transaction that fails, in the order of the block, ends the block, and what those before it did is committed.
	KeepPrefix = block.KeepPrefix
)

// Option says what an executor can do, or what is tried on it. What is not said is not asked of it.
type Option func(*config)

// config is what the options come to.
type config struct {
	maxTxs     int
	lo, hi     int // workers
	declared   bool
	estimates  bool
	once       bool
	failures   bool
	policy     Policy
	panics     bool
	ranges     bool
	stores     int
	zeroIsGone bool
	simple     bool
	patience   time.Duration
	properties []properties.Option
}

// What holds unless an option says otherwise.
const (
	defaultMaxTxs   = 12
	defaultPatience = 10 * time.Second
	mostTxs         = block.MaxTransactions
	mostWorkers     = block.MaxWorkers
	mostStores      = 26
)

// MaxTxs is how many transactions a block has at most; 12 unless given. All sizes up to it are equally frequent.
func MaxTxs(n int) Option { return func(c *config) { c.maxTxs = n } }

// Workers bounds the number of workers, which is drawn for each block, and which the executor finds by [NumWorkers]; 2 to 4 unless given.
func Workers(lo, hi int) Option { return func(c *config) { c.lo, c.hi = lo, hi } }

// Declared says whether transactions declare the keys that they may read and write: see [Tx.Keys]. They do not unless it is given.
func Declared(yes bool) Option { return func(c *config) { c.declared = yes } }

// Estimates has [Tx.Keys] guess, often wrongly.
func Estimates() Option { return func(c *config) { c.estimates = true } }

// Once says that the executor is not speculative: it executes each transaction exactly once, and that is then checked. Else it may execute
// some again, and in vain.
func Once() Option { return func(c *config) { c.once = true } }

// Failures has some transactions fail, and says what then becomes of the block. None fails unless it is given.
func Failures(p Policy) Option { return func(c *config) { c.failures, c.policy = true, p } }

// Panics has some transactions fail by a panic with a [*Panic], which the executor is to recover. It needs [Failures].
func Panics() Option { return func(c *config) { c.panics = true } }

// Ranges has some transactions iterate over keys: they must be executed by [Tx.ApplyRanges].
func Ranges() Option { return func(c *config) { c.ranges = true } }

// Stores is over how many stores the keys are spread; one unless given. See [StoreOf].
func Stores(n int) Option { return func(c *config) { c.stores = n } }

// ZeroIsGone says that the executor does not tell a key that has the value 0 from one that is not there: final states that differ in that alone are the same.
func ZeroIsGone() Option { return func(c *config) { c.zeroIsGone = true } }

// Simple has transactions do nothing but read, write, add and transfer, on keys that are all there at first.
func Simple() Option { return func(c *config) { c.simple = true } }

// Patience is how long a run on real goroutines may show no progress before it is taken to hang; 10 seconds unless given, and at least
// a millisecond.
func Patience(d time.Duration) Option { return func(c *config) { c.patience = d } }

// With hands options over to [properties.Check], such as how many cases to test.
func With(options ...properties.Option) Option {
	return func(c *config) { c.properties = append(c.properties, options...) }
}

// newConfig is what the options come to. The error says which of them cannot be.
func newConfig(options []Option) (*config, error) {
	c := &config{maxTxs: defaultMaxTxs, lo: 2, hi: 4, policy: Isolate, stores: 1, patience: defaultPatience}
	for i, o := range options {
		if o == nil {
			return nil, fmt.Errorf("batchtest: the option at index %d is nil; leave it out", i)
		}
		o(c)
	}
	switch {
	case c.maxTxs < 1 || c.maxTxs > mostTxs:
		return nil, fmt.Errorf("batchtest: MaxTxs(%d): a block has from 1 to %d transactions at most", c.maxTxs, mostTxs)
	case c.lo < 1 || c.hi < c.lo || c.hi > mostWorkers:
		return nil, fmt.Errorf("batchtest: Workers(%d, %d): want from 1 to %d, the smaller number first", c.lo, c.hi, mostWorkers)
	case c.stores < 1 || c.stores > mostStores:
		return nil, fmt.Errorf("batchtest: Stores(%d): want from 1 to %d", c.stores, mostStores)
	case c.patience < time.Millisecond:
		return nil, fmt.Errorf("batchtest: Patience(%v): want at least 1ms", c.patience)
	case c.policy < Isolate || c.policy > KeepPrefix:
		return nil, fmt.Errorf("batchtest: Failures(%v): want Isolate, RollBack or KeepPrefix", c.policy)
	case c.panics && !c.failures:
		return nil, fmt.Errorf("batchtest: Panics needs Failures, which says what becomes of the block")
	case c.simple && (c.ranges || c.panics):
		return nil, fmt.Errorf("batchtest: Simple goes with neither Ranges nor Panics")
	case c.declared && c.estimates:
		return nil, fmt.Errorf("batchtest: either Declared(true) or Estimates: keys are declared, or guessed")
	}
	return c, nil
}

// profile is what is drawn.
func (c *config) profile() *blocks.Profile {
	return &blocks.Profile{
		MaxTransactions: c.maxTxs, Workers: choice.Length{Min: c.lo, Max: c.hi}, Stores: c.stores,
		Ranges: c.ranges, Failures: c.failures, Panics: c.panics, Guesses: c.estimates, Simple: c.simple,
	}
}
