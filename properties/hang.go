package properties

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"synchrony/checkers"
	"synchrony/properties/evidence"
)

// watchdogChecker is the name under which a run is reported that does not end in real time.
const watchdogChecker = "watchdog"

// ruleHang is the watchdog's rule.
const ruleHang = "hang"

// mostLooks is how often the watchdog looks at a run in which something moves, before it gives it up. By then one that never ends must have taken so many times as
// long as the longest run of the property that has ended, and as its usual one: the longest may have had to wait for a busy machine.
const (
	mostLooks    = 3
	fewestEnded  = 3 // runs, for that to be said
	timesLongest = 30
	timesUsual   = 1000
)

// durations are how long runs took that have ended.
type durations struct {
	longest time.Duration
	below   [64]int // by n, how many took less than 1<<n nanoseconds, and no less than half of that
	count   int
}

func (d *durations) add(took time.Duration) {
	d.longest = max(d.longest, took)
	d.below[bits.Len64(uint64(took))&63]++
	d.count++
}

// usual is a time that at least half of them did not take.
func (d *durations) usual() time.Duration {
	n := 0
	for k, count := range d.below {
		if n += count; 2*n >= d.count {
			return 1 << k
		}
	}
	return d.longest
}

// guard runs f, which runs the system once, and returns when it has. If f does not return within the property's patience, all goroutines are looked at, and
// again as much later: if none has moved meanwhile, they wait for each other for ever, which is the verdict, with their stacks. What moves may just be slow: it is
// waited for once more. Then it hangs, too, if the runs of the property that ended are much shorter, and it waits neither for time nor for anything outside; else it is
// undecided. A property that has no patience of its own has its run's, and waits for what moves. In all these cases f is left running, and nothing can be said of later runs in this process.
func (p *engine[W, O]) guard(f func()) *checkers.Verdict {
	patience := p.watched()
	if patience <= 0 {
		f()
		return nil
	}
	done := make(chan struct{})
	began := time.Now()
	go func() {
		defer close(done)
		f()
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	var before []string
	for look := 1; ; look++ {
		select {
		case <-done:
			p.took.add(time.Since(began))
			return nil
		case <-timer.C:
		}
		stacks, moving := evidence.Goroutines()
		if !moving && len(stacks) > 0 && slices.Equal(stacks, before) {
			v := hangs(stacks, fmt.Sprintf("the run never ends: for %v nothing has moved, and %s", patience, waiting(len(stacks))))
			return &v
		}
		if look >= mostLooks && p.Patience > 0 {
			v := p.endless(stacks, time.Duration(look)*p.Patience)
			return &v
		}
		before = stacks
		timer.Reset(patience)
	}
}

// endless is the verdict on a run in which something moves after such a time.
func (p *engine[W, O]) endless(stacks []string, after time.Duration) checkers.Verdict {
	outside := slices.ContainsFunc(stacks, func(s string) bool {
		return slices.ContainsFunc([]string{"syscall", "IO wait", "sleep"}, func(state string) bool { return strings.HasPrefix(s, "goroutine ["+state) })
	})
	known := p.took.count >= fewestEnded && after >= timesLongest*p.took.longest && after >= timesUsual*p.took.usual()
	if !known && !(p.brief && p.took.count == 0) || outside {
		return checkers.Undecided("a run did not end within %v, and something in it still moves: it is slow, or never ends: %s", after, placesOf(stacks))
	}
	others := ""
	if p.took.count > 0 {
		others = fmt.Sprintf(", where no other took more than %v", p.took.longest.Round(time.Microsecond))
	}
	return hangs(stacks, fmt.Sprintf("the run has not ended: it has taken %v%s, and it goes on", after, others))
}

// hangs is the verdict on a run that does not end, which begins with what is wrong.
func hangs(stacks []string, what string) checkers.Verdict {
	return checkers.Failed(ruleHang, what+": "+placesOf(stacks), evidence.Bounded(stacks)...)
}

// placesOf is where goroutines are: "running at pool.go:31; chan receive at pool.go:40".
func placesOf(stacks []string) string {
	places := make([]string, 0, len(stacks))
	for _, s := range stacks {
		if where := waitsAt(s); where != "" && !slices.Contains(places, where) {
			places = append(places, where)
		}
	}
	return strings.Join(places, "; ")
}

func waiting(n int) string {
	if n == 1 {
		return "a goroutine waits"
	}
	return fmt.Sprintf("%d goroutines wait", n)
}

// waitsAt is where a goroutine waits, and for what: "chan receive at pool.go:31".
func waitsAt(stack string) string {
	lines := strings.Split(stack, "\n")
	if len(lines) < 3 {
		return ""
	}
	state := strings.TrimSuffix(strings.TrimPrefix(lines[0], "goroutine ["), "]:")
	for i := 2; i < len(lines); i += 2 {
		if place := strings.TrimSpace(lines[i]); !strings.HasPrefix(lines[i-1], "sync.") {
			return state + " at " + place[strings.LastIndexByte(place, '/')+1:]
		}
	}
	return ""
}
