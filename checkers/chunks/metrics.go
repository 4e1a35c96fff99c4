package chunks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"synchrony/checkers"
	"synchrony/models/program"
	"synchrony/models/trace"
)

// Metrics decides whether the figures of a run are complete and add up: they count the
// events that were seen, the times fit into each other, and nothing is claimed that was
// not measured; one run measures no speedup. The rules name the figure.
func Metrics() checkers.OfProgram { return ruled("metrics", checkMetrics) }

func checkMetrics(r *run) verdict {
	m := &r.seen.Metrics
	if r.setup.NoMetrics || r.seen.End == trace.ProgramRefused {
		if !blank(m) {
			return checkers.Failed("unwanted metrics", "there are to be no metrics, and some figure is not zero")
		}
		return checkers.Passed()
	}
	if m.Speedup != 0 || m.Efficiency != 0 {
		return checkers.Failed("unmeasured speedup",
			fmt.Sprintf("a speedup of %v and an efficiency of %v are claimed, and there was no sequential run to compare with", m.Speedup, m.Efficiency))
	}
	if m.Total < 0 || m.Parallel < 0 || m.Merge < 0 || m.Parallel+m.Merge > m.Total {
		return checkers.Failed("times", fmt.Sprintf("%v in parallel and %v for merging do not fit into %v in all", m.Parallel, m.Merge, m.Total))
	}
	if span := r.chunkTime(); m.Parallel < span {
		return checkers.Failed("times", fmt.Sprintf("%v in parallel are claimed, and the chunks took %v from first to last", m.Parallel, span))
	}
	if v := r.checkWorkers(); v.Status != checkers.Pass {
		return v
	}
	return r.checkCounts()
}

// chunkTime is the time from the first attempt's beginning to the last one's end.
func (r *run) chunkTime() time.Duration {
	var begin, end time.Duration
	seen := false
	for _, e := range r.seen.Events {
		switch e.Kind {
		case trace.ChunkMerge, trace.ChunkFallback:
			continue
		}
		if !seen {
			begin, seen = e.Time, true
		}
		begin, end = min(begin, e.Time), max(end, e.Time)
	}
	return end - begin
}

func blank(m *trace.ProgramMetrics) bool {
	return m.Total|m.Parallel|m.Merge == 0 && m.Chunks|m.Workers|m.Succeeded|m.Failed|m.Retried|m.Abandoned|m.Fallbacks == 0 &&
		m.Speedup == 0 && m.Efficiency == 0 && len(m.Errors) == 0
}

// checkWorkers holds the number of workers against the setup and the events.
func (r *run) checkWorkers() verdict {
	want := r.setup.Workers
	if len(r.seen.Chunks) == 0 {
		want = 1
	}
	if want > 0 && r.seen.Metrics.Workers != want { // 0 is as many as there are CPUs
		return checkers.Failed("workers", fmt.Sprintf("there should be %d workers, and the metrics say %d", want, r.seen.Metrics.Workers))
	}
	for i := range r.seen.Events {
		if e := &r.seen.Events[i]; e.Worker < 0 || int(e.Worker) >= r.seen.Metrics.Workers {
			return checkers.Failed("workers", fmt.Sprintf("an event names worker %d of %d", e.Worker, r.seen.Metrics.Workers), describe(e))
		}
	}
	return checkers.Passed()
}

// checkCounts holds the counts against the events.
func (r *run) checkCounts() verdict {
	m := &r.seen.Metrics
	var count [trace.ChunkFallback + 1]int
	retried := 0
	for _, e := range r.seen.Events {
		if int(e.Kind) < len(count) {
			count[e.Kind]++
		}
		if e.Kind == trace.ChunkStart && e.Attempt > 0 {
			retried++
		}
	}
	failed := count[trace.ChunkFail] + count[trace.ChunkPanic] + count[trace.ChunkTimeout]
	sequential := 0 // full fallbacks show in the mode, too
	if len(r.seen.Chunks) > 0 && r.seen.Mode == program.Sequential {
		sequential = 1
	}
	for _, f := range []struct {
		rule        string
		got         int
		least, most int
	}{
		{"chunks", m.Chunks, len(r.seen.Chunks), len(r.seen.Chunks)},
		{"succeeded", m.Succeeded, count[trace.ChunkSucceed], count[trace.ChunkSucceed]},
		{"failed", m.Failed, failed, failed},
		{"abandoned", m.Abandoned, count[trace.ChunkAbandon], count[trace.ChunkAbandon]},
		{"retried", m.Retried, retried, r.mostRetries(retried, failed)},
		{"fallbacks", m.Fallbacks, sequential, min(sequential, count[trace.ChunkFallback])},
		{"errors", len(m.Errors), failed, failed},
	} {
		if f.got < f.least || f.got > f.most {
			return checkers.Failed(f.rule, fmt.Sprintf("the metrics say %s: %d, and the events show %d", f.rule, f.got, f.least))
		}
	}
	return r.checkErrors()
}

// checkErrors looks for an error of each attempt that failed, with the numbers of its chunk and of the attempt.
func (r *run) checkErrors() verdict {
	left := slices.Clone(r.seen.Metrics.Errors)
	for i := range r.seen.Events {
		e := &r.seen.Events[i]
		if e.Kind != trace.ChunkFail && e.Kind != trace.ChunkPanic && e.Kind != trace.ChunkTimeout {
			continue
		}
		at := slices.IndexFunc(left, func(text string) bool {
			return numbered(text, "chunk", e.Chunk) && numbered(text, "attempt", e.Attempt)
		})
		if at < 0 {
			return checkers.Failed("errors", "no error of the metrics names the chunk and the attempt of one that failed", describe(e))
		}
		left = slices.Delete(left, at, at+1)
	}
	return checkers.Passed()
}

// numbered reports whether a text has a word with that number behind it.
func numbered(text, word string, number int32) bool {
	words := strings.FieldsFunc(text, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	for i := range len(words) - 1 {
		if words[i] == word && words[i+1] == strconv.Itoa(int(number)) {
			return true
		}
	}
	return false
}

// mostRetries is how many retries may be counted: a run that is stopped may decide on one
// and not begin it.
func (r *run) mostRetries(begun, failed int) int {
	if r.seen.End == trace.ProgramRan && r.seen.Mode == program.Parallel {
		return begun
	}
	return failed
}
