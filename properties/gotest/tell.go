package gotest

import (
	"fmt"
	"go/build"
	"path"
	"slices"
	"strings"

	"synchrony/executor/sched"
	protocol "synchrony/executor/shim/testing"
	"synchrony/properties"
)

// place is a position of the program under test: "file:line function". Files may have spaces in their names; functions have none.
type place struct{ file, line, function string }

func placeOf(position string) place {
	at, function := sched.SplitPosition(position)
	colon := strings.LastIndexByte(at, ':')
	if colon < 0 {
		return place{function: function}
	}
	return place{at[:colon], at[colon+1:], functionName(function)}
}

// functionName is a function as its package names it. Rewritten tests have a prefix.
func functionName(full string) string {
	full = full[strings.LastIndexByte(full, '/')+1:]
	_, name, ok := strings.Cut(full, ".")
	if !ok {
		return full
	}
	return strings.TrimPrefix(name, "Verify_")
}

// describer puts findings into words.
type describer struct {
	names  namer
	source sources
}

// at is a place as "file:line", relative to the folder that was asked for.
func (t *describer) at(position string) string {
	p := placeOf(position)
	if p.file == "" {
		return "an unknown place"
	}
	return t.names.relative(p.file) + ":" + p.line
}

// choices says what was not tried in full, and where.
func (t *describer) choices(list []protocol.DataChoice) string {
	words := make([]string, len(list))
	for i, c := range list {
		if words[i] = c.What; c.Position != "" {
			words[i] += " at " + t.at(c.Position)
		}
	}
	return strings.Join(words, ", ")
}

// waiting are the goroutines that wait at the end of a run that is wrong for just that. In a livelock, those that look for something again and again
// come first.
func waiting(f *protocol.Finding) (list []*protocol.Task) {
	switch f.Kind {
	case protocol.Deadlock, protocol.Leak, protocol.Running:
	case protocol.Livelock:
		for i := range f.Tasks {
			if circles(&f.Tasks[i]) {
				list = append(list, &f.Tasks[i])
			}
		}
	default:
		return nil
	}
	for i := range f.Tasks {
		if s := f.Tasks[i].State; s == "waiting" || s == "asleep" && (f.Leaks || f.Kind == protocol.Running) {
			list = append(list, &f.Tasks[i])
		}
	}
	return list
}

// circles reports whether a goroutine that is left could go on.
func circles(k *protocol.Task) bool { return k.State == "ready" }

// wait is what a goroutine waits for, and where; or where it goes round. objects are what it waits for, by name.
func (t *describer) wait(k *protocol.Task, objects []string) properties.Wait {
	return properties.Wait{Task: k.Name, At: t.at(k.Position), Op: k.Op, Object: strings.Join(objects, ", "), Ready: circles(k)}
}

// held are the goroutines that wait at the end for something to happen, each with who holds what it waits for. A thing has one name in all of them.
func (t *describer) held(f *protocol.Finding) (list []properties.Wait) {
	names := t.objects(f)
	for _, k := range waiting(f) {
		if !circles(k) {
			list = append(list, holding(f, k, t.wait(k, names.all(k.Objects))))
		}
	}
	return list
}

// holding adds to what a goroutine waits for who holds it.
func holding(f *protocol.Finding, k *protocol.Task, w properties.Wait) properties.Wait {
	w.Behind, w.Manner = k.Behind, k.Manner
	for _, by := range holdersOf(f, k) {
		w.Holders = append(w.Holders, by.Name)
	}
	return w
}

// holdersOf are the goroutines that hold what another waits for, if that is one thing; none of who waits behind one that waits to write.
func holdersOf(f *protocol.Finding, k *protocol.Task) (list []*protocol.Task) {
	if k.Behind != "" || len(k.Objects) != 1 {
		return nil
	}
	for i := range f.Tasks {
		if slices.Contains(f.Tasks[i].Holds, k.Objects[0]) {
			list = append(list, &f.Tasks[i])
		}
	}
	return list
}

// maxNamed is how many goroutines a reason names.
const maxNamed = 3

// reason says in one line what is wrong. The evidence has what it leaves out.
func (t *describer) reason(f *protocol.Finding) string {
	text, more := t.whole(f), " …"
	line, _, several := strings.Cut(strings.TrimSpace(text), "\n")
	if !several {
		more = ""
	}
	return strings.TrimSpace(line) + more
}

// whole says what is wrong, in as many lines as the test has for it.
func (t *describer) whole(f *protocol.Finding) string {
	switch f.Kind {
	case protocol.Deadlock, protocol.Livelock, protocol.Leak, protocol.Running:
		var words []string
		list := waiting(f)
		names := t.objects(f)
		for _, k := range list[:min(len(list), maxNamed)] {
			words = append(words, t.wait(k, names.at(k.Objects, k.Position, k.Op)).String())
		}
		if more := len(list) - maxNamed; more > 0 {
			words = append(words, fmt.Sprintf("and %d more", more))
		}
		start := "no goroutine can go on: "
		switch f.Kind {
		case protocol.Livelock:
			start = "the run does not end, and nothing changes any more: "
		case protocol.Leak:
			start = "the test has ended, and what is left waits for ever: "
		case protocol.Running:
			start = "the test has ended, and goroutines go on that may end yet (--leaks makes them failures): "
		}
		if len(words) == 0 {
			return f.Message
		}
		return start + strings.Join(words, "; ")
	case protocol.Panic:
		if f.Position != "" {
			return f.Message + ", at " + t.at(f.Position)
		}
	case protocol.Race:
		if sides := sidesOf(f); len(sides) == 2 {
			return fmt.Sprintf("%s at %s and %s at %s are not ordered", sides[0].access, t.at(sides[0].position), sides[1].access, t.at(sides[1].position))
		}
	}
	return f.Message
}

// position is the line of the user's that a finding is about: "file:line"; empty if that is not known.
func (t *describer) position(f *protocol.Finding) string {
	at := ""
	switch f.Kind {
	case protocol.Deadlock, protocol.Livelock, protocol.Leak:
		for _, k := range waiting(f) {
			if at = k.Position; k.Number != 0 { // what the test itself waits for is rarely the cause
				break
			}
		}
	case protocol.Panic, protocol.Failed:
		at = f.Position
	case protocol.Race:
		if sides := sidesOf(f); len(sides) > 0 {
			at = sides[0].position
		}
	}
	if at == "" {
		return ""
	}
	return t.at(at)
}

// evidence says in lines what shows it.
func (t *describer) evidence(f *protocol.Finding) (lines []string) {
	if f.Subtest != "" {
		lines = append(lines, "in "+f.Subtest)
	}
	if f.Kind == protocol.Race {
		lines = t.race(f)
	} else {
		names := t.objects(f)
		for _, k := range waiting(f) {
			lines = append(lines, t.waits(f, k, names))
		}
		if circle := properties.Circle(t.held(f)); circle != "" {
			lines = append(lines, circle)
		}
	}
	if f.Kind == protocol.Panic {
		if strings.Contains(f.Message, "\n") {
			lines = append(lines, indented(f.Message)...)
		}
		lines = append(lines, t.stack(f)...)
	}
	for _, l := range f.Log {
		if f.Kind == protocol.Failed && len(f.Log) == 1 && l == f.Message && !strings.Contains(l, "\n") {
			break // the reason says it
		}
		lines = append(lines, indented("it logged: "+l)...)
	}
	if f.Cut > 0 {
		lines = append(lines, fmt.Sprintf("and %d more entries", f.Cut))
	}
	return lines
}

// waits says where a goroutine waits, who holds what it waits for, and what it holds itself.
func (t *describer) waits(f *protocol.Finding, k *protocol.Task, names *objectNames) string {
	w := holding(f, k, t.wait(k, names.at(k.Objects, k.Position, k.Op)))
	w.Function = placeOf(k.Position).function
	if k.Started != "" {
		w.Started = t.at(k.Started)
	}
	for _, o := range k.Holds {
		w.Holds = append(w.Holds, names.held(f, k.Number, o))
	}
	return w.String()
}

// side is one of the two accesses of a race.
type side struct {
	access   string // "read", "write"
	position string
	frames   []string // positions, from the innermost outwards
	// behalf says that the access was made on the program's behalf, as those of wait groups and channels are. The detector then does not
	// know the function that asked for it, only its callers.
	behalf bool
	isStep bool // a step of the run, which has a row
}

// raceSides reads the two accesses from a report of the race detector. Frames of the runtime under the test, and of the
// standard library, are left out.
func raceSides(report string) (sides []side) {
	lines := strings.Split(report, "\n")
	for i, l := range lines {
		access, _, ok := strings.Cut(l, " at 0x")
		access = strings.ToLower(access)
		if kind := access[strings.LastIndexByte(access, ' ')+1:]; !ok || kind != "read" && kind != "write" {
			continue
		}
		s := side{access: "a " + access, behalf: i+2 < len(lines) && framePosition(lines[i+1], lines[i+2]) == ""}
		for j := i + 1; j+1 < len(lines) && strings.HasPrefix(lines[j], "  "); j += 2 {
			if p := framePosition(lines[j], lines[j+1]); p != "" {
				s.frames = append(s.frames, p)
			}
		}
		if len(s.frames) > 0 {
			s.position = s.frames[0]
		}
		sides = append(sides, s)
	}
	return sides
}

// framePosition is a frame of the user's code as a position: of a function's line, and the line after it. It is empty for other frames.
func framePosition(function, at string) string {
	function = strings.TrimSpace(function)
	if i := strings.LastIndexByte(function, '('); i > 0 {
		function = function[:i]
	}
	at, _, _ = strings.Cut(strings.TrimSpace(at), " +0x")
	file := at[:max(strings.LastIndexByte(at, ':'), 0)]
	if strings.HasPrefix(function, "verify.invalid/") || file == "" || file == "<autogenerated>" || path.Base(file) == "_testmain.go" ||
		strings.HasPrefix(file, build.Default.GOROOT+"/src/") {
		return ""
	}
	return at + " " + function
}

// race tells of the accesses and the stacks that led to them.
func (t *describer) race(f *protocol.Finding) (lines []string) {
	for _, s := range sidesOf(f) {
		for i, frame := range s.frames {
			p := placeOf(frame)
			if i == 0 {
				lines = append(lines, fmt.Sprintf("%s in %s at %s", s.access, p.function, t.at(frame)))
			} else {
				lines = append(lines, fmt.Sprintf("  called by %s at %s", p.function, t.at(frame)))
			}
		}
	}
	return lines
}

// stack is that of a panic, as far as it is the user's.
func (t *describer) stack(f *protocol.Finding) (lines []string) {
	stack := strings.Split(f.Stack, "\n")
	seen, from := f.Position == "", placeOf(f.Position)
	for i := 0; i+1 < len(stack); i++ {
		if !strings.HasPrefix(stack[i+1], "\t") || strings.HasPrefix(stack[i], "created by ") {
			continue
		}
		p := framePosition(stack[i], stack[i+1])
		if p == "" {
			continue
		}
		frame := placeOf(p)
		seen = seen || frame.file == from.file && frame.line == from.line
		if seen {
			lines = append(lines, fmt.Sprintf("%s at %s", frame.function, t.at(p)))
		}
	}
	return lines
}

// indented is a text as lines, of which all but the first are indented.
func indented(text string) []string {
	return strings.Split(strings.ReplaceAll(text, "\n", "\n  "), "\n")
}
