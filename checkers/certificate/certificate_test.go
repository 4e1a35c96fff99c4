package certificate

import (
	"strings"
	"testing"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// right is a workload of dependent transfers, and an untraced observation of it with
// the certificate that serial execution gives.
func right(t *testing.T, text string) (batch.Workload, trace.Observation) {
	t.Helper()
	b, err := batch.Parse("test.ae", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	spec := batch.RunSerially(b)
	o := trace.Observation{Outcome: history.Committed, Initial: b.Balances(), Final: spec.Balances}
	if spec.Failure != nil {
		o.Outcome, o.Failure, o.Error = history.Aborted, spec.Failure, spec.Failure.Error()
		o.Counterexample = &trace.Counterexample{Gate: "execute", Txs: []int32{int32(spec.Failure.Tx)}, Reason: o.Error}
		return batch.Workload{Batch: b, Setup: batch.Setup{Workers: 1, Untraced: true}}, o
	}
	p := &trace.Certificate{Method: trace.ByVersions}
	for _, tx := range spec.Order {
		p.Order = append(p.Order, int32(tx))
		for _, a := range spec.Effects[tx].Reads {
			p.Accesses = append(p.Accesses, trace.CertifiedAccess{Tx: int32(tx), Account: a.Account, Version: int32(a.Writer)})
			p.Reads++
		}
		for _, a := range spec.Effects[tx].Writes {
			p.Accesses = append(p.Accesses, trace.CertifiedAccess{Tx: int32(tx), Account: a.Account, Version: int32(a.Writer), Write: true})
			p.Writes++
		}
	}
	o.Certificate = p
	return batch.Workload{Batch: b, Setup: batch.Setup{Workers: 1, Untraced: true}}, o
}

const (
	chain = "accounts { a: 9; b: 0; c: 0; d: 0; } atomic_batch { intent transfer1(a, b, 5) intent transfer2(b, c, 5) after transfer3 intent transfer3(a, d, 1) }"
	poor  = "accounts { a: 1; b: 0; } atomic_batch { intent transfer1(a, b, 5) intent transfer2(a, b, 1) }"
)

func TestCertificates(t *testing.T) {
	for _, c := range []struct {
		name string
		lie  func(*batch.Workload, *trace.Observation)
		want string // rule; empty passes
	}{
		{"right", func(*batch.Workload, *trace.Observation) {}, ""},
		{"none", func(_ *batch.Workload, o *trace.Observation) { o.Certificate = nil }, "no certificate"},
		{"of nothing", func(_ *batch.Workload, o *trace.Observation) { o.Outcome = history.TimedOut }, "certificate of nothing"},
		{"in an order that after forbids", func(_ *batch.Workload, o *trace.Observation) { o.Certificate.Order = nil }, "wrong order"},
		{"without one transaction", func(_ *batch.Workload, o *trace.Observation) { o.Certificate.Order = o.Certificate.Order[1:] }, "wrong order"},
		{"with one twice", func(_ *batch.Workload, o *trace.Observation) { o.Certificate.Order[0] = 1 }, "wrong order"},
		{"with accesses out of order", func(_ *batch.Workload, o *trace.Observation) {
			o.Certificate.Accesses[0], o.Certificate.Accesses[5] = o.Certificate.Accesses[5], o.Certificate.Accesses[0]
		}, "wrong order"},
		{"of a stale read", func(_ *batch.Workload, o *trace.Observation) {
			o.Certificate.Accesses[len(o.Certificate.Accesses)-1].Version = 2
		}, "wrong certificate"},
		{"of an access to no account", func(_ *batch.Workload, o *trace.Observation) { o.Certificate.Accesses[0].Account = 7 }, "wrong certificate"},
		{"with wrong counts", func(_ *batch.Workload, o *trace.Observation) { o.Certificate.Reads++ }, "incomplete certificate"},
		{"without the last write", func(_ *batch.Workload, o *trace.Observation) {
			o.Certificate.Accesses = o.Certificate.Accesses[:len(o.Certificate.Accesses)-1]
			o.Certificate.Writes--
		}, "incomplete certificate"},
		{"of an access that is not one of the batch", func(_ *batch.Workload, o *trace.Observation) {
			o.Certificate.Accesses[0].Account, o.Certificate.Accesses[0].Version = 2, history.InitialVersion
		}, "wrong certificate"},
		{"of another execution", func(w *batch.Workload, _ *trace.Observation) { w.Setup.Untraced = false }, "certificate of another execution"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, o := right(t, chain)
			c.lie(&w, &o)
			expect(t, New().Check(w, o), c.want)
		})
	}
}

func TestCounterexamples(t *testing.T) {
	for _, c := range []struct {
		name string
		lie  func(*trace.Observation)
		want string
	}{
		{"right", func(*trace.Observation) {}, ""},
		{"none", func(o *trace.Observation) { o.Counterexample = nil }, "no counterexample"},
		{"another transaction", func(o *trace.Observation) { o.Counterexample.Txs[0] = 1 }, "wrong counterexample"},
		{"another reason", func(o *trace.Observation) { o.Counterexample.Reason = "mood" }, "wrong counterexample"},
		{"another gate", func(o *trace.Observation) { o.Counterexample.Gate = "attestations" }, "wrong counterexample"},
		{"a gate that refuses nothing correct", func(o *trace.Observation) { o.Counterexample.Gate = "certify" }, "wrong counterexample"},
		{"a cycle that is none", func(o *trace.Observation) { o.Counterexample.Gate = "conflicts" }, "wrong counterexample"},
		{"of a commit", func(o *trace.Observation) { o.Outcome, o.Failure = history.Committed, nil }, "counterexample to a commit"},
		{"ended by time", func(o *trace.Observation) { o.Outcome, o.Failure, o.Counterexample = history.TimedOut, nil, nil }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, o := right(t, poor)
			c.lie(&o)
			expect(t, Counterexamples().Check(w, o), c.want)
		})
	}
}

// TestSerialEnd: a counterexample of a batch that ends well serially is told so.
func TestSerialEnd(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{chain, "serially the batch commits"},
		{poor, "serially the batch aborts: "},
		{"accounts { a: 1; b: 0; } atomic_batch { intent transfer1(a, b, 1) after transfer2 intent transfer2(a, b, 1) after transfer1 }", "serially the batch is refused: "},
	} {
		w, o := right(t, c.text)
		o.Outcome, o.Error = history.Aborted, "it was said"
		o.Counterexample = &trace.Counterexample{Gate: "execute", Txs: []int32{1}, Reason: o.Error}
		v := Counterexamples().Check(w, o)
		expect(t, v, "wrong counterexample")
		if !strings.Contains(v.Reason, c.want) {
			t.Errorf("%q does not say %q", v.Reason, c.want)
		}
	}
}

func expect(t *testing.T, v checkers.Verdict, rule string) {
	t.Helper()
	want := checkers.Pass
	if rule != "" {
		want = checkers.Fail
	}
	if v.Status != want || v.Rule != rule {
		t.Errorf("got %v %q (%s), want %v %q", v.Status, v.Rule, v.Reason, want, rule)
	}
}
