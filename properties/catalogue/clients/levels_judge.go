package clients

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"synchrony/checkers"
	"synchrony/checkers/isolation"
	"synchrony/models/history"
)

// levelsReport is a report and what is known of its history.
type levelsReport struct {
	*isolation.Report
	h       *history.Transactions
	defects map[string]bool
}

func judgeLevels(o observed, seen levelsSeen) checkers.Verdict {
	h := o.whole()
	switch line := repeated(h); {
	case seen.Changed:
		return checkers.Failed("changed", "the history is not what it was before it was judged")
	case (line > 0) != (seen.Report == nil) || line > 0 && !strings.Contains(seen.Malformed, strconv.Itoa(line)):
		return checkers.Failed("malformed", fmt.Sprintf("line %d writes what another one does (0: none), and it is told: %q", line, seen.Malformed))
	case line > 0:
		return checkers.Passed()
	}
	report := seen.Report
	r := &levelsReport{report, h, findDefects(o.Few)}
	b := newBrute(o.Few)
	unsound := r.has(r.severity())
	for _, d := range definitions() {
		want, why := checkers.Fail, "no order of the transactions and versions meets its definition"
		switch {
		case slices.ContainsFunc(d.forbidden(), func(name string) bool { return r.defects[name] }):
			why = "it forbids what the history has"
		case unsound:
			continue // what the definitions take for granted is not so
		case b.satisfies(&d):
			want, why = checkers.Pass, "an order of the transactions and versions meets its definition"
		}
		s := standing(report, d.name)
		if o.Before != nil && !o.Few.Lists && d.strength() < 6 && s.Status == checkers.Unknown {
			continue // of many registers not all orders of versions can be tried
		}
		if s.Status != want {
			return checkers.Failed("wrong level", fmt.Sprintf("%s is said to be %v, by %q, and should be %v: %s", d.name, s.Status, s.Anomaly, want, why))
		}
	}
	for _, check := range []func() checkers.Verdict{r.checkAsked, r.checkExtremes, r.checkDefects, r.checkCycles} {
		if v := check(); v.Status != checkers.Pass {
			return v
		}
	}
	return checkers.Passed()
}

// repeated is the line of the first transaction that writes what was written before; 0 if there is none.
func repeated(h *history.Transactions) int {
	written := map[[2]int32]bool{}
	for tx := range int32(len(h.List)) {
		for _, op := range h.Of(tx) {
			id := [2]int32{op.Key, op.Value}
			if op.Write && written[id] {
				return int(h.List[tx].Line)
			}
			written[id] = written[id] || op.Write
		}
	}
	return 0
}

// checkAsked compares the verdict with the standing of the level that was asked for, and has each level that does not hold name an anomaly of the history, if it names one.
func (r *levelsReport) checkAsked() checkers.Verdict {
	asked := standing(r.Report, r.Level.String())
	if r.Status != asked.Status || r.Status == checkers.Fail && (r.Rule != r.ruleOf(asked) || r.Reason == "" || len(r.Evidence) == 0 && r.named(asked.Anomaly) != nil) {
		return checkers.Failed("wrong verdict", fmt.Sprintf("%v is %v by %q, and the verdict is %v by %q: %s", asked.Level, asked.Status, asked.Anomaly, r.Status, r.Rule, r.Reason))
	}
	for _, s := range r.Standings {
		if s.Status != checkers.Fail && s.Anomaly != "" || s.Anomaly != "" && r.named(s.Anomaly) == nil && !slices.Contains([]string{"fractured read", "causality violation"}, s.Anomaly) {
			return checkers.Failed("no anomaly", fmt.Sprintf("%v is %v, by %q", s.Level, s.Status, s.Anomaly))
		}
	}
	if a := r.named(asked.Anomaly); a != nil && !slices.Equal(a.Transactions, r.Blamed) {
		return checkers.Failed("wrong blame", fmt.Sprintf("%s is of the transactions %v, and those to blame are said to be %v", a.Name, a.Transactions, r.Blamed))
	}
	return checkers.Passed()
}

// ruleOf is the rule of the verdict on a level that does not hold.
func (r *levelsReport) ruleOf(s isolation.Standing) string {
	switch {
	case s.Anomaly == "":
		return "not " + s.Level.String()
	case s.Anomaly == "G2-item" && r.named(isolation.WriteSkew) != nil:
		return s.Anomaly + ", " + isolation.WriteSkew
	default:
		return s.Anomaly
	}
}

// named is the anomaly of a name, or nil.
func (r *levelsReport) named(name string) *isolation.Anomaly {
	for i := range r.Anomalies {
		if r.Anomalies[i].Name == name {
			return &r.Anomalies[i]
		}
	}
	return nil
}

// checkExtremes compares the strongest levels that hold, and the weakest that do not, with those of all.
func (r *levelsReport) checkExtremes() checkers.Verdict {
	all := definitions()
	extreme := func(status checkers.Status, covers func(x, y *definition) bool) map[string]bool {
		set := map[string]bool{}
		for i := range all {
			covered := standing(r.Report, all[i].name).Status != status
			for k := range all {
				covered = covered || k != i && standing(r.Report, all[k].name).Status == status && covers(&all[k], &all[i]) && !covers(&all[i], &all[k])
			}
			if !covered {
				set[all[i].name] = true
			}
		}
		return set
	}
	for _, c := range []struct {
		what string
		want map[string]bool
		list []isolation.Standing
	}{
		{"strongest that hold", extreme(checkers.Pass, func(x, y *definition) bool { return x.implies(y) }), r.Strongest()},
		{"weakest that do not", extreme(checkers.Fail, func(x, y *definition) bool { return y.implies(x) }), r.Weakest()},
	} {
		if c.want["serializable"] && c.want["repeatable-read"] {
			delete(c.want, "repeatable-read") // they imply each other
		}
		told := map[string]bool{}
		for _, s := range c.list {
			told[s.Level.String()] = true
		}
		if !maps.Equal(told, c.want) {
			return checkers.Failed("wrong extreme", fmt.Sprintf("the levels said to be the %s are %v, and they are %v", c.what, slices.Sorted(maps.Keys(told)), slices.Sorted(maps.Keys(c.want))))
		}
	}
	return checkers.Passed()
}

func (r *levelsReport) has(defects []string) bool {
	return slices.ContainsFunc(defects, func(name string) bool { return r.defects[name] })
}

// checkDefects compares the anomalies that are no cycles with those that the history has, and looks whether each names its transactions.
func (r *levelsReport) checkDefects() checkers.Verdict {
	rank := -1
	for _, a := range r.Anomalies {
		if a.Reason == "" || len(a.Transactions) == 0 || a.Cycle == nil && a.Count < 1 && a.Name != isolation.WriteSkew {
			return checkers.Failed("no example", fmt.Sprintf("of %s, %d times, the transactions %v are shown, because %q", a.Name, a.Count, a.Transactions, a.Reason))
		}
		for i, tx := range a.Transactions {
			if i < 6 && !strings.Contains(a.Reason, r.h.Name(tx)) {
				return checkers.Failed("wrong example", fmt.Sprintf("%s is of %s, and what is told does not name it: %s", a.Name, r.h.Name(tx), a.Reason))
			}
		}
		at := slices.Index(append(r.severity(), a.Name), a.Name)
		if at < rank {
			return checkers.Failed("wrong order", fmt.Sprintf("%s is told after what is not as bad", a.Name))
		}
		rank = at
	}
	wrong := r.has(unexplained())
	if told := slices.ContainsFunc(unexplained(), func(name string) bool { return r.named(name) != nil }); told != wrong {
		return checkers.Failed("wrong anomaly", fmt.Sprintf("that reads see no version is told: %v, and is so: %v", told, wrong))
	}
	if wrong {
		return checkers.Passed()
	}
	for _, name := range append(r.severity(), isolation.LostUpdate) {
		if told := r.named(name) != nil; told != r.defects[name] {
			return checkers.Failed("wrong anomaly", fmt.Sprintf("%s is told: %v, and there: %v", name, told, r.defects[name]))
		}
	}
	return checkers.Passed()
}

// severity is the order of the anomalies that are told before all cycles: of a history with one of them the definitions of levels say nothing, or too much.
func (*levelsReport) severity() []string {
	return []string{
		isolation.GarbageRead, isolation.DuplicateElements, isolation.IncompatibleOrder, isolation.CyclicVersions, isolation.FutureRead,
		isolation.Internal, isolation.AbortedRead, isolation.IntermediateRead, isolation.DirtyUpdate,
	}
}

// checkCycles looks whether each cycle is one, of the class that its name says, and whether a level that forbids it is said not to hold.
func (r *levelsReport) checkCycles() checkers.Verdict {
	if r.has(unexplained()) {
		return checkers.Passed() // of reads of no version there is no telling what comes before what
	}
	var smallest []isolation.Edge
	if a := r.named("G2-item"); a != nil {
		smallest = a.Cycle
	}
	if v := r.checkSkew(smallest); v.Status != checkers.Pass {
		return v
	}
	for _, a := range r.Anomalies {
		if a.Cycle == nil {
			continue
		}
		if v := r.checkCycle(&a); v.Status != checkers.Pass {
			return v
		}
		for _, d := range definitions() {
			if d.forbids(a.Name, r.h.Lists) && standing(r.Report, d.name).Status != checkers.Fail {
				return checkers.Failed("wrong level", fmt.Sprintf("%s is said to hold, which forbids %s", d.name, a.Name))
			}
		}
	}
	return checkers.Passed()
}

// forbids reports whether a level forbids the cycles of a name. The order of a register's versions is known only by what reads and real time tell in
// levels that let nobody write between them.
func (d *definition) forbids(name string, lists bool) bool {
	base, inSessions := strings.CutSuffix(name, "-process")
	base, inTime := strings.CutSuffix(base, "-realtime")
	least := map[string]int{"G0": 0, "G1c": 1, "G-single": 4, "G-nonadjacent": 5, "G2-item": 6}[base]
	switch {
	case !lists && inTime:
		least = max(least, 4)
	case !lists:
		least = max(least, 1)
	}
	return (!inSessions || d.sessions) && (!inTime || d.realTime) && d.strength() >= least
}

// checkSkew holds a cycle of two transactions, of which each replaced what the other one had read, to be called a write skew if the keys are
// certainly two, and not to be if they are certainly one.
func (r *levelsReport) checkSkew(cycle []isolation.Edge) checkers.Verdict {
	told := r.named(isolation.WriteSkew) != nil
	if len(cycle) != 2 || cycle[0].Kind != isolation.RW || cycle[1].Kind != isolation.RW {
		if told {
			return checkers.Failed("wrong anomaly", "a write skew is told, and the smallest cycle G2-item is none")
		}
		return checkers.Passed()
	}
	keys := func(e isolation.Edge) (list []int32) {
		for _, p := range r.h.Of(e.From) {
			for _, q := range r.h.Of(e.To) {
				if !p.Write && q.Write && p.Key == q.Key {
					list = append(list, p.Key)
				}
			}
		}
		slices.Sort(list)
		return slices.Compact(list)
	}
	first, second := keys(cycle[0]), keys(cycle[1])
	apart := !slices.ContainsFunc(first, func(k int32) bool { return slices.Contains(second, k) })
	one := len(first) == 1 && slices.Equal(first, second)
	if apart && !told || one && told {
		return checkers.Failed("wrong anomaly", fmt.Sprintf("a write skew is told: %v, and the keys of the two edges are %v and %v", told, first, second))
	}
	return checkers.Passed()
}

func (r *levelsReport) checkCycle(a *isolation.Anomaly) checkers.Verdict {
	wrong := func(format string, args ...any) checkers.Verdict {
		var told []string
		for _, e := range a.Cycle {
			told = append(told, fmt.Sprintf("%s -%s-> %s", r.h.Name(e.From), isolation.KindName(e.Kind), r.h.Name(e.To)))
		}
		return checkers.Failed("wrong cycle", fmt.Sprintf("%s: %s: %s", a.Name, strings.Join(told, ", "), fmt.Sprintf(format, args...)))
	}
	counts := map[string]int{}
	next := 0 // rw edges that another one follows
	for i, e := range a.Cycle {
		after := a.Cycle[(i+1)%len(a.Cycle)]
		switch {
		case e.To != after.From:
			return wrong("its edges do not follow each other")
		case slices.Index(a.Transactions, e.From) != i:
			return wrong("its transactions are said to be %v", a.Transactions)
		case !r.holds(e):
			return wrong("%s does not come before %s so", r.h.Name(e.From), r.h.Name(e.To))
		case !strings.Contains(r.Why(e), r.h.Name(e.From)) || !strings.Contains(r.Why(e), r.h.Name(e.To)):
			return wrong("why the first edge is there is told by %q", r.Why(e))
		}
		if counts[isolation.KindName(e.Kind)]++; e.Kind == isolation.RW && after.Kind == isolation.RW && len(a.Cycle) > 1 {
			next++
		}
	}
	base, inSessions := strings.CutSuffix(a.Name, "-process")
	base, inTime := strings.CutSuffix(base, "-realtime")
	if inTime != (counts["rt"] > 0) || (inSessions && counts["process"] == 0) || !inTime && inSessions != (counts["process"] > 0) {
		return wrong("it has %d edges of processes and %d of time", counts["process"], counts["rt"])
	}
	fits := map[string]bool{
		"G0": counts["wr"]+counts["rw"] == 0 && counts["ww"] > 0, "G1c": counts["wr"] > 0 && counts["rw"] == 0, "G-single": counts["rw"] == 1,
		"G-nonadjacent": counts["rw"] > 1 && next == 0, "G2-item": counts["rw"] > 1 && next > 0,
	}
	if !fits[base] {
		return wrong("it has %d ww, %d wr and %d rw, %d of these with another after it", counts["ww"], counts["wr"], counts["rw"], next)
	}
	return checkers.Passed()
}

// holds reports whether one transaction comes before another by an edge of its kind, as far as the two alone tell.
func (r *levelsReport) holds(e isolation.Edge) bool {
	x, y := &r.h.List[e.From], &r.h.List[e.To]
	pairs := func(first, second bool, holds func(p, q *history.Op) bool) bool {
		for _, p := range r.h.Of(e.From) {
			for _, q := range r.h.Of(e.To) {
				if p.Key == q.Key && p.Write == first && q.Write == second && holds(&p, &q) {
					return true
				}
			}
		}
		return false
	}
	sees := func(read, write *history.Op) bool {
		if r.h.Lists {
			return slices.Contains(r.h.ListOf(read), write.Value)
		}
		return read.Value == write.Value
	}
	switch e.Kind {
	case isolation.Session:
		return x.Process == y.Process && e.From < e.To
	case isolation.Time:
		return x.Returned < y.Invoked
	case isolation.WR:
		return pairs(true, false, func(p, q *history.Op) bool { return sees(q, p) })
	case isolation.RW:
		return pairs(false, true, func(p, q *history.Op) bool { return !sees(p, q) })
	default:
		return pairs(true, true, func(p, q *history.Op) bool { return !r.h.Lists || r.grows(p, q) })
	}
}

// grows reports whether one append comes before another: in all lists that were read with the second, and some list has the first.
func (r *levelsReport) grows(first, second *history.Op) bool {
	seen := false
	for tx := range int32(len(r.h.List)) {
		for _, op := range r.h.Of(tx) {
			if op.Write || op.Key != first.Key || r.h.List[tx].Outcome != history.Committed {
				continue
			}
			list := r.h.ListOf(&op)
			p, q := slices.Index(list, first.Value), slices.Index(list, second.Value)
			seen = seen || p >= 0
			if q >= 0 && (p < 0 || p > q) {
				return false
			}
		}
	}
	return seen
}
