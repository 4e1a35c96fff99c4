package command

import (
	"strings"
	"testing"

	"synchrony/properties"
	"synchrony/properties/catalogue"
	"synchrony/properties/mutants"
)

// TestMutantsNameProperties: whoever must kill a mutant is there.
func TestMutantsNameProperties(t *testing.T) {
	registry, err := catalogue.All()
	if err != nil {
		t.Fatal(err)
	}
	all, err := mutants.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if _, known := registry.Lookup(m.KilledBy); !known {
			t.Errorf("%s is to be killed by %s, and there is no such property", m.Name, m.KilledBy)
		}
	}
}

// TestSomeMutantsNeedSchedules: there are mutants to compare strategies by, and they are of both executors.
func TestSomeMutantsNeedSchedules(t *testing.T) {
	all, err := mutants.All()
	if err != nil {
		t.Fatal(err)
	}
	batches, programs := 0, 0
	for _, m := range all {
		switch {
		case !m.NeedsSchedules:
		case strings.HasPrefix(m.Name, "vm-"):
			programs++
		default:
			batches++
		}
	}
	if batches < 8 || programs < 8 {
		t.Errorf("strategies are compared by %d mutants of the executor of batches and %d of that of programs", batches, programs)
	}
}

func TestStrategiesTable(t *testing.T) {
	var b strings.Builder
	tableHead(&b, []properties.NamedBudget{{Name: "POS"}, {Name: "DPOR"}, {Name: "random"}})
	tableRow(&b, mutants.Findings{Mutant: &mutants.Mutant{Name: "m"}, Strategies: []mutants.Finding{
		{Name: "POS", Found: 4, Median: 120}, {Name: "DPOR", Found: 3, Median: 34}, {Name: "random", Found: 1},
	}}, 4)
	want := "| mutant | POS | DPOR | random |\n|---|--:|--:|--:|\n| `m` | 120 | **34** (3 of 4) | – (1 of 4) |\n"
	if b.String() != want {
		t.Errorf("the table is\n%swant\n%s", b.String(), want)
	}
}
