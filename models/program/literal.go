package program

import (
	"math"
	"strconv"
	"strings"
)

// literal reads a value: what [Value.String] writes.
func (l *line) literal(nesting int) Value {
	t := l.take()
	switch {
	case nesting > MaxNesting:
		l.fail(t, "literals can't be nested deeper than %d", MaxNesting)
	case t.kind == numberToken:
		return l.number(t)
	case t.kind == stringToken:
		text, err := strconv.Unquote(t.text)
		if err != nil {
			l.fail(t, "string %s has an escape that is none; \\n, \\t, \\\", \\\\ and \\xff are", shorten(t.text))
		}
		return String(text)
	case t.is("nil"):
		return Nil
	case t.is("true"), t.is("false"):
		return Bool(t.text == "true")
	case t.is("NaN"):
		return Float(math.NaN())
	case t.is("Inf"):
		return Float(math.Inf(1))
	case t.is("@"):
		return l.function(t)
	case t.is("["):
		return l.list(nesting)
	case t.is("{"):
		return l.mapping(nesting)
	case t.kind == badToken && strings.HasPrefix(t.text, `"`):
		l.fail(t, "string without a closing quote")
	default:
		l.fail(t, "expected a value, found %s", t.describe())
	}
	return Nil
}

func (l *line) number(t token) Value {
	if strings.ContainsAny(t.text, ".eEI") {
		f, ok := parseFloat(t.text)
		if !ok || math.IsInf(f, 0) && !strings.HasSuffix(t.text, "Inf") {
			l.fail(t, "float %s is out of range", shorten(t.text))
		}
		return Float(f)
	}
	n, err := strconv.ParseInt(t.text, 10, 64)
	if err != nil {
		l.fail(t, "int %s is outside 64 bits", shorten(t.text))
	}
	return Int(n)
}

// function reads the name behind @, and notes it, to be looked up when all functions are known.
func (l *line) function(at token) Value {
	name := l.name("a function's name")
	l.a.uses = append(l.a.uses, functionUse{name, l, at})
	return Func(name)
}

func (l *line) list(nesting int) Value {
	var items []Value
	for !l.accept("]") {
		if len(items) > 0 {
			l.expect(",", "] or ,")
		}
		items = append(items, l.literal(nesting+1))
		if l.failed {
			break
		}
	}
	return List(items...)
}

func (l *line) mapping(nesting int) Value {
	var entries []Entry
	seen := make(map[string]bool)
	for !l.accept("}") {
		if len(entries) > 0 {
			l.expect(",", "} or ,")
		}
		at := l.peek()
		key := l.literal(nesting + 1)
		switch {
		case l.failed:
			return Nil
		case !key.CanBeKey():
			l.fail(at, "a map key is a bool, an int or a string, not a %v", key.kind)
			return Nil
		case seen[key.String()]:
			l.fail(at, "key %s is there twice", shorten(key.String()))
			return Nil
		}
		seen[key.String()] = true
		l.expect(":", ":")
		entries = append(entries, Entry{key, l.literal(nesting + 1)})
		if l.failed {
			return Nil
		}
	}
	return Map(entries...)
}
