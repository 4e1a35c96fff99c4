package batch

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const examples = "../../examples"

// TestExamples runs every example and holds it against what its comments promise.
func TestExamples(t *testing.T) {
	want := map[string]string{
		"three_transfers.ae": "alice 90, bob 60, charlie 10, dave 20, eve 0, frank 20",
		"conflict_chain.ae":  "alice 70, bob 10, charlie 10, dave 10, eve 0, frank 20",
		"abort.ae": `alice 100, bob 50, charlie 30, dave 0, eve 20; ` +
			`transaction "transfer3": guard "from.balance >= amount" is false, with from.balance (charlie) = 10, amount = 20`,
		"cycle.ae": "alice 100, bob 50, charlie 30, dave 0; cycle of dependencies: " +
			"transfer1 waits for transfer3 waits for transfer2 waits for transfer1; nothing was run; remove an after clause",
		"intents.ae": "alice 899, bob 298, fees 0, reserve 403, reserve_target 100",
	}
	got := map[string]string{}
	files, err := filepath.Glob(filepath.Join(examples, "*.ae"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		got[filepath.Base(file)] = summarize(t, file)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func summarize(t *testing.T, file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Parse(file, text)
	if err != nil {
		t.Fatal(err)
	}
	o := RunSerially(b)
	var balances []string
	for i, a := range b.Accounts {
		balances = append(balances, fmt.Sprint(a.Name, " ", o.Balances[i]))
	}
	summary := strings.Join(balances, ", ")
	if o.Failure != nil {
		summary += "; " + o.Failure.Error()
	}
	if o.Cycle != nil {
		summary += "; " + o.Cycle.Error()
	}
	return summary
}
