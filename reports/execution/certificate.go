package execution

import (
	"synchrony/models/batch"
	"synchrony/models/trace"
)

// certificate is the JSON form of a certificate, without its accesses, of which there are as many as
// events.
type certificate struct {
	Method  string   `json:"method"`         // recorded versions or serial re-execution
	Plan    string   `json:"plan,omitempty"` // how the plan was proved as good as serial, for all inputs; absent if it was not
	Order   []string `json:"order,omitempty"`
	Reads   int      `json:"reads"` // that were checked
	Writes  int      `json:"writes"`
	Seconds float64  `json:"seconds"` // that checking took
}

// gateRefusal is the JSON form of a counterexample: why a gate refused to commit.
type gateRefusal struct {
	Gate         string           `json:"gate"` // conflicts, execute, certify, conservation or attestations
	Transactions []string         `json:"transactions,omitempty"`
	Mismatch     *versionMismatch `json:"mismatch,omitempty"`
	Reason       string           `json:"reason"`
}

// versionMismatch is an access of the first transaction: which version it had to meet, and met.
// A version is the transaction that wrote it, or init.
type versionMismatch struct {
	Account  string `json:"account"`
	Expected string `json:"expected"`
	Seen     string `json:"seen"`
}

func toCertificate(b *batch.Batch, p *trace.Certificate) *certificate {
	if p == nil {
		return nil
	}
	return &certificate{p.Method, p.Plan, idsOf(b, p.Order), p.Reads, p.Writes, p.Elapsed.Seconds()}
}

func toRefusal(b *batch.Batch, c *trace.Counterexample) *gateRefusal {
	if c == nil {
		return nil
	}
	r := &gateRefusal{Gate: c.Gate, Transactions: idsOf(b, c.Txs), Reason: c.Reason}
	if m := c.Mismatch; m != nil {
		names := trace.NamesOf(b)
		r.Mismatch = &versionMismatch{b.Accounts[m.Account].Name, names.Version(m.Expected), names.Version(m.Seen)}
	}
	return r
}

func idsOf(b *batch.Batch, txs []int32) []string {
	var ids []string
	for _, tx := range txs {
		ids = append(ids, b.Transactions[tx].ID)
	}
	return ids
}
