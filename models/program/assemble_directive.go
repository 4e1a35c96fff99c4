package program

import (
	"slices"

	"synchrony/models/text"
)

// directives are the known ones. It is never written.
var directives = [...]string{".func", ".end", ".const", ".name", ".expect", ".set", ".fault"}

// directive reads a directive.
func (l *line) directive() {
	t := l.take()
	switch a := l.a; t.text {
	case ".func":
		l.beginFunction(t)
	case ".end":
		if a.current == a.main {
			l.fail(t, ".end without a .func before it")
		} else {
			a.endFunction()
		}
	case ".const":
		if v := l.literal(0); !l.failed {
			a.constants = append(a.constants, v)
		}
	case ".name":
		at := l.peek()
		name := l.name("a name")
		if a.nameSet[name] && !l.failed {
			l.fail(at, "name %s is there twice", name)
		}
		if !l.failed {
			a.nameSet[name] = true
			a.names = append(a.names, name)
		}
	case ".expect":
		l.expectation()
	case ".set", ".fault":
		if !a.settings {
			l.fail(t, "%s says how to run a program: it belongs to a workload, not to a program", t.text)
			return
		}
		l.setting(t.text)
	default:
		l.fail(t, "there is no directive %s%s", shorten(t.text), text.Suggest(t.text, slices.Values(directives[:])))
	}
}

// beginFunction reads what follows .func.
func (l *line) beginFunction(at token) {
	a := l.a
	if a.current != a.main {
		l.fail(at, ".func inside function %s: its .end is missing", a.current.name)
		return
	}
	nameAt := l.peek()
	f := &source{labels: make(map[string]int), open: labelUse{l, at}}
	f.name = l.name("the function's name")
	f.params = l.names("the parameters")
	if l.accept("locals") {
		f.locals = l.names("the locals")
	}
	if a.known[f.name] {
		l.fail(nameAt, "there is a function %s already", shorten(f.name))
	}
	// Even after an error the function is open, so that its body isn't taken for main code.
	a.known[f.name] = true
	a.functions = append(a.functions, f)
	a.current = f
}

// names reads a list of names in parentheses.
func (l *line) names(what string) []string {
	l.expect("(", "( and "+what)
	var names []string
	for !l.failed && !l.accept(")") {
		if len(names) > 0 {
			l.expect(",", ") or ,")
		}
		names = append(names, l.name("a name"))
	}
	return names
}

// endFunction closes the current function.
func (a *assembler) endFunction() {
	a.checkDangling(a.current)
	a.current = a.main
}

// checkDangling reports labels that no instruction follows: jumps must land on one.
func (a *assembler) checkDangling(f *source) {
	for _, label := range f.dangling {
		label.line.report(label.at, "label %s has no instruction after it; add a NOP or a RETURN", shorten(label.at.text))
	}
}

func (a *assembler) endOfText() {
	if f := a.current; f != a.main {
		f.open.line.report(f.open.at, "function %s has no .end", f.name)
		a.endFunction()
	}
	a.checkDangling(a.main)
}
