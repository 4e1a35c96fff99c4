package program

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"synchrony/models/text"
)

// ParseWorkload reads a program's text that may also say how to run it:
//
//	.set mode parallel          ; auto, parallel or sequential
//	.set workers 4              ; also chunk_size, min_chunk_size, retries, queue_size
//	.set timeout 30s            ; also cancel_after
//	.set no_fallback true       ; also no_metrics
//	.set steps 1000             ; limits: also memory, call_depth, live_workers, time (virtual ms)
//	.fault fail chunk 2 attempt 0 after 5     ; also hang, panic
//
// Errors are as [Assemble]'s.
func ParseWorkload(file string, src []byte) (*Workload, error) { return assemble(file, src, true) }

// Format returns w's text, which ParseWorkload reads back.
func (w *Workload) Format() string {
	var b strings.Builder
	s := w.Setup
	for _, o := range s.options() {
		if text := o.get(); text != o.zero {
			fmt.Fprintf(&b, ".set %s %s\n", o.name, text)
		}
	}
	for _, f := range s.Faults {
		fmt.Fprintf(&b, ".fault %v chunk %d attempt %d after %d\n", f.Kind, f.Chunk, f.Attempt, f.After)
	}
	return b.String() + Disassemble(w.Program)
}

// String returns the mode as .set writes it.
func (m Mode) String() string {
	switch m {
	case Parallel:
		return "parallel"
	case Sequential:
		return "sequential"
	default:
		return "auto"
	}
}

// String returns the kind as .fault writes it.
func (k FaultKind) String() string {
	switch k {
	case FailAttempt:
		return "fail"
	case HangAttempt:
		return "hang"
	case PanicAttempt:
		return "panic"
	default:
		return fmt.Sprintf("fault %d", uint8(k))
	}
}

// option is one field of a Setup as .set writes it.
type option struct {
	name, zero string
	get        func() string
	set        func(string) bool // false if the text is no value of it
}

func (s *Setup) options() []option {
	return []option{
		{
			"mode", "auto",
			func() string { return s.Mode.String() },
			func(text string) bool {
				for _, m := range []Mode{Auto, Parallel, Sequential} {
					if m.String() == text {
						s.Mode = m
						return true
					}
				}
				return false
			},
		},
		intOption("workers", &s.Workers),
		intOption("chunk_size", &s.ChunkSize),
		intOption("min_chunk_size", &s.MinChunkSize),
		durationOption("timeout", &s.Timeout),
		durationOption("cancel_after", &s.CancelAfter),
		intOption("retries", &s.Retries),
		boolOption("no_fallback", &s.NoFallback),
		boolOption("no_metrics", &s.NoMetrics),
		intOption("queue_size", &s.QueueSize),
		intOption("steps", &s.Limits.Steps),
		intOption("memory", &s.Limits.Memory),
		intOption("call_depth", &s.Limits.CallDepth),
		intOption("live_workers", &s.Limits.Workers),
		intOption("time", &s.Limits.Time),
	}
}

// intOption is a number; whether it makes sense is for the executor to say.
func intOption[T int | int64](name string, field *T) option {
	return option{
		name, "0",
		func() string { return strconv.FormatInt(int64(*field), 10) },
		func(text string) bool {
			n, err := strconv.ParseInt(text, 10, 64)
			*field = T(n)
			return err == nil
		},
	}
}

func durationOption(name string, field *time.Duration) option {
	return option{
		name, "0s",
		func() string { return field.String() },
		func(text string) bool {
			d, err := time.ParseDuration(text)
			*field = d
			return err == nil
		},
	}
}

func boolOption(name string, field *bool) option {
	return option{
		name, "false",
		func() string { return strconv.FormatBool(*field) },
		func(text string) bool {
			*field = text == "true"
			return text == "true" || text == "false"
		},
	}
}

// setting reads what follows .set or .fault.
func (l *line) setting(directive string) {
	if directive == ".fault" {
		l.fault()
		return
	}
	at := l.peek()
	key := l.name("a setting")
	var known []string
	for _, o := range l.a.setup.options() {
		known = append(known, o.name)
		if o.name != key || l.failed {
			continue
		}
		value := l.peek()
		l.pos = len(l.tokens) - 1 // a duration is several tokens
		text := strings.TrimSpace(l.text[value.at:l.peek().at])
		if !o.set(text) {
			l.fail(value, "%q is no value of %s", shorten(text), key)
		}
		return
	}
	l.fail(at, "there is no setting %s%s", shorten(key), text.Suggest(key, slices.Values(known)))
}

func (l *line) fault() {
	var f Fault
	at := l.peek()
	switch name := l.name("fail, hang or panic"); name {
	case "fail":
		f.Kind = FailAttempt
	case "hang":
		f.Kind = HangAttempt
	case "panic":
		f.Kind = PanicAttempt
	default:
		l.fail(at, "expected fail, hang or panic, found %s", shorten(name))
	}
	field := func(word string) int64 {
		if l.failed {
			return 0
		}
		l.expect(word, word)
		return l.integer(word, 0, 1<<31-1)
	}
	f.Chunk = int(field("chunk"))
	f.Attempt = int(field("attempt"))
	f.After = field("after")
	l.a.setup.Faults = append(l.a.setup.Faults, f)
}
