package trace

import (
	"strconv"
	"time"

	"synchrony/models/batch"
	"synchrony/models/text"
)

// How a certificate of serializability was found.
const (
	// ByVersions: the versions that the execution recorded show that it read and
	// overwrote what a serial execution does.
	ByVersions = "recorded versions"
	// BySerialExecution: too little of the parallel execution was recorded, so the batch was
	// executed again from the initial state, one transaction after another, and that
	// execution's versions were checked.
	BySerialExecution = "serial re-execution"
)

// Certificate is the evidence that an execution was serializable: executed one after another in Order, the
// transactions read and overwrite the same versions, and so the same balances, as
// they did, and leave the same ones.
type Certificate struct {
	Method string
	// Plan is how it was shown that every order that the plan allows is as good, for
	// all inputs; empty if it was not.
	Plan          string
	Order         []int32       // nil is submission order
	Reads, Writes int           // how many were checked
	Elapsed       time.Duration // what checking them took
	// Accesses are the reads and writes themselves, in that order.
	Accesses []CertifiedAccess
}

// CertifiedAccess is an access and the version that it read or overwrote: the number of
// the transaction that wrote it, or InitialVersion.
type CertifiedAccess struct {
	Tx      int32
	Account batch.AccountID
	Version int32
	Write   bool
}

// Counterexample is why a batch was refused: the gate that said no, and the fact
// that it said so for.
type Counterexample struct {
	Gate     string           // conflicts, execute, certify, conservation or attestations
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

// certificate writes a certificate and a counterexample.
//
//	certificate "recorded versions" 120ns 2 reads 2 writes plan "footprints"
//	order t2 t1
//	certified t2 read alice init
//	certified t2 write alice init
//	counterexample "certify" "t1 read alice from init, and serially it reads it from t2" t1
//	mismatch alice t2 init
//	unattested t1 "amount" "feed" "expired" "2030-01-01T00:00:00Z"
func (f *formatter) certificate(o Observation) {
	if p := o.Certificate; p != nil {
		plan := ""
		if p.Plan != "" {
			plan = "plan " + strconv.Quote(p.Plan)
		}
		f.line("certificate", strconv.Quote(p.Method), p.Elapsed.String(), strconv.Itoa(p.Reads), "reads", strconv.Itoa(p.Writes), "writes", plan)
		if len(p.Order) > 0 {
			f.line("order", f.names.Txs(p.Order))
		}
		for _, a := range p.Accesses {
			f.line("certified", f.names.Tx(a.Tx), accessWord(a.Write), f.names.Account(a.Account), f.names.Version(a.Version))
		}
	}
	if c := o.Counterexample; c != nil {
		f.line("counterexample", strconv.Quote(c.Gate), strconv.Quote(c.Reason), f.names.Txs(c.Txs))
		if m := c.Mismatch; m != nil {
			f.line("mismatch", f.names.Account(m.Account), f.names.Version(m.Expected), f.names.Version(m.Seen))
		}
	}
	if e := o.Unattested; e != nil {
		expires := ""
		if !e.Expires.IsZero() {
			expires = strconv.Quote(e.Expires.UTC().Format(time.RFC3339Nano))
		}
		f.line("unattested", f.names.Tx(int32(e.Tx)), strconv.Quote(e.Param), strconv.Quote(e.Source), strconv.Quote(e.Problem.String()), expires)
	}
}

// certificate parses those lines; false if key is none of them.
func (p *parser) certificate(key string, a *text.Line) bool {
	o := &p.o
	switch key {
	case "certificate", "proof": // proof and proved are what earlier versions wrote
		o.Certificate = p.certificateLine(a)
	case "order", "certified", "proved":
		if o.Certificate == nil {
			a.Fail("%s without a certificate line before it", key)
		} else if key == "order" {
			o.Certificate.Order = p.group(a)
		} else {
			o.Certificate.Accesses = append(o.Certificate.Accesses, p.access(a))
		}
	case "counterexample":
		o.Counterexample = &Counterexample{Gate: p.gate(a), Reason: a.Quoted("a reason"), Txs: p.group(a)}
	case "mismatch":
		if o.Counterexample == nil {
			a.Fail("mismatch without a counterexample line before it")
			return true
		}
		o.Counterexample.Mismatch = &VersionMismatch{p.account(a), p.version(a), p.version(a)}
	case "unattested", "oracle": // oracle is what earlier versions wrote
		o.Unattested = p.unattested(a)
	default:
		return false
	}
	return true
}

// gate parses a gate's name, and knows what earlier versions called two of them.
func (p *parser) gate(a *text.Line) string {
	switch gate := a.Quoted("a gate"); gate {
	case "oracles":
		return "attestations"
	case "prove":
		return "certify"
	default:
		return gate
	}
}

func (p *parser) certificateLine(a *text.Line) *Certificate {
	c := &Certificate{Method: a.Quoted("a method"), Elapsed: a.Duration("a time")}
	c.Reads = int(a.Int64("a count"))
	a.Literal("reads")
	c.Writes = int(a.Int64("a count"))
	a.Literal("writes")
	if a.More() {
		a.Literal("plan")
		c.Plan = a.Quoted("a method")
	}
	return c
}

func (p *parser) access(a *text.Line) CertifiedAccess {
	access := CertifiedAccess{Tx: p.tx(a)}
	switch word := a.Next("read or write"); {
	case word == accessWord(true):
		access.Write = true
	case !a.Failed() && word != accessWord(false):
		a.Fail("%q where read or write is expected", word)
	}
	access.Account = p.account(a)
	access.Version = p.version(a)
	return access
}

func (p *parser) unattested(a *text.Line) *batch.AttestationError {
	e := &batch.AttestationError{Tx: int(p.tx(a)), Param: a.Quoted("a parameter"), Source: a.Quoted("a source")}
	if e.Tx >= 0 && e.Tx < len(p.b.Transactions) {
		e.ID = p.b.Transactions[e.Tx].ID
	}
	var err error
	if problem := a.Quoted("a problem"); !a.Failed() {
		e.Problem, err = batch.ParseAttestationProblem(problem)
		a.Check(err)
	}
	if a.More() {
		e.Expires, err = time.Parse(time.RFC3339Nano, a.Quoted("a time"))
		a.Check(err)
	}
	return e
}

func accessWord(write bool) string {
	if write {
		return "write"
	}
	return "read"
}
