package command

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"synchrony/executor/sched"
	"synchrony/models/schedule"
	"synchrony/models/text"
	"synchrony/properties"
	"synchrony/reports"
)

// stepHelp says what can be said to a walk.
const stepHelp = `  n [COUNT]   forwards, by one step or as many; so does an empty line
  b [COUNT]   backwards
  NUMBER      to that step
  d           to the next step at which the schedule leaves the default; from the last, to the first
  t NAME      to the next step of that task, such as "t worker 1"
  l           the steps around this one
  e           to the end
  q           end
`

// stepThrough is verify replay FILE --step: a walk through the execution of a counterexample, led by lines of standard input.
func (a *app) stepThrough(ctx context.Context, file string) error {
	c, walk, err := a.walk(ctx, file)
	if err != nil {
		return err
	}
	s := &stepper{Walk: walk, out: reports.NewPrinter(a.stdout), prompt: isTerminal(a.stdout)}
	s.out.Printf("%s: %s\n%s; h says what you can do\n\n", c.Property, c.Reason, text.Plural(len(walk.Steps), "step"))
	s.deviation() // where it becomes interesting
	s.show()
	if err := s.lead(ctx, a.stdin); err != nil {
		return err
	}
	if !walk.Reproduced {
		return exit(exitNotReproduced)
	}
	return exit(exitViolated)
}

// stepper is a walk, and where it is.
type stepper struct {
	*properties.Walk
	out    reports.Printer
	prompt bool
	at     int // the step that comes next; len(Steps) is the end
}

// lead does what the lines say, until they end, one says so, or ctx is done.
func (s *stepper) lead(ctx context.Context, from io.Reader) error {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for in := bufio.NewScanner(from); in.Scan(); {
			select {
			case lines <- in.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		if s.prompt {
			s.out.Printf("(step %d) ", s.at)
		}
		select {
		case <-ctx.Done():
			return nil
		case line, more := <-lines:
			if !more || strings.TrimSpace(line) == "q" {
				return s.out.Err()
			}
			if err := s.do(strings.TrimSpace(line)); err != nil {
				s.out.Printf("%v; h says what you can do\n", err)
			}
		}
	}
}

// do does what one line says.
func (s *stepper) do(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch word {
	case "h", "help", "?":
		s.out.Printf("%s", stepHelp)
		return nil
	case "l":
		s.list()
		return nil
	}
	count := 1
	if n, err := strconv.Atoi(rest); err == nil {
		count = n
	} else if rest != "" && word != "t" {
		return fmt.Errorf("%q is no number", rest)
	}
	switch word {
	case "", "n":
		s.goTo(s.at + count)
	case "b":
		s.goTo(s.at - count)
	case "e":
		s.goTo(len(s.Steps))
	case "d":
		s.deviation()
	case "t":
		if err := s.task(rest); err != nil {
			return err
		}
	default:
		n, err := strconv.Atoi(word)
		if err != nil || n < 0 || n > len(s.Steps) {
			return fmt.Errorf("%q is no command, and no step from 0 to %d", word, len(s.Steps))
		}
		s.goTo(n)
	}
	s.show()
	return nil
}

func (s *stepper) goTo(n int) { s.at = min(max(n, 0), len(s.Steps)) }

// deviation goes to the next step at which the schedule leaves the default, if there is one.
func (s *stepper) deviation() {
	for k := range s.Steps {
		if at := (s.at + 1 + k) % len(s.Steps); s.Deviates[at] {
			s.at = at
			return
		}
	}
}

// task goes to the next step of a task.
func (s *stepper) task(name string) error {
	if !slices.Contains(s.Tasks, name) {
		return fmt.Errorf("there is no task %q, only %s", name, strings.Join(s.Tasks, ", "))
	}
	if k := s.next(int32(slices.Index(s.Tasks, name)), s.at+1); k >= 0 {
		s.at = k
		return nil
	}
	return fmt.Errorf("%s takes no step after this one", name)
}

// next is the next step of a task, from a step on; -1 if there is none.
func (s *stepper) next(task int32, from int) int {
	for k := from; k < len(s.Steps); k++ {
		if s.Steps[k].Task == task {
			return k
		}
	}
	return -1
}

// show tells what comes next, and where every task is that has begun.
func (s *stepper) show() {
	now := int32(-2) // nobody
	if s.at == len(s.Steps) {
		s.out.Printf("the end, after %s", text.Plural(len(s.Steps), "step"))
		if s.Ended != "" {
			s.out.Printf(": %s", s.Ended)
		}
		s.out.Printf("\n")
	} else {
		now = s.Steps[s.at].Task
		s.out.Printf("step %d of %d: %s %s", s.at, len(s.Steps), s.Name(now), s.Deeds[s.at])
		if s.Deviates[s.at] {
			s.out.Printf("   * by default another task would go on")
		}
		s.out.Printf("\n")
	}
	for task := range int32(len(s.Tasks)) {
		s.showTask(task, task == now)
	}
}

// showTask tells where a task is that has begun and not ended.
func (s *stepper) showTask(task int32, now bool) {
	began := slices.ContainsFunc(s.Steps[:s.at], func(x schedule.Step) bool { return x.Task == task })
	mark := "   "
	if now {
		mark = " > "
	}
	if k := s.next(task, s.at); k >= 0 {
		switch {
		case now:
			s.out.Printf("%s%s\n", mark, s.Name(task))
		case !began:
			return
		default:
			s.out.Printf("%s%s is before its step %d: %s\n", mark, s.Name(task), k, s.Deeds[k])
		}
		s.frames(s.Stacks[k])
		return
	}
	for _, w := range s.Left {
		if w.Task == task {
			if s.at == len(s.Steps) && w.End != "" {
				s.out.Printf("%s%s\n", mark, w.End)
			} else {
				s.out.Printf("%s%s has taken its last step, and %s\n", mark, s.Name(task), w.Does)
			}
			s.frames(w.Stack)
		}
	}
}

// mostFrames is how many frames of a stack are shown.
const mostFrames = 4

// frames shows a stack with its lines of source, as far as they can be read.
func (s *stepper) frames(stack []string) {
	for _, f := range stack[:min(len(stack), mostFrames)] {
		file, function := sched.SplitPosition(f)
		s.out.Printf("       %-22s %s\n", path.Base(file), function)
		if line := properties.SourceLine(file); line != "" {
			s.out.Printf("         | %s\n", line)
		}
	}
	if n := len(stack) - mostFrames; n > 0 {
		s.out.Printf("       … %s\n", text.Plural(n, "more frame"))
	}
}

// list shows the steps around.
func (s *stepper) list() {
	const around = 6
	for k := max(s.at-around, 0); k < min(s.at+around+1, len(s.Steps)); k++ {
		mark := " "
		if k == s.at {
			mark = ">"
		}
		if s.Deviates[k] {
			mark += "*"
		}
		s.out.Printf("%-2s %4d  %s %s\n", mark, k, s.Name(s.Steps[k].Task), s.Deeds[k])
	}
}
