package serializability

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"synchrony/checkers"
	"synchrony/models/history"
)

// TestNamedHistories judges the histories in testdata, archives of a history, its
// verdict, and the cycle to be found, if it is one.
func TestNamedHistories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no histories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			parts := map[string]string{}
			for _, f := range archive.Files {
				parts[f.Name] = strings.TrimSpace(string(f.Data))
			}
			h, err := history.ParseHistory(file, parts["history"])
			if err != nil {
				t.Fatal(err)
			}
			r := Judge(h)
			if got := strings.TrimSpace(fmt.Sprint(r.Status, " ", r.Rule)); got != parts["verdict"] {
				t.Errorf("got %s, want %s\n%s\n%s", got, parts["verdict"], r.Reason, strings.Join(r.Evidence, "\n"))
			}
			if want, ok := parts["cycle"]; ok && cycleText(h, r.Cycle) != want {
				t.Errorf("got the cycle\n%s\nwant\n%s", cycleText(h, r.Cycle), want)
			}
			if r.Status != checkers.Pass {
				t.Logf("%s: %s\n\t%s", r.Rule, r.Reason, strings.Join(r.Evidence, "\n\t"))
			}
			checkResult(t, h, r)
		})
	}
}

func cycleText(h *history.History, cycle []Edge) string {
	var lines []string
	for _, e := range cycle {
		lines = append(lines, fmt.Sprintf("%s %v %s", h.TxName(e.From), e.Kind, h.TxName(e.To)))
	}
	return strings.Join(lines, "\n")
}

// checkResult checks a result's own certificate or refutation, independently of how it
// was found.
func checkResult(t interface {
	Helper()
	Fatalf(string, ...any)
}, h *history.History, r Result,
) {
	t.Helper()
	switch {
	case r.Status == checkers.Pass:
		position := map[int32]int{}
		for i, tx := range r.Order {
			position[tx] = i
			for _, earlier := range r.Order[:i] {
				if h.Returned[tx] < h.Invoked[earlier] && h.Outcomes[tx] == history.Committed {
					t.Fatalf("the certificate has %s before %s, which had returned before", h.TxName(earlier), h.TxName(tx))
				}
			}
		}
		for tx := range int32(h.Len()) {
			if _, ok := position[tx]; !ok && h.Outcomes[tx] == history.Committed {
				t.Fatalf("%s is not in the certificate", h.TxName(tx))
			}
		}
	case len(r.Cycle) > 0:
		for k, e := range r.Cycle {
			if next := r.Cycle[(k+1)%len(r.Cycle)]; e.To != next.From {
				t.Fatalf("the cycle breaks off at %s", h.TxName(e.To))
			}
			if e.Kind == RealTime && h.Returned[e.From] >= h.Invoked[e.To] {
				t.Fatalf("%s had not returned before %s was invoked", h.TxName(e.From), h.TxName(e.To))
			}
		}
	}
}
