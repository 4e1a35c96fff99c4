package outcome

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"synchrony/checkers"
	"synchrony/models/batch"
	"synchrony/models/history"
	"synchrony/models/trace"
)

// verdict is what a batch checker returns.
type verdict = checkers.Verdict

// New returns the checker "outcome", which compares how a run ended with the sequential specification. Its rules are
// "wrong outcome", "wrong balances", "wrong failure" (another transaction, kind,
// condition or value, or one beside that which is due), "wrong cycle", "uninformative error" for a message
// that leaves out the transaction, the condition, a value or who is in a cycle, and "error of a commit".
//
// It remembers what the specification says of the batch it saw last, since a batch is
// run under many schedules. Batches must not change.
func New() checkers.OfBatch {
	due := checkers.Remember(serially)
	return checkers.Observed("outcome", func(w batch.Workload, o *trace.Observation) verdict { return check(w, o, due) })
}

// question is what decides how a batch ends serially.
type question struct {
	batch  *batch.Batch
	now    time.Time // that attestations are held against
	panics string    // the transactions that do, a line each
}

// ending is how a batch ends serially.
type ending struct {
	batch.Outcome
	unattested *batch.AttestationError // if it would commit otherwise
}

func serially(q question) ending {
	e := ending{Outcome: batch.RunSerially(q.batch, strings.Split(q.panics, "\n")...)}
	if want, _ := expected(&e.Outcome); want == history.Committed {
		e.unattested = batch.VerifyAttestations(q.batch, q.now)
	}
	return e
}

// check is Unknown for a run that did not
// start from the batch's balances.
func check(w batch.Workload, o *trace.Observation, due func(question) ending) verdict {
	if !slices.Equal(o.Initial, w.Batch.Balances()) {
		return checkers.Undecided("the run did not start from the batch's balances")
	}
	if len(o.Cycle) > 0 && o.Outcome != history.Refused {
		return checkers.Failed("wrong cycle", fmt.Sprintf("the batch was %v, and a cycle is named as if it had been refused: %v", o.Outcome, o.Cycle))
	}
	if w.Setup.Workers <= 0 {
		return checkConfiguration(w, o)
	}
	if ended(w, o) {
		return checkers.Passed()
	}
	spec := due(question{w.Batch, w.Setup.Now, strings.Join(w.Setup.Panics, "\n")})
	want, why := expected(&spec.Outcome)
	unattested := spec.unattested
	if want == history.Committed {
		if unattested == nil && w.Setup.Now.IsZero() && o.Unattested != nil && o.Unattested.Problem == batch.Expired {
			return checkers.Undecided("whether an attestation has expired depends on the wall clock")
		}
		if unattested != nil {
			want, why = history.Aborted, unattested.Error()
		}
	}
	if o.Outcome != want {
		return checkers.Failed("wrong outcome", fmt.Sprintf("the batch was %v, but serially it is %v", o.Outcome, want), "because "+why, "error: "+o.Error)
	}
	switch want {
	case history.Refused:
		if err := batch.CheckCycle(w.Batch, o.Cycle); err != nil {
			return checkers.Failed("wrong cycle", fmt.Sprintf("the batch was refused for a cycle that is none: %v", err), "serially: "+why)
		}
		return mentions(o, "refused", o.Cycle...)
	case history.Aborted:
		return checkAborted(w, o, spec.Failure, unattested)
	case history.Committed:
		if o.Error != "" {
			return checkers.Failed("error of a commit", "the batch was committed, and there is an error", "error: "+o.Error)
		}
		names := trace.NamesOf(w.Batch)
		for a, v := range o.Final {
			if v != spec.Balances[a] {
				return checkers.Failed("wrong balances",
					fmt.Sprintf("%s has %d after the batch, and serially it has %d", names.Account(batch.AccountID(a)), v, spec.Balances[a]),
					"final:  "+names.Balances(o.Final), "serial: "+names.Balances(spec.Balances))
			}
		}
	}
	return checkers.Passed()
}

// expected is the outcome of serial execution, and what it is due to.
func expected(spec *batch.Outcome) (history.Outcome, string) {
	switch {
	case spec.Cycle != nil:
		return history.Refused, spec.Cycle.Error()
	case spec.Failure != nil:
		return history.Aborted, spec.Failure.Error()
	default:
		return history.Committed, "no transaction fails"
	}
}

// checkConfiguration checks that a run without workers was refused, with a reason.
func checkConfiguration(w batch.Workload, o *trace.Observation) verdict {
	if o.Outcome != history.Refused {
		return checkers.Failed("wrong outcome", fmt.Sprintf("the batch was %v, but %d workers are a configuration error", o.Outcome, w.Setup.Workers))
	}
	if len(o.Cycle) > 0 {
		return checkers.Failed("wrong cycle", fmt.Sprintf("%d workers are a configuration error, and a cycle is named: %v", w.Setup.Workers, o.Cycle))
	}
	return mentions(o, "refused", strconv.Itoa(w.Setup.Workers))
}

// mentions checks that the error of a batch that ended in some way has what a person needs to know.
func mentions(o *trace.Observation, ended string, parts ...string) verdict {
	for _, part := range parts {
		if !strings.Contains(o.Error, part) {
			return checkers.Failed("uninformative error", fmt.Sprintf("the error of the %s batch does not mention %q", ended, part), "error: "+o.Error)
		}
	}
	return checkers.Passed()
}

// ended reports whether the run was timed out or cancelled, and that was due. The
// specification knows neither.
func ended(w batch.Workload, o *trace.Observation) bool {
	due := func(limit, elapsed int64) bool { return limit > 0 && elapsed >= limit }
	elapsed := int64(o.Elapsed)
	switch o.Outcome {
	case history.TimedOut:
		return due(int64(o.Limit), elapsed) || due(int64(w.Setup.TransactionTimeout), elapsed)
	case history.Cancelled:
		return due(int64(w.Setup.CancelAfter), elapsed)
	default:
		return false
	}
}

// checkAborted compares the reason for an abort with the one that is due: a failure,
// or an external argument that nobody vouches for.
func checkAborted(w batch.Workload, o *trace.Observation, failure *batch.Failure, unattested *batch.AttestationError) verdict {
	switch {
	case (failure == nil) != (o.Failure == nil), (unattested == nil) != (o.Unattested == nil), unattested != nil && *o.Unattested != *unattested:
		want := describeAttestationError(unattested)
		if failure != nil {
			want = describe(failure)
		}
		return checkers.Failed("wrong failure", "the batch was aborted for another reason than is due",
			"observed: "+o.Error, "due: "+want)
	case unattested != nil:
		return mentions(o, "aborted", unattested.ID, unattested.Param, unattested.Source)
	default:
		return checkFailure(w, o, failure)
	}
}

func describeAttestationError(e *batch.AttestationError) string {
	if e == nil {
		return "no wrong attestation"
	}
	return e.Error()
}

// checkFailure compares a failure with the one that the specification names.
func checkFailure(w batch.Workload, o *trace.Observation, want *batch.Failure) verdict {
	got := o.Failure
	if !got.Same(want) || got.Stack != "" && got.Kind != batch.Panicked {
		return checkers.Failed("wrong failure", "the batch was aborted for another reason than serially",
			"observed: "+describe(got), "serially: "+describe(want))
	}
	if got.Stack == "" && slices.Contains(w.Setup.Panics, got.ID) { // code that ends its goroutine leaves none, a panic does
		return checkers.Failed("uninformative error", "the batch was aborted for a panic, without its stack", "failure: "+describe(want))
	}
	parts := []string{want.ID, want.Condition}
	for _, v := range want.Values {
		parts = append(parts, v.Name, strconv.FormatInt(v.Value, 10))
	}
	v := mentions(o, "aborted", parts...)
	if v.Status == checkers.Fail {
		v.Evidence = append(v.Evidence, "failure: "+describe(want))
	}
	return v
}

func describe(f *batch.Failure) string {
	return fmt.Sprintf("#%d %v: %v", f.Tx, f.Kind, f)
}
