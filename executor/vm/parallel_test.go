package vm

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"synchrony/models/program"
)

// drawConfig draws everything about a run but the program and its faults.
func drawConfig(t *rapid.T) ParallelConfig {
	var c ParallelConfig
	c.Mode = rapid.SampledFrom([]program.Mode{program.Parallel, program.Parallel, program.Auto, program.Sequential}).Draw(t, "mode")
	c.Workers = rapid.IntRange(1, 5).Draw(t, "workers")
	c.ChunkSize = rapid.SampledFrom([]int{1, 2, 5, 20, 50}).Draw(t, "chunk size")
	c.MinChunkSize = rapid.SampledFrom([]int{1, 3}).Draw(t, "minimum")
	c.QueueSize = rapid.SampledFrom([]int{1, 2, 1000}).Draw(t, "queue")
	switch rapid.IntRange(0, 7).Draw(t, "limits") {
	case 0:
		c.Limits.Steps = int64(rapid.IntRange(1, 300).Draw(t, "steps"))
	case 1:
		c.Limits.Memory = int64(rapid.IntRange(1, 2000).Draw(t, "memory"))
	case 2:
		c.Limits.CallDepth = 1
	case 3:
		c.Limits.Time = 55_000
	}
	return c
}

func TestParallelAgreesWithTheSpecification(t *testing.T) {
	var chunks, errors, fallbacks, changed int
	rapid.Check(t, func(t *rapid.T) {
		p := drawProgram(t)
		c := drawConfig(t)
		want, err := program.Run(p, c.Limits)
		if err != nil {
			t.Fatal(err)
		}
		v, err := New(nil, c)
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "eager") {
			v.config.costs = eager()
		}
		got, err := v.Run(context.Background(), p)
		if err != nil {
			t.Fatalf("%v\n%s", err, program.Disassemble(p))
		}
		if diff := want.Diff(got.Outcome); diff != "" {
			t.Fatalf("specification (-) and %+v (+) differ:\n%s%s", c.Setup, diff, program.Disassemble(p))
		}
		if want.Err == nil && (got.Steps != want.Steps || got.Memory != want.Memory || got.Time != want.Time) {
			t.Fatalf("%+v used %d steps, %d bytes, %d ms; want %d, %d, %d\n%s", c.Setup,
				got.Steps, got.Memory, got.Time, want.Steps, want.Memory, want.Time, program.Disassemble(p))
		}
		chunks += got.Metrics.Chunks
		if want.Err != nil {
			errors++
		}
		if c.Mode == program.Auto && got.Mode == program.Parallel {
			changed++
		}
		fallbacks += got.Metrics.Fallbacks
	})
	t.Logf("%d chunks, %d errors, %d fallbacks, %d changed over", chunks, errors, fallbacks, changed)
}
