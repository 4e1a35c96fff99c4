package program

import (
	"fmt"
	"strconv"
	"strings"
)

// Expectation is what a program's text says its run gives:
//
//	.expect result 42
//	.expect var x = [1, 2]       ; a global at the end
//	.expect shared n = 3
//	.expect output "a line"      ; the lines, in order, are the whole output
//	.expect silence              ; no output at all
//	.expect error division by zero [at FUNCTION+PC]
//
// A run is expected to succeed unless an error is named.
type Expectation struct {
	Result    *Value    // nil if not said
	Variables []Binding // each must have that value at the end; others are free
	Shared    []Binding
	Output    []string  // the whole output, if HasOutput
	HasOutput bool      // there was an .expect output, or .expect silence
	Error     ErrorKind // 0: the run succeeds
	Function  string    // the error's function and instruction; empty if not said
	PC        int
}

// Check returns what differs from the expectation, a sentence for each; none if nothing does.
func (e *Expectation) Check(o Outcome) []string {
	var wrong []string
	differ := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	switch {
	case e.Error == 0 && o.Err != nil:
		differ("unexpected error: %v", o.Err)
	case e.Error != 0 && o.Err == nil:
		differ("expected the error %v, but the run succeeded", e.Error)
	case e.Error != 0 && o.Err.Kind != e.Error:
		differ("expected the error %v, not: %v", e.Error, o.Err)
	case e.Function != "" && o.Err != nil && (o.Err.Name != e.Function || o.Err.PC != e.PC):
		differ("expected the error at %s+%d, not: %v", e.Function, e.PC, o.Err)
	}
	if e.Result != nil && !Identical(*e.Result, o.Result) {
		differ("the result is %v, not %v", o.Result, *e.Result)
	}
	checkBindings("variable", e.Variables, o.Variables, differ)
	checkBindings("shared variable", e.Shared, o.Shared, differ)
	if e.HasOutput {
		checkOutput(e.Output, o.Output, differ)
	}
	return wrong
}

func checkBindings(what string, expected, actual []Binding, differ func(string, ...any)) {
	values := make(map[string]Value, len(actual))
	for _, b := range actual {
		values[b.Name] = b.Value
	}
	for _, b := range expected {
		if v, ok := values[b.Name]; !ok {
			differ("%s %s has no value, not %v", what, b.Name, b.Value)
		} else if !Identical(v, b.Value) {
			differ("%s %s is %v, not %v", what, b.Name, v, b.Value)
		}
	}
}

func checkOutput(expected, actual []string, differ func(string, ...any)) {
	for i := range max(len(expected), len(actual)) {
		switch {
		case i >= len(actual):
			differ("output line %d, %q, is missing", i+1, expected[i])
			return
		case i >= len(expected):
			differ("output line %d, %q, was not expected", i+1, actual[i])
			return
		case actual[i] != expected[i]:
			differ("output line %d is %q, not %q", i+1, actual[i], expected[i])
			return
		}
	}
}

// format writes the directives.
func (e *Expectation) format(b *strings.Builder) {
	line := func(format string, args ...any) { fmt.Fprintf(b, ".expect "+format+"\n", args...) }
	if e.Result != nil {
		line("result %v", *e.Result)
	}
	for _, v := range e.Variables {
		line("var %s = %v", v.Name, v.Value)
	}
	for _, v := range e.Shared {
		line("shared %s = %v", v.Name, v.Value)
	}
	for _, text := range e.Output {
		line("output %s", strconv.Quote(text))
	}
	if e.HasOutput && len(e.Output) == 0 {
		line("silence")
	}
	switch {
	case e.Error != 0 && e.Function != "":
		line("error %v at %s+%d", e.Error, e.Function, e.PC)
	case e.Error != 0:
		line("error %v", e.Error)
	}
}

// expectation reads what follows .expect.
func (l *line) expectation() {
	if l.a.expect == nil {
		l.a.expect = &Expectation{}
	}
	e := l.a.expect
	switch t := l.take(); {
	case t.is("result"):
		v := l.literal(0)
		e.Result = &v
	case t.is("var"):
		e.Variables = append(e.Variables, l.binding())
	case t.is("shared"):
		e.Shared = append(e.Shared, l.binding())
	case t.is("output"):
		at := l.peek()
		v := l.literal(0)
		if v.kind != StringKind {
			l.fail(at, "expected a string, the output line, found a %v", v.kind)
		}
		e.Output, e.HasOutput = append(e.Output, v.AsString()), true
	case t.is("silence"):
		e.HasOutput = true
	case t.is("error"):
		l.expectedError(e)
	default:
		l.fail(t, "expected result, var, shared, output, silence or error, found %s", t.describe())
	}
}

func (l *line) binding() Binding {
	name := l.name("a variable's name")
	l.expect("=", "=")
	if l.failed {
		return Binding{}
	}
	return Binding{name, l.literal(0)}
}

func (l *line) expectedError(e *Expectation) {
	at := l.peek()
	var words []string
	for l.peek().kind == wordToken && !l.peek().is("at") {
		words = append(words, l.take().text)
	}
	kind, ok := ErrorKindNamed(strings.Join(words, " "))
	if !ok {
		l.fail(at, "expected an error, one of: %s", strings.Join(errorKinds[1:], ", "))
		return
	}
	e.Error = kind
	if l.accept("at") {
		e.Function = l.name("a function's name")
		l.expect("+", "+ and the instruction's number")
		e.PC = int(l.integer("the instruction's number", 0, MaxCode))
	}
}

// ErrorKindNamed finds a kind by its words.
func ErrorKindNamed(words string) (ErrorKind, bool) {
	for k, text := range errorKinds {
		if text == words && text != "" {
			return ErrorKind(k), true
		}
	}
	return 0, false
}
