package program

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"synchrony/models/text"
)

// Assemble reads a program's text; file names it in errors, which are a [text.ErrorList].
// What it returns may still be refused by [Validate]. docs/language-zxasm.md is the reference
// of the language.
//
// Instructions outside .func … .end are the main code. A constant is written in place; the
// table of constants is put together from .const lines, then from the main code, then from the
// functions, each value once. Names are collected likewise.
func Assemble(file string, src []byte) (*Program, error) {
	w, err := assemble(file, src, false)
	if err != nil {
		return nil, err
	}
	return w.Program, nil
}

// assembler gathers what the lines say; finish puts the program together.
type assembler struct {
	file      string
	settings  bool // .set and .fault are allowed
	main      *source
	functions []*source       // in order; without main
	known     map[string]bool // the names of functions, main included
	current   *source
	constants []Value
	names     []string
	nameSet   map[string]bool
	uses      []functionUse
	expect    *Expectation
	setup     Setup
	errors    []*text.Error
}

// source is a function as written.
type source struct {
	name           string
	params, locals []string
	code           []statement
	labels         map[string]int
	dangling       []labelUse // labels that no instruction follows yet
	open           labelUse   // where .func is
}

// statement is an instruction as written.
type statement struct {
	line     *line
	op       Opcode
	operands [2]operand
}

// operand is an operand as written.
type operand struct {
	raw   bool // number is the operand itself
	num   int32
	name  string // variable, shared variable or label
	value Value  // constant
	at    token
}

type functionUse struct {
	name string
	line *line
	at   token
}

type labelUse struct {
	line *line
	at   token
}

func assemble(file string, src []byte, settings bool) (*Workload, error) {
	main := &source{name: MainName, labels: make(map[string]int)}
	a := &assembler{
		file: file, settings: settings, main: main, current: main,
		nameSet: make(map[string]bool), known: map[string]bool{MainName: true},
	}
	for i, source := range strings.Split(string(src), "\n") {
		if len(a.errors) >= text.MaxErrors {
			return nil, text.NewErrorList(a.errors)
		}
		l := &line{a: a, row: i + 1, text: strings.TrimSuffix(source, "\r")}
		l.tokens = scan(l.text)
		l.parse()
	}
	a.endOfText()
	p := a.finish()
	if len(a.errors) > 0 {
		return nil, text.NewErrorList(a.errors)
	}
	return &Workload{Program: p, Setup: a.setup}, nil
}

// line is one line being read. After its first error the rest of it is ignored.
type line struct {
	a      *assembler
	row    int // from 1
	text   string
	tokens []token
	pos    int
	failed bool
}

// fail records an error at a token, unless the line has one already.
func (l *line) fail(at token, format string, args ...any) {
	if l.failed {
		return
	}
	l.failed = true
	l.report(at, format, args...)
}

// report records an error at a token.
func (l *line) report(at token, format string, args ...any) {
	l.a.errors = append(l.a.errors, &text.Error{
		File: l.a.file, Line: l.row, Column: utf8.RuneCountInString(l.text[:at.at]) + 1,
		Message: fmt.Sprintf(format, args...), Source: l.text,
	})
}

func (l *line) peek() token { return l.tokens[l.pos] }

// take returns the next token and moves past it; past the end there are only ends.
func (l *line) take() token {
	t := l.tokens[l.pos]
	if t.kind != endToken {
		l.pos++
	}
	return t
}

// accept moves past the next token if it is that text.
func (l *line) accept(text string) bool {
	if l.peek().is(text) {
		l.pos++
		return true
	}
	return false
}

func (l *line) expect(text, wanted string) {
	if t := l.peek(); !l.accept(text) {
		l.fail(t, "expected %s, found %s", wanted, t.describe())
	}
}

// name reads a name.
func (l *line) name(wanted string) string {
	t := l.take()
	switch {
	case t.kind != wordToken:
		l.fail(t, "expected %s, found %s", wanted, t.describe())
	case len(t.text) > MaxName:
		l.fail(t, "a name has at most %d bytes", MaxName)
	}
	return t.text
}

// integer reads an int in low…high.
func (l *line) integer(what string, low, high int64) int64 {
	t := l.take()
	n, err := strconv.ParseInt(t.text, 10, 64)
	switch {
	case t.kind != numberToken:
		l.fail(t, "expected %s, found %s", what, t.describe())
	case err != nil || n < low || n > high:
		l.fail(t, "%s must be an int in %d…%d, not %s", what, low, high, shorten(t.text))
	}
	return n
}

// parse reads the line.
func (l *line) parse() {
	for !l.failed && l.peek().kind == wordToken && l.tokens[l.pos+1].is(":") {
		l.label()
	}
	switch t := l.peek(); t.kind {
	case endToken:
		return
	case wordToken:
		l.statement()
	case directiveToken:
		l.directive()
	default:
		l.fail(t, "expected an instruction, a label or a directive, found %s%s", t.describe(), t.instead())
	}
	if t := l.peek(); t.kind != endToken {
		l.fail(t, "unexpected %s at the end of the instruction%s", t.describe(), t.instead())
	}
}

func (l *line) label() {
	t := l.take()
	l.take() // the colon
	f := l.a.current
	if _, twice := f.labels[t.text]; twice {
		l.fail(t, "label %s is there twice in function %s", shorten(t.text), f.name)
		return
	}
	f.labels[t.text] = len(f.code)
	f.dangling = append(f.dangling, labelUse{l, t})
}

// statement reads an instruction.
func (l *line) statement() {
	t := l.take()
	op, ok := opcodeNamed(t.text)
	if !ok {
		l.fail(t, "there is no instruction %s%s", shorten(t.text), text.Suggest(l.meant(t.text), slices.Values(mnemonics())))
		return
	}
	info, _ := op.Info()
	s := statement{line: l, op: op}
	for i, kind := range [2]OperandKind{info.A, info.B} {
		if kind == NoOperand || l.failed {
			break
		}
		if i > 0 {
			l.accept(",")
		}
		s.operands[i] = l.operand(op, kind)
	}
	if !l.failed {
		f := l.a.current
		f.code = append(f.code, s)
		f.dangling = nil
	}
}

// meant is the word to look for in place of an instruction that there is not: CALL is the instruction that calls what comes next.
func (l *line) meant(word string) string {
	if !strings.EqualFold(word, "CALL") {
		return word
	}
	callee := l.peek()
	if _, builtin := BuiltinNamed(callee.text); builtin {
		return CallBuiltin.String()
	}
	if callee.is("@") {
		return CallFuncConst.String()
	}
	return word
}

// operand reads an operand of that kind.
func (l *line) operand(op Opcode, kind OperandKind) operand {
	o := operand{at: l.peek()}
	if l.accept("#") {
		o.raw, o.num = true, int32(l.integer("a number after #", 0, 1<<31-1))
		return o
	}
	number := func(what string, low, high int64) {
		o.raw, o.num = true, int32(l.integer(op.String()+"'s "+what, low, high))
	}
	switch kind {
	case ConstOperand:
		o.value = l.literal(0)
	case FuncOperand:
		if l.expect("@", "@ and a function's name"); !l.failed {
			o.value = l.function(o.at)
		}
	case NameOperand:
		o.name = l.name("a variable's name")
	case SharedOperand:
		o.name = l.name("a shared variable's name")
	case TargetOperand:
		o.name = l.name("a label")
	case BuiltinOperand:
		name := l.name("a builtin's name")
		b, ok := BuiltinNamed(name)
		if !ok {
			l.fail(o.at, "there is no builtin %s%s", shorten(name), text.Suggest(name, slices.Values(builtinNames())))
		}
		o.raw, o.num = true, int32(b)
	case WorkersOperand:
		number("number of workers", 1, MaxWorkers)
	case TimeoutOperand:
		number("timeout in ms", 0, MaxTimeout)
	case BarrierOperand:
		number("barrier id", 0, MaxBarrier)
	default:
		number("count", 0, MaxStack)
	}
	return o
}

func opcodeNamed(name string) (Opcode, bool) {
	for op := range infos {
		if infos[op].Name == name && name != "" {
			return Opcode(op), true
		}
	}
	return 0, false
}

func mnemonics() []string {
	var names []string
	for _, op := range Opcodes() {
		names = append(names, op.String())
	}
	return names
}

func builtinNames() []string {
	var names []string
	for _, b := range builtins {
		names = append(names, b.Name)
	}
	return names
}
