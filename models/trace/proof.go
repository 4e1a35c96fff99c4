package trace

import (
	"strconv"

	"synchrony/models/batch"
)

// How a proof of serializability was found.
const (
	// ByVersions: the versions that the execution recorded show that it read and
	// overwrote what a serial execution does.
	ByVersions = "recorded versions"
	// BySerialExecution: the parallel execution proved nothing, so the batch was
	// executed again from the initial state, one transaction after another, and that
	// execution's versions were checked.
	BySerialExecution = "serial re-execution"
)

// Proof is an execution's certificate: executed one after another in Order, the
// transactions read and overwrite the same versions, and so the same balances, as
// they did, and leave the same ones.
type Proof struct {
	Method string
	// Plan is how it was shown that every order that the plan allows is as good, for
	// all inputs; empty if it was not.
	Plan          string
	Order         []int32 // nil is submission order
	Reads, Writes int     // how many were checked
	Elapsed       time_   // what checking them took
	// Accesses are the reads and writes themselves, in that order.
	Accesses []ProvenAccess
}

// ProvenAccess is an access and the version that it read or overwrote: the number of
// the transaction that wrote it, or InitialVersion.
type ProvenAccess struct {
	Tx      int32
	Account batch.AccountID
	Version int32
	Write   bool
}

// Counterexample is why a batch was refused: the gate that said no, and the fact
// that it said so for.
type Counterexample struct {
	Gate     string           // conflicts, execute, prove, conservation or oracles
	Txs      []int32          // whom it is about: who failed, or the cycle
	Mismatch *VersionMismatch // if an access is not that of a serial execution
	Reason   string
}

// VersionMismatch is an access of Txs[0] to a version that a serial execution would
// not have met.
type VersionMismatch struct {
	Account        batch.AccountID
	Expected, Seen int32
}

// proof writes a proof and a counterexample.
//
//	proof "recorded versions" 120ns plan "footprints"
//	order t2 t1
//	proved t2 read alice init
//	proved t2 write alice init
//	counterexample prove t1 "t1 read alice from init, and serially it reads it from t2"
//	mismatch alice t2 init
//	oracle t1 "amount" "feed" "expired" "2030-01-01T00:00:00Z"
func (f *formatter) proof(o Observation) {
	if p := o.Proof; p != nil {
		plan := ""
		if p.Plan != "" {
			plan = "plan " + strconv.Quote(p.Plan)
		}
		f.line("proof", strconv.Quote(p.Method), p.Elapsed.String(), plan)
		if p.Order != nil {
			f.line("order", f.names.Txs(p.Order))
		}
		for _, a := range p.Accesses {
			f.line("proved", f.names.Tx(a.Tx), accessWord(a.Write), f.names.Account(a.Account), f.names.Version(a.Version))
		}
	}
	if c := o.Counterexample; c != nil {
		f.line("counterexample", c.Gate, f.names.Txs(c.Txs), strconv.Quote(c.Reason))
		if m := c.Mismatch; m != nil {
			f.line("mismatch", f.names.Account(m.Account), f.names.Version(m.Expected), f.names.Version(m.Seen))
		}
	}
	if e := o.Oracle; e != nil {
		f.line("oracle", f.names.Tx(int32(e.Tx)), strconv.Quote(e.Param), strconv.Quote(e.Oracle), strconv.Quote(e.Problem.String()), expiry(e))
	}
}

func accessWord(write bool) string {
	if write {
		return "write"
	}
	return "read"
}
