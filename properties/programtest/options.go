package programtest

import (
	"fmt"
	"time"

	"synchrony/generators/programs"
	"synchrony/properties"
)

// Option says what an interpreter can do, or what is tried on it. What is not said is not asked of it.
type Option func(*config)

// config is what the options come to.
type config struct {
	statements int
	workers    int
	values     bool
	maps       bool
	barriers   bool
	failures   bool
	races      bool
	patience   time.Duration
	properties []properties.Option
}

// What holds unless an option says otherwise.
const (
	defaultStatements = 14
	defaultWorkers    = 4
	defaultPatience   = 10 * time.Second
	mostStatements    = 300
	mostWorkers       = 16
)

// MaxStatements is how many statements a program has at most, of a few instructions each; 14 unless given.
func MaxStatements(n int) Option { return func(c *config) { c.statements = n } }

// MaxWorkers is how many workers a fork has at most; 4 unless given.
func MaxWorkers(n int) Option { return func(c *config) { c.workers = n } }

// Values has programs compute with all values that there are, by all instructions and builtins for them, and call functions that are values.
func Values() Option { return func(c *config) { c.values = true } }

// Maps has programs map lists by PARALLEL_MAP. It needs [Values].
func Maps() Option { return func(c *config) { c.maps = true } }

// Barriers has the workers of forks meet at barriers; with [Failures], some of these are broken.
func Barriers() Option { return func(c *config) { c.barriers = true } }

// Failures has some programs fail, in the main code or in workers.
func Failures() Option { return func(c *config) { c.failures = true } }

// Races has workers access shared variables in any way, so that a program may have several outcomes; any of them is right.
func Races() Option { return func(c *config) { c.races = true } }

// Patience is how long a run on real goroutines may show no progress before it is taken to hang; 10 seconds unless given, and at least
// a millisecond.
func Patience(d time.Duration) Option { return func(c *config) { c.patience = d } }

// With hands options over to [properties.Check], such as how many cases to test.
func With(options ...properties.Option) Option {
	return func(c *config) { c.properties = append(c.properties, options...) }
}

// newConfig is what the options come to. The error says which of them cannot be.
func newConfig(options []Option) (*config, error) {
	c := &config{statements: defaultStatements, workers: defaultWorkers, patience: defaultPatience}
	for i, o := range options {
		if o == nil {
			return nil, fmt.Errorf("programtest: the option at index %d is nil; leave it out", i)
		}
		o(c)
	}
	switch {
	case c.statements < 1 || c.statements > mostStatements:
		return nil, fmt.Errorf("programtest: MaxStatements(%d): a program has from 1 to %d statements at most", c.statements, mostStatements)
	case c.workers < 2 || c.workers > mostWorkers:
		return nil, fmt.Errorf("programtest: MaxWorkers(%d): a fork has from 2 to %d workers at most", c.workers, mostWorkers)
	case c.patience < time.Millisecond:
		return nil, fmt.Errorf("programtest: Patience(%v): want at least 1ms", c.patience)
	case c.maps && !c.values:
		return nil, fmt.Errorf("programtest: Maps needs Values: what is mapped is a list")
	}
	return c, nil
}

// profile is what is drawn.
func (c *config) profile() *programs.Options {
	o := programs.PlainForking()
	o.MaxStatements, o.MaxForkWorkers, o.Plain = c.statements, c.workers, !c.values
	if c.values {
		o.Values, o.Collections = 5, 6
	}
	if c.maps {
		o.Maps = 4
	}
	if c.barriers {
		o.Barriers = 5
	}
	if c.failures {
		o.Errors, o.Unmatched = 25, 20
	}
	if c.races {
		o.Racy = 50
	}
	return &o
}
