package vm

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"synchrony/generators/choice"
	"synchrony/generators/programs"
	"synchrony/models/program"
	"synchrony/properties"
)

// session is what one machine is asked for: rounds of runs, one round after another, and the runs of a round at once.
type session struct {
	Setup    program.Setup
	Programs []*program.Program
	Rounds   []round
}

// round is the runs of some programs, by number, at the same time.
type round struct {
	Runs      []int
	Cancelled bool // by their caller, before they begin
}

// workload is the i-th program of a session, with the session's setup.
func (s *session) workload(i int) program.Workload {
	return program.Workload{Program: s.Programs[i], Setup: s.Setup}
}

// sessionStep is one step of a session: variants of one program in successive rounds.
type sessionStep struct {
	base, variant uint64 // of stepBits
	atOnce        int
	cancelled     bool
	times         int
}

const stepBits = 4

// sessions draws sessions of few programs, which are alike but for their constants: what a machine takes for the same program must be.
// Long ones run more programs than a machine remembers.
func sessions(long bool) *rapid.Generator[session] {
	calm := with(programs.AnyProgram(), func(o *programs.Options) {
		o.Faults, o.JoinLimit, o.RunLimit, o.Limits, o.Racy, o.MaxStatements, o.LargeStatements, o.MaxSteps = 0, 0, 0, 0, 0, 8, 0, 400
	})
	bases := workloads(calm)
	times := []int{1}
	if long {
		times = []int{1, 66, 70}
	}
	return rapid.Custom(func(t *rapid.T) session {
		from := choice.From(t)
		steps := drawSteps(from, times)
		lasting, at := choice.Chance(from, 10) && !long, int(from.Bits(8))
		var drawn []program.Workload
		for range 1 + choice.Below(from, 3) {
			drawn = append(drawn, bases.Draw(t, "program"))
		}
		s := session{Setup: drawn[0].Setup}
		variants := 3
		if lasting {
			drawn[0].Program, variants = withLoop(drawn[0].Program, at), 1
			if choice.Chance(from, 50) {
				s.Setup.Timeout = 1
			}
		}
		runs := s.play(drawn, steps, variants)
		s.Setup.Limits.Steps = min(variantSteps, sessionSteps/int64(runs))
		if lasting {
			s.Setup.Limits.Steps = lastingSteps
		}
		return s
	})
}

// variantSteps is the limit of programs that end: of a variant with other numbers it is not known that it does.
const variantSteps = 1000

// sessionSteps bounds the steps of all runs of a session together, of which each may be a loop that forks: the whole session must be
// over before a run is taken for one that does not end.
const sessionSteps = 9_000

// lastingSteps is the limit of programs without an end: they look several times whether they are to stop. All that they do for ever
// is to jump: variants, which may do anything for ever, are not drawn beside them.
const lastingSteps = 20_000

func drawSteps(from choice.Source, times []int) []sessionStep {
	var steps []sessionStep
	size := choice.Length{Min: 1, Max: 4}
	for more := true; more; {
		from.Group(func(from choice.Source) {
			if more = size.More(from, len(steps)); more {
				steps = append(steps, sessionStep{
					base: from.Bits(stepBits), variant: from.Bits(stepBits), atOnce: 1 + choice.Pick(from, 3, 1, 4),
					cancelled: choice.Chance(from, 12), times: times[choice.Below(from, len(times))],
				})
			}
		})
	}
	return steps
}

// maxRounds bounds the rounds of a session.
const maxRounds = 75

// play makes the rounds, and returns how many runs they have. Each execution of a step is of a variant of its own; if there is one
// variant, that is the program.
func (s *session) play(drawn []program.Workload, steps []sessionStep, variants int) (runs int) {
	known := map[[2]int]int{}
	number := func(base, variant int) int {
		if variants == 1 {
			variant = 0
		}
		key := [2]int{base, variant}
		i, ok := known[key]
		if !ok {
			i = len(s.Programs)
			known[key] = i
			s.Programs = append(s.Programs, variantOf(drawn[base].Program, int64(variant)))
		}
		return i
	}
	for _, st := range steps {
		base, first := choice.Scale(st.base, stepBits, len(drawn)), choice.Scale(st.variant, stepBits, variants)
		for k := range min(st.times, maxRounds-len(s.Rounds)) {
			r := round{Cancelled: st.cancelled}
			for i := range st.atOnce {
				r.Runs = append(r.Runs, number(base, first+k+i%2))
			}
			s.Rounds = append(s.Rounds, r)
			runs += len(r.Runs)
		}
	}
	return runs
}

// variantOf is a program that is p but for its numbers, which are larger; p itself if they are larger by nothing.
func variantOf(p *program.Program, by int64) *program.Program {
	if by == 0 {
		return p
	}
	c := *p
	c.Constants, c.Expect = slices.Clone(p.Constants), nil
	for i, v := range c.Constants {
		if v.Kind() == program.IntKind && v.AsInt() < 1<<40 {
			c.Constants[i] = program.Int(v.AsInt() + by)
		}
	}
	if distinct(c.Constants) {
		return &c
	}
	return p
}

// distinct reports whether no constant is there twice: a program with one that is has another text.
func distinct(cs []program.Value) bool {
	seen := map[string]bool{}
	for _, v := range cs {
		text := v.String()
		if seen[text] {
			return false
		}
		seen[text] = true
	}
	return true
}

// sessionCodec is the text form of a session: a file for each program, with the setup, and one that lists the rounds.
var sessionCodec = properties.Codec[session]{Format: formatSession, Parse: parseSession}

const roundsFile = "rounds"

func sessionFile(i int) string { return fmt.Sprintf("%03d.zxasm", i) }

func formatSession(s session) ([]txtar.File, error) {
	var text strings.Builder
	for _, r := range s.Rounds {
		line := "at once"
		if r.Cancelled {
			line = "cancelled"
		}
		for _, i := range r.Runs {
			line += " " + strconv.Itoa(i)
		}
		text.WriteString(line + "\n")
	}
	files := []txtar.File{{Name: roundsFile, Data: []byte(text.String())}}
	for i := range s.Programs {
		w := s.workload(i)
		files = append(files, txtar.File{Name: sessionFile(i), Data: []byte(w.Format())})
	}
	return files, nil
}

func parseSession(files []txtar.File) (session, error) {
	var s session
	if len(files) == 0 || files[0].Name != roundsFile {
		return s, fmt.Errorf("the first file must be %q: it lists which programs run at once, a round on each line", roundsFile)
	}
	for i, f := range files[1:] {
		if f.Name != sessionFile(i) {
			return s, fmt.Errorf("the file %q is not known: the next program is %s", f.Name, sessionFile(i))
		}
		w, err := program.ParseWorkload(f.Name, f.Data)
		if err != nil {
			return s, err
		}
		s.Setup, s.Programs = w.Setup, append(s.Programs, w.Program)
	}
	for line := range strings.Lines(string(files[0].Data)) {
		r, err := parseRound(strings.TrimSpace(line), len(s.Programs))
		if err != nil {
			return s, fmt.Errorf("%s: %w", roundsFile, err)
		}
		s.Rounds = append(s.Rounds, r)
	}
	return s, nil
}

func parseRound(line string, known int) (round, error) {
	rest, cancelled := strings.CutPrefix(line, "cancelled")
	if !cancelled {
		var ok bool
		if rest, ok = strings.CutPrefix(line, "at once"); !ok {
			return round{}, fmt.Errorf("%q does not begin with \"at once\" or \"cancelled\"", line)
		}
	}
	r := round{Cancelled: cancelled}
	for field := range strings.FieldsSeq(rest) {
		i, err := strconv.Atoi(field)
		if err != nil || i < 0 || i >= known {
			return round{}, fmt.Errorf("%q is not the number of a program: there are %d, from 0", field, known)
		}
		r.Runs = append(r.Runs, i)
	}
	if len(r.Runs) == 0 {
		return round{}, fmt.Errorf("%q names no program", line)
	}
	return r, nil
}
