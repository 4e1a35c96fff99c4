package vm

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"synchrony/executor/sched"
	"synchrony/models/program"
	"synchrony/models/trace"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// effects is four chunks of size 4, each of which prints, counts, and passes a value on.
const effects = `
	LOAD_CONST 1
	STORE_NAME x
	LOAD_CONST "a"
	PRINT
	LOAD_NAME x
	ATOMIC_ADD n
	STORE_NAME y
	NOP
	LOAD_NAME y
	ATOMIC_ADD n
	PRINT
	NOP
	SHARED_READ n
	LOAD_NAME y
	ADD
	RETURN
`

func fault(kind program.FaultKind, chunk, attempt int, after int64) program.Fault {
	return program.Fault{Kind: kind, Chunk: chunk, Attempt: attempt, After: after}
}

func TestFaultsHaveNoEffect(t *testing.T) {
	all := func(kind program.FaultKind, chunk int) (faults []program.Fault) {
		for attempt := range 4 {
			faults = append(faults, fault(kind, chunk, attempt, 2))
		}
		return faults
	}
	for _, test := range []struct {
		name              string
		faults            []program.Fault
		retried, fallback int
	}{
		{"none", nil, 0, 0},
		{"fails once", []program.Fault{fault(program.FailAttempt, 1, 0, 3)}, 1, 0},
		{"fails before it begins", []program.Fault{fault(program.FailAttempt, 2, 0, 0)}, 1, 0},
		{"panics twice", []program.Fault{fault(program.PanicAttempt, 1, 0, 3), fault(program.PanicAttempt, 1, 1, 3)}, 2, 0},
		{"hangs", []program.Fault{fault(program.HangAttempt, 1, 0, 3)}, 1, 0},
		{"always fails", all(program.FailAttempt, 1), 3, 1},
		{"always panics", all(program.PanicAttempt, 2), 3, 1},
		{"beyond the end", []program.Fault{fault(program.FailAttempt, 1, 0, 100)}, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := build(t, effects)
			want, err := program.Run(p, program.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			w := program.Workload{Program: p, Setup: program.Setup{
				Mode: program.Parallel, Workers: 2, ChunkSize: 4, MinChunkSize: 1, Faults: test.faults,
			}}
			o, rec, err := underControl(w, sched.Default(), false)
			if err != nil || rec.Stuck != nil {
				t.Fatal(err, rec.Stuck)
			}
			if diff := want.Diff(o.Outcome); diff != "" {
				t.Errorf("specification (-) and run (+):\n%s", diff)
			}
			if o.Metrics.Retried != test.retried || o.Metrics.Fallbacks != test.fallback {
				t.Errorf("%d retries, %d fallbacks; want %d, %d", o.Metrics.Retried, o.Metrics.Fallbacks, test.retried, test.fallback)
			}
		})
	}
}

func TestGivesUpWithoutFallback(t *testing.T) {
	v, err := New(nil, ParallelConfig{Setup: program.Setup{
		Mode: program.Parallel, ChunkSize: 4, MinChunkSize: 1, Retries: -1, NoFallback: true,
		Faults: []program.Fault{fault(program.FailAttempt, 1, 0, 1)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = v.Run(context.Background(), build(t, effects))
	var gaveUp *GaveUpError
	if !errors.As(err, &gaveUp) || !strings.Contains(err.Error(), "chunk 1") {
		t.Fatalf("error %v, want a GaveUpError about chunk 1", err)
	}
}

// endless is a loop, beside others, that only a limit ends.
const endless = `
	LOAD_CONST 1
	STORE_NAME x
again:
	JUMP again
`

func TestEndlessLoopsEnd(t *testing.T) {
	p := build(t, endless)
	for _, mode := range []program.Mode{program.Sequential, program.Parallel, program.Auto} {
		setup := program.Setup{Mode: mode, Workers: 2, ChunkSize: 1, MinChunkSize: 1}
		t.Run("step limit", func(t *testing.T) {
			setup := setup
			setup.Limits.Steps = 200_000
			v, _ := New(nil, ParallelConfig{Setup: setup})
			r, err := v.Run(context.Background(), p)
			if err != nil || r.Err == nil || r.Err.Kind != program.StepLimit || r.Steps != 200_000 {
				t.Errorf("mode %d: %v, %v after %d steps; want the step limit", mode, err, r.Err, r.Steps)
			}
		})
		setup.Limits.Steps = 1 << 60
		t.Run("timeout", func(t *testing.T) {
			setup := setup
			setup.Timeout = 20 * time.Millisecond
			v, _ := New(nil, ParallelConfig{Setup: setup})
			_, err := v.Run(context.Background(), p)
			var timeout *TimeoutError
			if !errors.As(err, &timeout) {
				t.Errorf("mode %d: %v, want a TimeoutError", mode, err)
			}
		})
		t.Run("cancelled", func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			v, _ := New(nil, ParallelConfig{Setup: setup})
			go cancel()
			if _, err := v.Run(ctx, p); !errors.Is(err, context.Canceled) {
				t.Errorf("mode %d: %v, want that it was cancelled", mode, err)
			}
		})
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	for _, setup := range []program.Setup{{Workers: -1}, {ChunkSize: -1}, {QueueSize: -2}, {Timeout: -1}, {Mode: 9}} {
		var config *ConfigError
		if _, err := New(nil, ParallelConfig{Setup: setup}); !errors.As(err, &config) {
			t.Errorf("%+v: %v, want a ConfigError", setup, err)
		}
	}
	o, err := System{}.Run(context.Background(), nil, program.Workload{Program: &program.Program{}, Setup: program.Setup{}})
	if err != nil || o.End != trace.ProgramRefused {
		t.Errorf("an invalid program: end %d, error %v; want that it is refused", o.End, err)
	}
}
