package vm

import (
	"fmt"
	"log/slog"
	"runtime"

	"synchrony/models/program"
)

// ParallelConfig is how a virtual machine runs programs. The zero value is: mode auto, a worker for each CPU,
// the defaults of [program.Setup] and [program.Limits], and no log.
type ParallelConfig struct {
	program.Setup
	Logger *slog.Logger // nil is silent
}

// ConfigError is a value that a configuration can't have.
type ConfigError struct {
	Field string
	Value int64
	Want  string
}

func (e *ConfigError) Error() string {
	return fmt.Sprintf("configuration: %s is %d; it must be %s", e.Field, e.Value, e.Want)
}

// config is a configuration with its defaults filled in.
type config struct {
	program.Setup
	logger *slog.Logger
	costs  costs
	faults map[[2]int]*program.Fault // by chunk and attempt
}

func (c ParallelConfig) complete() (*config, error) {
	for _, f := range []struct {
		name  string
		value int64
	}{
		{"workers", int64(c.Workers)}, {"chunk size", int64(c.ChunkSize)}, {"minimum chunk size", int64(c.MinChunkSize)},
		{"timeout", int64(c.Timeout)}, {"time to cancel after", int64(c.CancelAfter)}, {"queue size", int64(c.QueueSize)}, {"step limit", c.Limits.Steps},
		{"memory limit", c.Limits.Memory}, {"call depth", int64(c.Limits.CallDepth)},
		{"worker limit", int64(c.Limits.Workers)}, {"time limit", c.Limits.Time},
	} {
		if f.value < 0 {
			return nil, &ConfigError{f.name, f.value, "positive, or 0 for the default"}
		}
	}
	if c.Mode > program.Sequential {
		return nil, &ConfigError{"mode", int64(c.Mode), "auto, parallel or sequential"}
	}
	full := &config{Setup: c.Setup, logger: c.Logger, costs: measured()}
	orDefault(&full.Workers, runtime.GOMAXPROCS(0))
	orDefault(&full.ChunkSize, program.DefaultChunkSize)
	orDefault(&full.MinChunkSize, program.DefaultMinChunkSize)
	orDefault(&full.Timeout, program.DefaultTimeout)
	orDefault(&full.Retries, program.DefaultRetries)
	orDefault(&full.QueueSize, program.DefaultQueueSize)
	full.Retries = max(full.Retries, 0)
	full.Limits = c.Limits.WithDefaults()
	if full.logger == nil {
		full.logger = slog.New(slog.DiscardHandler)
	}
	for i := range c.Faults {
		if full.faults == nil {
			full.faults = make(map[[2]int]*program.Fault)
		}
		f := &c.Faults[i]
		full.faults[[2]int{f.Chunk, f.Attempt}] = f
	}
	return full, nil
}

func orDefault[T comparable](v *T, to T) {
	var zero T
	if *v == zero {
		*v = to
	}
}

// fault is what is to happen to an attempt at a chunk, or nil.
func (c *config) fault(chunk, attempt int) *program.Fault {
	if c.faults == nil {
		return nil
	}
	return c.faults[[2]int{chunk, attempt}]
}

func (c *config) log(msg string, args ...any) { c.logger.Info(msg, args...) }
