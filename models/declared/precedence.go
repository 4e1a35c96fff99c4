package declared

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"synchrony/models/history"
	"synchrony/models/text"
)

// operators are those of two values, from those that bind least.
var operators = [][]string{{"or"}, {"and"}, {"==", "!=", "<", "<=", ">", ">="}, {"+", "-"}, {"*"}}

// maxDepth is how deep expressions nest.
const maxDepth = 64

// expression reads an expression.
func (p *parser) expression() (expression, error) { return p.binary(0, 0) }

// binary reads an expression of operators of a level or those that bind more.
func (p *parser) binary(level, depth int) (expression, error) {
	if depth > maxDepth {
		return expression{}, p.wrong("expressions nest deeper than %d", maxDepth)
	}
	if level == len(operators) {
		return p.unary(depth)
	}
	e, err := p.binary(level+1, depth)
	for err == nil && len(p.line) > 0 && slices.Contains(operators[level], p.line[0].text) {
		x := expression{kind: operator, offset: p.line[0].offset}
		x.word = p.take()
		var second expression
		second, err = p.binary(level+1, depth)
		x.parts = []expression{e, second}
		e = x
		if level == 2 && len(p.line) > 0 && slices.Contains(operators[level], p.line[0].text) {
			return e, p.wrong("a second comparison: want and between them")
		}
	}
	return e, err
}

// unary reads a value, or not of one.
func (p *parser) unary(depth int) (expression, error) {
	if len(p.line) == 0 {
		return expression{}, p.wrong("a value is expected")
	}
	e := expression{offset: p.line[0].offset}
	switch word := p.line[0].text; {
	case p.at("not"):
		of, err := p.binary(2, depth+1) // of a comparison
		e.kind, e.word, e.parts = operator, word, []expression{of}
		return e, err
	case p.at("("):
		inner, err := p.binary(0, depth+1)
		if err != nil {
			return inner, err
		}
		return inner, p.expect(")")
	case p.at("["):
		var err error
		e.kind = list
		e.parts, err = p.items("]", depth+1)
		return e, err
	case p.at("-"):
		if len(p.line) == 0 || !isDigit(p.line[0].text[0]) {
			return e, p.wrong("want a number after the minus")
		}
		return p.leaf(e, "-"+p.take())
	default:
		return p.word(e, depth)
	}
}

// items reads expressions with commas between them, and what closes them.
func (p *parser) items(end string, depth int) ([]expression, error) {
	var all []expression
	if p.at(end) {
		return nil, nil
	}
	for {
		e, err := p.binary(0, depth)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
		if p.at(end) {
			return all, nil
		}
		if !p.at(",") {
			return nil, p.wrong("want a comma or %q", end)
		}
	}
}

// word reads a name or a literal.
func (p *parser) word(e expression, depth int) (expression, error) {
	word := p.line[0].text
	if !isName(word) {
		if word[0] != '"' && word[0] != ':' && !isDigit(word[0]) {
			return e, p.wrong("%q where a value is expected", word)
		}
		return p.leaf(e, p.take())
	}
	before := p.line
	p.take()
	if p.at("(") {
		f, ok := functions[word]
		if !ok {
			p.line = before
			return e, p.wrong("no function %q: there are %s", word, strings.Join(functionNames(), ", "))
		}
		var err error
		e.kind, e.word = call, word
		if e.parts, err = p.items(")", depth+1); err == nil && len(e.parts) != f.arity {
			p.line = before
			err = p.wrong("%s takes %d values, and not %d", word, f.arity, len(e.parts))
		}
		return e, err
	}
	switch word {
	case "nil", "true", "false":
		return p.leaf(e, word)
	case "returned":
		e.kind = returned
		if p.current == nil {
			p.line = before
			return e, p.wrong("nothing was returned yet")
		}
		return e, nil
	}
	if p.current != nil {
		if i := slices.Index(p.current.names, word); i >= 0 {
			e.kind, e.index = argument, i
			return e, nil
		}
	}
	if e.index = slices.Index(p.names, word); e.index < 0 || p.current == nil {
		p.line = before
		return e, p.wrong("no variable %q here; words that are values begin with a colon, and texts stand in quotes", word)
	}
	e.kind = variable
	return e, nil
}

// functionNames are the names of the functions.
func functionNames() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(functions)), func(name string) bool { return functions[name].about == "" })
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// leaf is a literal.
func (p *parser) leaf(e expression, word string) (expression, error) {
	e.kind = literal
	switch {
	case word == "nil":
	case word[0] == '"':
		s, err := strconv.Unquote(word)
		if err != nil {
			return e, text.ErrorAt(p.file, p.src, e.offset, "no text: "+word)
		}
		e.leaf.Value = history.TextOf(s)
	case word[0] == '-' || isDigit(word[0]):
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return e, text.ErrorAt(p.file, p.src, e.offset, word+" is no whole number of 64 bits")
		}
		e.leaf.Value = history.NumberOf(n)
	default: // true, false, and keywords
		if word == ":" {
			return e, text.ErrorAt(p.file, p.src, e.offset, "a colon without a keyword")
		}
		e.leaf.Value = history.SymbolOf(word)
	}
	return e, nil
}
