package vm

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"synchrony/checkers"
	"synchrony/checkers/chunks"
	"synchrony/checkers/forks"
	"synchrony/checkers/linearizability"
	"synchrony/checkers/outcome"
	"synchrony/executor"
	"synchrony/executor/vm"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/models/trace"
	"synchrony/properties"
)

// Group is the group of these properties.
const Group = "vm"

type (
	system    = executor.System[program.Workload, trace.ProgramObservation]
	checker   = checkers.OfProgram
	condition = properties.Condition[program.Workload, trace.ProgramObservation]
	single    = properties.Property[program.Workload, trace.ProgramObservation]
)

// Properties returns V1 to V22 of the parallel VM.
func Properties() []properties.Testable {
	return append(Of(vm.System{}, vm.System{Accesses: true}), atOnce())
}

// Of returns the properties of any machine that runs programs, in order. recording is the
// same machine, if it can also record the accesses of chunks; else nil.
func Of(s, recording system) []properties.Testable {
	shown := []checker{chunks.Dependencies()}
	if recording == nil {
		recording = s
	} else {
		shown = append(shown, accessesRecorded())
	}
	checks := slices.Concat(equivalence(s), analysis(s, recording, shown), parallelism(s), faults(s), ending(s), forms(s), []properties.Testable{commutation(s), instructionsAgree(s), needless(s), repeats(s), anyShape(s, recording), stops(s), prompt(s)})
	return properties.ByNumber(checks)
}

// one is a property that judges one run. Whatever else it asks, it asks whether attempts failed or the run fell back without
// a reason: that would make up for what went wrong, so that nothing else shows it.
func one(s system, id, statement string, g *rapid.Generator[program.Workload], sometimes []condition, cs ...checker) *single {
	attempts := chunks.Attempts()
	if !slices.ContainsFunc(cs, func(c checker) bool { return c.Name() == attempts.Name() }) {
		cs = append(slices.Clone(cs), attempts)
	}
	return &single{
		ID: id, Group: Group, Statement: statement, Source: properties.Here(1), System: s,
		Generator: g, Checkers: cs, Codec: codec,
		Sometimes: sometimes, Classify: classify, Size: size, Real: quick, Explain: explain, Object: counterOf, Large: large, Cause: cause,
	}
}

// equivalence is that parallel execution shows what sequential execution does.
func equivalence(s system) []properties.Testable {
	return []properties.Testable{
		one(s, "V1", "parallel execution gives the result, variables, output and first error of sequential execution",
			mostly(workloads(programs.AnyProgram()), heavy(), heavy(), limitedCalls()), []condition{
				chunked, crossed, forked, metBarrier.DrawnBy(meeting(0)), brokenBarrier.DrawnBy(meeting(100)), failed, retried.DrawnBy(retrying()),
				fellBack.DrawnBy(hopeless(true)), abandoned.DrawnBy(abandoning()), printed, mapped,
				wentParallel.DrawnBy(likely(lasting(parallelOnly(programs.Looping())), manyLoops)), calledBriefly.DrawnBy(briefCalls()), returned.DrawnBy(returning()), sizeable, overflowed, spent,
			},
			outcome.Programs()),
		one(s, "V7", "PARALLEL_MAP gives what calling the function for each element in order gives",
			workloads(with(programs.Mapping(), func(o *programs.Options) { o.Modes, o.Errors = 10, 40 })),
			[]condition{mapped, failed, succeeded}, outcome.Programs()),
		unrolls(s),
	}
}

// accessesRecorded checks that a machine which records what chunks access has done so, if two were merged: what the first one accessed need not be known, if that
// was under way when the run went parallel. Rule: "no accesses".
func accessesRecorded() checker {
	return checkers.New("accesses", func(_ program.Workload, o trace.ProgramObservation) checkers.Verdict {
		merged := 0
		for _, e := range o.Events {
			if e.Kind == trace.ChunkMerge {
				merged++
			}
		}
		if merged > 1 && len(o.Accesses) == 0 {
			return checkers.Failed("no accesses", fmt.Sprintf("%d chunks were merged, and of none it is recorded what it accessed", merged))
		}
		return checkers.Passed()
	})
}

// analysis is about chunks and what is known of them: shown judges what a run shows of that.
func analysis(s, recording system, shown []checker) []properties.Testable {
	return []properties.Testable{
		one(recording, "V2", "every dependency that an execution shows was in the analysis",
			workloads(with(programs.AnyProgram(), func(o *programs.Options) { o.Faults, o.Branches, o.Modes = 5, 9, 0 })),
			[]condition{chunked, crossed, forked, mapped}, shown...),
		one(s, "V3", "chunks partition the main code, are as large as was asked for, are cut at stack depth 0, and no jump passes over a cut",
			workloads(with(programs.AnyProgram(), func(o *programs.Options) { o.Holds, o.Branches, o.Loops, o.Faults = 8, 8, 6, 0 })),
			[]condition{chunked, crossed}, chunks.Partition(), outcome.Programs()),
		one(s, "V11", "metrics add up, and claim nothing that was not measured",
			workloads(programs.AnyProgram()), []condition{chunked, retried.DrawnBy(retrying()), fellBack.DrawnBy(hopeless(true)), abandoned.DrawnBy(abandoning())}, chunks.Metrics()),
	}
}

// parallelism is about forks and barriers.
func parallelism(s system) []properties.Testable {
	return []properties.Testable{
		sharedState(),
		one(s, "V4b", "the accesses of a program's workers to shared variables are linearizable",
			workloads(with(programs.SharedState(), func(o *programs.Options) { o.Racy, o.Modes = 70, 10 })),
			[]condition{sharing, raced, forkedOut}, linearizability.Programs(), outcome.Programs()),
		one(s, "V5", "every worker of a fork runs exactly once, the merge is in worker order, and a join's timeout ends it",
			workloads(with(programs.Forking(), func(o *programs.Options) {
				o.JoinLimit, o.Works, o.Modes, o.MaxForkWorkers, o.MaxStatements = 15, 4, 15, 4, 10
			})),
			[]condition{forkedOut, joinTimedOut.DrawnBy(joiningLate()), failed, storedWithin.DrawnBy(storing())}, forks.Workers(), outcome.Programs()),
		one(s, "V6", "nobody passes a barrier early, a broken barrier fails those who wait, and nobody hangs",
			workloads(with(programs.Barriers(), func(o *programs.Options) { o.Modes, o.MaxForkWorkers, o.MaxStatements = 15, 4, 10 })),
			[]condition{metBarrier, brokenBarrier, secondRound}, forks.Barriers(), outcome.Programs()),
	}
}

// faults is about attempts that go wrong.
func faults(s system) []properties.Testable {
	return []properties.Testable{
		one(s, "V8", "retries apply effects exactly once, whichever attempt fails where",
			workloads(programs.Faulty()), []condition{retried, panicked, hung, printed, sharing, abandoned, failedDeep.DrawnBy(deep()), lastedLate.DrawnBy(lastingLate())}, chunks.Attempts(), outcome.Programs()),
		one(s, "V9", "a fallback gives what sequential execution from the initial state gives, and output is printed once",
			persistent(programs.Faulty()), []condition{fellBack, gaveUp.DrawnBy(hopeless(false)), printed, sharing}, outcome.Programs(), chunks.Attempts()),
	}
}

// with changes a profile.
func with(o programs.Options, change func(*programs.Options)) programs.Options {
	change(&o)
	return o
}
