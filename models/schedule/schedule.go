package schedule

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Deviation is one choice that differs from the default: at decision Step, the
// Skip-th alternative of the ordered enabled list is taken instead of the
// first. The list is: the current task if it is enabled, then the others
// round-robin from it, the clock last.
type Deviation struct {
	Step int // counted over all scheduling decisions, from 0
	Skip int // ≥ 1
}

// Schedule is a run's deviations from the default schedule, in step order, with
// the hash of the trace they led to. The zero Schedule is the default one,
// not held to any trace.
type Schedule struct {
	Deviations []Deviation
	Hash       uint64 // FNV-1a over the steps and the enabled sets; 0 is unknown
	Steps      int    // how many decisions the run took; 0 is unknown
}

// String is the schedule's text form: its deviations, each as step+skip, then
// the number of steps and the hash, if they are known: "12+1 40+2 steps 57 hash
// 9f3a6c0d51e2b748". The default schedule has the word "default" in place of
// deviations.
func (s Schedule) String() string {
	var words []string
	for _, d := range s.Deviations {
		words = append(words, fmt.Sprintf("%d+%d", d.Step, d.Skip))
	}
	if len(words) == 0 {
		words = append(words, "default")
	}
	if s.Hash != 0 {
		words = append(words, fmt.Sprintf("steps %d hash %016x", s.Steps, s.Hash))
	}
	return strings.Join(words, " ")
}

// ParseSchedule reads the text form of a schedule.
func ParseSchedule(text string) (Schedule, error) {
	var s Schedule
	words := strings.Fields(text)
	if len(words) == 0 {
		return s, errors.New("the schedule is empty: want \"default\" or deviations like 12+1")
	}
	if words[0] == "default" {
		words = words[1:]
	}
	last := -1
	for len(words) > 0 && words[0] != "steps" {
		step, skip, ok := strings.Cut(words[0], "+")
		n, err1 := strconv.Atoi(step)
		k, err2 := strconv.Atoi(skip)
		if !ok || err1 != nil || err2 != nil || k < 1 || n <= last {
			return Schedule{}, fmt.Errorf("%q is no deviation of the schedule: want step+skip with ascending steps, like 12+1", words[0])
		}
		s.Deviations = append(s.Deviations, Deviation{Step: n, Skip: k})
		last, words = n, words[1:]
	}
	if len(words) == 0 {
		return s, nil
	}
	var err1, err2 error
	if len(words) == 4 && words[2] == "hash" {
		s.Steps, err1 = strconv.Atoi(words[1])
		s.Hash, err2 = strconv.ParseUint(words[3], 16, 64)
	}
	if err1 != nil || err2 != nil || s.Hash == 0 || s.Steps < 0 {
		return Schedule{}, fmt.Errorf("%q does not end a schedule: want steps N hash H", strings.Join(words, " "))
	}
	return s, nil
}
