package outcome

import (
	"fmt"
	"strings"
	"sync"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// MaxExecutions is how often a racy program is executed, to explore the interleavings of its
// shared accesses, before its outcomes count as unknown.
const MaxExecutions = 3000

// Programs returns the checker "outcome/program", which compares how a run of a program ended with the sequential
// specification: result, variables, shared variables, output, and the error's kind and
// position. If the program is racy, or its joins have timeouts, any outcome will do that
// some interleaving allows, and no other. Its rules are "wrong result", "wrong
// variables", "wrong shared variables", "wrong output", "wrong error", "wrong usage", for a run
// whose workers, if it has any, cannot see each other, and that says that it took other steps, memory or time, and "wrong end"
// for a run that was refused, timed out, cancelled or given up without a reason.
//
// It remembers what the specification says of the program it saw last, since a program
// is run under many schedules. Programs must not change.
func Programs() checkers.OfProgram {
	due := checkers.Remember(specify)
	return checkers.New("outcome/program", func(w program.Workload, o trace.ProgramObservation) verdict {
		return due(subject{w.Program, w.Setup.Limits}).check(w, o)
	})
}

// Meaning returns what decides whether a machine that shows no more of a run than its outcome has shown what the specification says, by the rules of
// [Programs] but for "wrong usage" and "wrong end". If a program has one outcome whatever the order of its workers, no interleavings are looked for; else the verdict
// is Unknown where there are more than [MaxExecutions] executions cover. It remembers what [Programs] does.
func Meaning() func(p *program.Program, one bool, o program.Outcome) checkers.Verdict {
	due := checkers.Remember(specify)
	return func(p *program.Program, one bool, o program.Outcome) verdict {
		s := due(subject{program: p})
		if s.invalid != nil {
			return checkers.Undecided("%v", s.invalid)
		}
		switch first := s.first(); {
		case first.Same(o):
			return checkers.Passed()
		case one:
			return differs([]program.Outcome{first}, o)
		}
		return s.among(o)
	}
}

// check is Unknown if the outcome is not among
// those of the first [MaxExecutions] executions, and there are more.
func (s *specification) check(w program.Workload, o trace.ProgramObservation) verdict {
	switch {
	case s.invalid != nil:
		if o.End != trace.ProgramRefused {
			return checkers.Failed("wrong end", fmt.Sprintf("an invalid program was not refused: %v", s.invalid))
		}
		return checkers.Passed()
	case o.End != trace.ProgramRan:
		return checkEnd(w, &o)
	}
	if first := s.first(); first.Same(o.Outcome) {
		return s.usage(&first, o.Outcome)
	}
	return s.among(o.Outcome)
}

// among decides whether an outcome is one that some interleaving allows.
func (s *specification) among(o program.Outcome) verdict {
	possible := s.possible()
	for _, want := range possible.all {
		if want.Same(o) {
			return checkers.Passed()
		}
	}
	if !possible.complete {
		return checkers.Undecided("the program has more interleavings than %d executions cover, and the outcome is not among theirs", MaxExecutions)
	}
	return differs(possible.all, o)
}

// subject is a program and what bounds its runs.
type subject struct {
	program *program.Program
	limits  program.Limits
}

// specification is what a program's runs may show. What takes long is found out once, when it is needed; of an invalid program
// nothing may be.
type specification struct {
	subject
	invalid  error
	first    func() program.Outcome // of sequential execution
	possible func() outcomes
}

// outcomes are those that interleavings of a program's accesses have.
type outcomes struct {
	all      []program.Outcome
	complete bool // or the first that were found
}

func specify(of subject) *specification {
	return &specification{
		subject: of, invalid: program.Validate(of.program),
		first: sync.OnceValue(func() program.Outcome {
			o, err := program.Run(of.program, of.limits)
			if err != nil {
				panic(fmt.Sprintf("outcome: a valid program is not: %v", err))
			}
			return o
		}),
		possible: sync.OnceValue(func() outcomes {
			all, complete, err := program.Outcomes(of.program, of.limits, MaxExecutions)
			if err != nil {
				panic(fmt.Sprintf("outcome: a valid program has become invalid: %v", err))
			}
			return outcomes{all, complete}
		}),
	}
}

// usage compares what a run used with what the specification uses, where the order of workers
// does not decide that; and what its error says beside its kind and place.
func (s *specification) usage(want *program.Outcome, got program.Outcome) verdict {
	if s.mayVary() {
		return checkers.Passed()
	}
	if a, b := got.Err, want.Err; a != nil && !a.Kind.Limit() && (a.Function != b.Function || a.Detail != b.Detail) {
		return checkers.Failed("wrong error", fmt.Sprintf("the error is %q, and sequentially it is %q", a.Error(), b.Error()))
	}
	if got.Steps != want.Steps || got.Memory != want.Memory || got.Time != want.Time {
		return checkers.Failed("wrong usage", fmt.Sprintf("the run took %d steps, %d bytes and %d ms, and sequentially it takes %d, %d and %d",
			got.Steps, got.Memory, got.Time, want.Steps, want.Memory, want.Time))
	}
	return checkers.Passed()
}

// mayVary reports whether the order of workers may decide what a run uses: it has forks, and their workers can see each
// other, or time.
func (s *specification) mayVary() bool {
	forks, varies := false, false
	for f := range s.program.Functions {
		for _, in := range s.program.Functions[f].Code {
			switch in.Op {
			case program.ForkExecution:
				forks = true
			case program.SharedRead, program.SharedWrite, program.AtomicAdd, program.AtomicCAS:
				varies = true
			case program.JoinWorkers:
				varies = varies || in.A > 0
			}
		}
	}
	return forks && varies
}

// Decidable reports whether the outcomes of w can be enumerated within the checker's bound.
func Decidable(w program.Workload) bool {
	_, complete, err := program.Outcomes(w.Program, w.Setup.Limits, MaxExecutions)
	return complete || err != nil
}

// differs says in what an outcome differs from all that are allowed: from the one that
// it has most in common with.
func differs(allowed []program.Outcome, got program.Outcome) verdict {
	best, most := "", -1
	for _, want := range allowed {
		rule, rank := difference(want, got)
		if rank > most {
			best, most = rule, rank
		}
	}
	const shown = 3
	evidence := lines(allowed[0].Diff(got))
	reason := "the outcome is not that of sequential execution"
	if len(allowed) > 1 {
		reason = fmt.Sprintf("the outcome is none of the %d that interleavings allow", len(allowed))
		for _, want := range allowed[1:min(shown, len(allowed))] {
			evidence = append(evidence, "or, compared with another that is allowed:")
			evidence = append(evidence, lines(want.Diff(got))...)
		}
	}
	if got.Err != nil {
		evidence = append(evidence, "the run's error: "+got.Err.Error())
	}
	return checkers.Failed(best, reason, append([]string{"- allowed, + observed"}, evidence...)...)
}

func lines(text string) []string { return strings.Split(strings.TrimRight(text, "\n"), "\n") }

// difference names the first aspect in which two outcomes differ, and how many agree before.
func difference(want, got program.Outcome) (rule string, rank int) {
	a, b := sections(want), sections(got)
	rules := [...]string{"wrong error", "wrong result", "wrong variables", "wrong shared variables", "wrong output"}
	for i, rule := range rules {
		if a[i] != b[i] {
			return rule, i
		}
	}
	return "wrong outcome", len(rules)
}

// sections divides an outcome's text by aspect.
func sections(o program.Outcome) (s [5]string) {
	for _, line := range strings.SplitAfter(o.Text(), "\n") {
		for i, prefix := range [...]string{"error ", "result ", "var ", "shared ", "output "} {
			if strings.HasPrefix(line, prefix) {
				s[i] += line
			}
		}
	}
	return s
}
