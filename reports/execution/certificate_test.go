package execution

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// TestRefusal: a version mismatch is told by names, and so is the order of a certificate.
func TestRefusal(t *testing.T) {
	b, err := batch.Parse("test.ae", []byte("accounts { a: 1; b: 0; } atomic_batch { intent transfer1(a, b, 1) intent transfer2(b, a, 1) }"))
	if err != nil {
		t.Fatal(err)
	}
	got := toRefusal(b, &trace.Counterexample{
		Gate: "certify", Txs: []int32{1}, Reason: "stale",
		Mismatch: &trace.VersionMismatch{Account: 1, Expected: 0, Seen: history.InitialVersion},
	})
	want := &gateRefusal{"certify", []string{"transfer2"}, &versionMismatch{"b", "transfer1", "init"}, "stale"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if p := toCertificate(b, &trace.Certificate{Method: trace.BySerialExecution, Order: []int32{1, 0}}); !cmp.Equal(p.Order, []string{"transfer2", "transfer1"}) {
		t.Error(p.Order)
	}
	if toRefusal(b, nil) != nil || toCertificate(b, nil) != nil {
		t.Error("nothing is something")
	}
}
