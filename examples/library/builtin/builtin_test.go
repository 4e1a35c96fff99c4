package builtin

import (
	"context"
	"fmt"
	"testing"

	"synchrony/executor/synchrony"
	"synchrony/models/batch"
	"synchrony/models/trace"
	"synchrony/properties"
	"synchrony/properties/catalogue"
)

// property finds a built-in property by its ID: verify list names them.
func property(t testing.TB, id string) properties.Testable {
	t.Helper()
	registry, err := catalogue.All()
	if err != nil {
		t.Fatal(err)
	}
	p, ok := registry.Lookup(id)
	if !ok {
		t.Fatalf("there is no property %s", id)
	}
	return p
}

// TestBatches: every schedule ends as the serial order does.
func TestBatches(t *testing.T) { properties.Check(t, property(t, "S10"), properties.Iterations(30)) }

// TestPrograms: parallel execution gives what sequential execution gives.
func TestPrograms(t *testing.T) { properties.Check(t, property(t, "V1"), properties.Iterations(60)) }

// FuzzBatches lets Go's fuzzer, guided by the executor's coverage, draw the batches.
func FuzzBatches(f *testing.F) { properties.Fuzz(f, property(f, "S10")) }

// FuzzPrograms lets it draw programs for the VM.
func FuzzPrograms(f *testing.F) { properties.Fuzz(f, property(f, "V1")) }

// A batch, executed on plain goroutines: no runtime is given.
func Example() {
	b, err := batch.Parse("transfers.ae", []byte(`
accounts { alice: 100; bob: 50; carol: 0; }
atomic_batch {
  intent transfer1(alice, bob, 10)
  intent transfer2(bob, carol, 60)
}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	o, err := synchrony.System{}.Run(context.Background(), nil, batch.Workload{Batch: b, Setup: batch.Setup{Workers: 2}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(o.Outcome, trace.NamesOf(b).Balances(o.Final))
	fmt.Println("transfer2 waits for transfer1:", o.Edges[0].From == 0 && o.Edges[0].To == 1)
	// Output:
	// committed alice 90 bob 0 carol 60
	// transfer2 waits for transfer1: true
}
