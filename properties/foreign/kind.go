package foreign

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"synchrony/executor"
	"synchrony/executor/sched"
	"synchrony/properties"
	"synchrony/properties/evidence"
)

// A kind is a kind of workload, with what makes a property of it.
type kind struct {
	name, about string
	property    func(*program) (properties.Testable, error)
}

// kinds are all kinds.
var kinds = []kind{
	{"batch", "blocks of transactions, which must have the effect of one after another", batch},
	{"program", "programs with parallel sections, which must show what one instruction after another shows", machine},
	{"register", "clients of one register, which must be linearizable", register},
}

// Kinds are the names of the kinds of workloads, each with what it is about.
func Kinds() (names, about []string) {
	for _, k := range kinds {
		names, about = append(names, k.name), append(about, k.about)
	}
	return names, about
}

// program is one that has greeted.
type program struct {
	ctx      context.Context // ends what was started
	command  []string
	greeting *greeting
	kind     string
	patience time.Duration
}

// Property is what a program is held to that takes workloads of a kind. The program is started for its greeting, and again for runs; it
// ends when ctx is done. It has so much time for a line; which must be less than whoever watches this process waits for a sign of life.
func Property(ctx context.Context, command []string, kindName string, patience time.Duration) (properties.Testable, error) {
	names, _ := Kinds()
	i := slices.Index(names, kindName)
	if i < 0 {
		return nil, fmt.Errorf("there is no kind of workload %q: want %s or %s", kindName, strings.Join(names[:len(names)-1], ", "), names[len(names)-1])
	}
	s, err := start(ctx, command, patience)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", command[0], err)
	}
	s.close()
	g := s.greeting
	if !slices.Contains(g.Kinds, kindName) {
		return nil, fmt.Errorf("%s takes no workload of kind %s, but %s", command[0], kindName, strings.Join(g.Kinds, ", "))
	}
	return kinds[i].property(&program{ctx, command, g, kindName, patience})
}

// system is the program as a system, of the highest level that it has.
func system[W, R any](p *program, check func(W, *R) string) executor.System[W, Observation[R]] {
	s := &plain[W, R]{ctx: p.ctx, command: p.command, kind: p.kind, name: evidence.Line(p.greeting.Name), patience: p.patience, check: check}
	if slices.Contains(p.greeting.Levels, 2) {
		return &scheduled[W, R]{plain: s, always: !p.plainly()}
	}
	return &free[W, R]{s}
}

// plainly says whether a run may be on no schedule.
func (p *program) plainly() bool { return slices.Contains(p.greeting.Levels, 1) }

// id is the ID of the property.
func (p *program) id() string { return evidence.Line(p.greeting.Name) + "/" + p.kind }

// story tells what happened.
func story[R any](o Observation[R], rec *sched.Record, lines ...string) []string {
	if o.NotJudged != "" {
		return []string{o.NotJudged}
	}
	switch {
	case rec == nil && o.told:
		return append(lines, "The program was told a schedule, and does not do the same on it each time: none is kept.")
	case rec == nil:
		return append(lines, "The program ran as it does: no schedule was chosen.")
	}
	return append(lines, properties.TellSchedule(rec, o.ObjectName)...)
}
