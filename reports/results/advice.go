package results

import (
	"fmt"
	"time"

	"synchrony/reports"
)

// advice says what would have decided properties that are inconclusive because they never met what they are about: so many
// cases, and how long these take here. More of them do not help where something could not be judged.
func (t *Text) advice(run *Run) {
	enough, short := 0, 0
	for i := range run.Properties {
		p := &run.Properties[i]
		if p.Status() == reports.Inconclusive && p.Result.Unknown == 0 && len(p.Result.Unmet()) > 0 && p.Result.Cases < p.Info.Enough {
			enough = max(enough, p.Info.Enough)
			short++
		}
	}
	if short == 0 || run.Interrupted || t.tests {
		return
	}
	it := fmt.Sprintf("what has to happen usually has by %d cases: ", enough)
	takes := run.estimate(enough)
	switch {
	case (run.Iterations == 0 || run.short() > 0) && takes == 0:
		it += "give it more --time"
	case run.Iterations == 0 || run.short() > 0:
		it += fmt.Sprintf("try --time %v", takes)
	case takes > 0:
		it += fmt.Sprintf("try -n %d, which takes about %v here", enough, takes)
	default:
		it += fmt.Sprintf("try -n %d", enough)
	}
	t.Printf("%s\n", it)
}

// fewestTimed is from how many cases of a property on it is said how long more of them take: the first few pay for what is
// made once, and are larger or smaller than most by chance.
const fewestTimed = 5

// estimate is how long so many cases of each property would take, from what those took that were run; 0 if that is not
// known. It is a round number of seconds. A property that failed ends at the same case again.
func (r *Run) estimate(cases int) time.Duration {
	need, spent, shrinking := 0.0, 0.0, 0.0
	for i := range r.Properties {
		res := &r.Properties[i].Result
		if len(res.Failures) > 0 && !r.KeepGoing {
			spent += res.Seconds
			need += res.Seconds
			continue
		}
		if res.Cases < fewestTimed {
			return 0
		}
		seconds := res.Seconds
		for k := range res.Failures { // to shrink them takes no more time for more cases
			seconds = max(0, seconds-res.Failures[k].Shrunk)
		}
		spent += seconds
		shrinking += res.Seconds - seconds
		need += seconds / float64(res.Cases) * float64(cases)
	}
	if spent == 0 || r.Elapsed <= 0 {
		return 0
	}
	s := time.Duration((need + shrinking) / (spent + shrinking) * r.Elapsed.Seconds() * float64(time.Second)).Round(time.Second)
	return max(s, time.Second)
}
