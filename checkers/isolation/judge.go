package isolation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"synchrony/checkers"
	"synchrony/models/history"
)

// Report is what a history of transactions shows.
type Report struct {
	// Verdict is that of the level asked for. Its rule is the anomaly's name.
	checkers.Verdict
	Level     Level
	Standings []Standing // of all levels, the strongest first
	Anomalies []Anomaly  // one of each name, the worst first
	Cycle     []Edge     // of the anomaly that decides, if it is one
	Blamed    []int32    // the transactions of the anomaly that decides

	why func(Edge) string
}

// Why says why an edge of a cycle is there.
func (r *Report) Why(e Edge) string { return r.why(e) }

// Standing is whether a history satisfies a level.
type Standing struct {
	Level  Level
	Status checkers.Status
	// Anomaly is the name of one that the level forbids, if it does not hold; "" if
	// no order of the versions satisfies it.
	Anomaly string
}

// Strongest are the levels that hold and that no other level that holds implies.
func (r *Report) Strongest() []Standing {
	return r.extreme(checkers.Pass, func(x, y Level) bool { return y.Implies(x) })
}

// Weakest are the levels that do not hold and imply no other that does not.
func (r *Report) Weakest() []Standing {
	return r.extreme(checkers.Fail, func(x, y Level) bool { return x.Implies(y) })
}

// extreme are the standings of a status for which there is no other one of it that covers them.
func (r *Report) extreme(status checkers.Status, covers func(x, y Level) bool) []Standing {
	var list []Standing
	for i, s := range r.Standings {
		covered := s.Status != status
		for k, other := range r.Standings {
			// Of two that imply each other, the first counts.
			covered = covered || k != i && other.Status == status && covers(s.Level, other.Level) && (k < i || !covers(other.Level, s.Level))
		}
		if !covered {
			list = append(list, s)
		}
	}
	return list
}

// judge is a history under examination.
type judge struct {
	*observed
	parts  map[assumptions]*graph // the cyclic part of what is certain
	whole  map[assumptions]*graph
	missed map[Level]Anomaly // what shows that levels do not hold of which visible decides
	named  map[string][]Edge // the cycles found, by name; nil before they were looked for
}

// Judge decides which levels a history satisfies, and whether it satisfies one. The error is a [*text.MalformedError]
// for a value that is written twice, since a read could not tell which of the two it saw. Where the order of versions
// is known or free, it takes time and space linear in the history; only the search for the smallest cycles, and for an
// order of versions of registers, may take more, and causality takes time that grows with the processes, too. All are bounded: past the bounds a level's
// status is Unknown.
func Judge(h *history.Transactions, l Level) (*Report, error) { return JudgeTelling(h, l, nil) }

// JudgeTelling is [Judge]. If the order of some versions has to be searched for, which may take long for some levels, it tells the verdict on l as soon as that is
// known: in a report in which nothing is known of other levels.
func JudgeTelling(h *history.Transactions, l Level, tell func(*Report)) (*Report, error) {
	o, err := observe(h)
	if err != nil {
		return nil, err
	}
	if h.Lists {
		o.readLists()
	} else {
		o.readRegisters()
	}
	o.lostUpdates()
	j := &judge{observed: o, parts: map[assumptions]*graph{}, whole: map[assumptions]*graph{}, missed: map[Level]Anomaly{}}
	asked := Standing{Level: l}
	asked.Status, asked.Anomaly = j.decide(l)
	if tell != nil && asked.Status != checkers.Unknown && j.free() {
		tell(j.alone(asked))
	}
	return j.report(l, j.standings(asked)), nil
}

// report is what is to be said of a history whose levels are decided.
func (j *judge) report(l Level, standings []Standing) *Report {
	r := &Report{Level: l, why: j.whyEdge, Standings: standings}
	if j.named == nil {
		j.named = map[string][]Edge{}
		j.cycles()
		j.skews()
	}
	r.Anomalies = slices.Clone(j.found.list)
	slices.SortStableFunc(r.Anomalies, func(x, y Anomaly) int { return rank(x.Name) - rank(y.Name) })
	j.conclude(r)
	return r
}

// alone is the report of which one level alone is decided.
func (j *judge) alone(asked Standing) *Report {
	var list []Standing
	for _, l := range Levels() {
		if l == asked.Level {
			list = append(list, asked)
		} else {
			list = append(list, Standing{Level: l, Status: checkers.Unknown})
		}
	}
	return j.report(asked.Level, list)
}

// assumed is what tells the order of registers' versions in a level.
func (j *judge) assumed(l Level) assumptions {
	if j.Lists {
		return assumptions{}
	}
	return assumptions{reads: l.rule >= committed, session: l.order >= session, time: l.order == realTime, seen: l.order == realTime && l.rule >= parallel}
}

// certainPart is the cyclic part of what is certain.
func (j *judge) certainPart(a assumptions) *graph {
	if j.parts[a] == nil {
		j.whole[a] = j.certain(a)
		j.parts[a] = j.whole[a].cyclic(nil)
	}
	return j.parts[a]
}

// standings decides all levels but one, which is known, the strongest first: what one implies need not be asked again.
func (j *judge) standings(asked Standing) []Standing {
	var list []Standing
	for _, l := range Levels() {
		s := Standing{Level: l}
		implied := slices.ContainsFunc(list, func(x Standing) bool { return x.Status == checkers.Pass && x.Level.Implies(l) })
		decided := slices.Concat(list, []Standing{asked})
		same := slices.IndexFunc(decided, func(x Standing) bool { return x.Level.Implies(l) && l.Implies(x.Level) })
		switch {
		case implied:
			s.Status = checkers.Pass
		case same >= 0:
			s.Status, s.Anomaly = decided[same].Status, decided[same].Anomaly
		default:
			s.Status, s.Anomaly = j.decide(l)
		}
		list = append(list, s)
	}
	for i := range list { // what a weaker level forbids, a stronger does
		for k := range list {
			if list[i].Status == checkers.Unknown && list[k].Status == checkers.Fail && list[i].Level.Implies(list[k].Level) {
				list[i].Status, list[i].Anomaly = checkers.Fail, list[k].Anomaly
			}
		}
	}
	return list
}

// decide decides a level. The name of an anomaly is left to be found with the cycles if it is one.
func (j *judge) decide(l Level) (checkers.Status, string) {
	if name, bad := j.found.has(l.forbidden()...); bad {
		return checkers.Fail, name
	}
	if _, lost := j.found.has(LostUpdate); lost && l.forbids(LostUpdate) {
		return checkers.Fail, "" // whichever of the two was first; a cycle may tell more
	}
	part := j.certainPart(j.assumed(l))
	if part.Nodes == 0 && j.Lists {
		return checkers.Pass, "" // any topological order is a proof
	}
	if l.rule == atomic || l.rule == causal {
		return j.visible(l), ""
	}
	status := part.violates(l)
	if status != checkers.Pass || !j.free() {
		return status, ""
	}
	over := l.order.kinds() | 1<<WW | 1<<through // what no cycle of the level's may be of
	if l.rule >= committed {
		over |= 1 << WR
	}
	if l.rule >= repeatable {
		over |= 1 << RW
	}
	whole := j.whole[j.assumed(l)]
	if position := whole.positions(over); position != nil && j.arranged(j.likely(position)).cyclic(nil).violates(l) == checkers.Pass {
		return checkers.Pass, ""
	}
	if l.rule >= repeatable && !j.Lists {
		switch status, orders := j.solve(l); {
		case status == checkers.Fail:
			return checkers.Fail, ""
		case status == checkers.Pass && j.arranged(orders).cyclic(nil).violates(l) == checkers.Pass:
			return checkers.Pass, ""
		}
	}
	return j.searchOrders(l), ""
}

// free reports whether the order of some versions is not known.
func (j *judge) free() bool {
	return slices.ContainsFunc(j.loose, func(versions []int32) bool { return len(versions) > 1 })
}

// cycles finds a smallest cycle of each name.
func (j *judge) cycles() {
	for o := plain; o <= realTime; o++ {
		part := j.certainPart(j.assumed(Level{serializable, o}))
		if part.Nodes == 0 {
			continue
		}
		over := o.kinds() | 1<<WW | 1<<WR | 1<<RW | 1<<through
		parts := part.Components(nil, over)
		if !parts.Cyclic() {
			continue
		}
		w := newWalker(part, parts)
		for _, c := range classes {
			name := c.name + suffixes[o]
			if cycle := w.shortest(c, o); cycle != nil {
				j.named[name] = cycle
				j.found.list = append(j.found.list, Anomaly{Name: name, Reason: j.sentence(cycle), Transactions: sources(cycle), Cycle: cycle})
			}
		}
	}
}

func sources(cycle []Edge) []int32 {
	list := make([]int32, len(cycle))
	for i, e := range cycle {
		list[i] = e.From
	}
	return list
}

// skews names a cycle of two anti-dependencies on different keys.
func (j *judge) skews() {
	cycle := j.named["G2-item"]
	if len(cycle) != 2 || cycle[0].Kind != RW || cycle[1].Kind != RW {
		return
	}
	first, second := j.antiKey(cycle[0]), j.antiKey(cycle[1])
	if first != second {
		j.found.add(WriteSkew, func() (string, []int32) { return j.sentence(cycle), sources(cycle) })
	}
}

// conclude gives the verdict of the level asked for.
func (j *judge) conclude(r *Report) {
	i := slices.IndexFunc(r.Standings, func(s Standing) bool { return s.Level == r.Level })
	for k := range r.Standings {
		if s := &r.Standings[k]; s.Status == checkers.Fail && s.Anomaly == "" {
			s.Anomaly = cmp.Or(r.worst(s.Level), ruleAnomalies[s.Level.rule])
		}
	}
	switch s := r.Standings[i]; {
	case s.Status == checkers.Pass:
		r.Verdict = checkers.Passed()
	case s.Status == checkers.Unknown && r.Level.rule == causal:
		r.Verdict = checkers.Undecided("there are too many transactions of too many processes to tell what comes before each: fewer processes would help, or a part of the history")
	case s.Status == checkers.Unknown:
		r.Verdict = checkers.Undecided("the order of some versions is not known, and too many orders of them are left to try: %s", help)
	default:
		r.fail(j, s.Anomaly)
	}
}

// ruleAnomalies are what is wrong with levels whose rules are no cycles of a name.
var ruleAnomalies = map[rule]string{atomic: "fractured read", causal: "causality violation"}

// help says what makes a history easier to judge.
const help = "transactions that read what they write over, more reads, or lists in place of registers would help"

// worst is the worst anomaly that tells that a level does not hold; "" if there is none.
func (r *Report) worst(l Level) string {
	for _, a := range r.Anomalies {
		if slices.Contains(l.forbidden(), a.Name) || (a.Cycle != nil || a.Name == LostUpdate) && l.forbids(a.Name) {
			return a.Name
		}
	}
	return ""
}

// forbids reports whether a level forbids all cycles of a name, or lost updates.
func (l Level) forbids(name string) bool {
	base, o := name, plain
	for k, suffix := range suffixes {
		if cut, ok := strings.CutSuffix(name, suffix); ok && suffix != "" {
			base, o = cut, order(k)
		}
	}
	if o > l.order {
		return false
	}
	switch base {
	case "G0":
		return true
	case "G1c":
		return l.rule >= committed
	case "G-single", LostUpdate:
		return l.rule >= parallel
	case "G-nonadjacent":
		return l.rule >= snapshot
	default:
		return l.rule >= repeatable
	}
}

// fail tells of an anomaly.
func (r *Report) fail(j *judge, name string) {
	i := slices.IndexFunc(r.Anomalies, func(a Anomaly) bool { return a.Name == name })
	missed, known := j.missed[r.Level]
	var a *Anomaly
	switch {
	case i >= 0:
		a = &r.Anomalies[i]
	case known && missed.Name == name:
		a = &missed
	default:
		r.Verdict = checkers.Failed(cmp.Or(name, "not "+r.Level.String()), "no order of the versions that agrees with the reads satisfies "+r.Level.String())
		return
	}
	var evidence []string
	for _, e := range a.Cycle {
		evidence = append(evidence, fmt.Sprintf("%s -> %s (%s): %s", j.Name(e.From), j.Name(e.To), KindName(e.Kind), j.whyEdge(e)))
	}
	for k, tx := range a.Transactions {
		if k == maxShown {
			break
		}
		evidence = append(evidence, j.Show(tx))
	}
	r.Verdict, r.Cycle = checkers.Failed(a.Name, a.Reason, evidence...), a.Cycle
	r.Blamed = a.Transactions
	if a.Name == "G2-item" && slices.ContainsFunc(r.Anomalies, func(x Anomaly) bool { return x.Name == WriteSkew }) {
		r.Rule += ", " + WriteSkew
	}
}

// maxShown bounds how much of a long cycle is told.
const maxShown = 6
