package declared

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"synchrony/models/text"
)

// parser reads a file line by line.
type parser struct {
	*Model
	line    []token // what is left of it
	end     int     // where it ends
	current *operation
}

// MaxFile is how many bytes a model may have.
const MaxFile = 1 << 20

// Parse reads a model. The error is a [text.ErrorList] of all lines that are wrong.
func Parse(file, src string) (*Model, error) {
	p := &parser{Model: &Model{file: file, src: src, About: "declared in " + file}}
	if len(src) > MaxFile {
		return nil, text.NewErrorList([]*text.Error{{File: file, Line: 1, Message: fmt.Sprintf("a model has up to %d bytes", MaxFile)}})
	}
	var wrong []*text.Error
	note := func(err error) {
		var e *text.Error
		if errors.As(err, &e) {
			wrong = append(wrong, e)
		}
	}
	for from := 0; from < len(src); {
		end := len(src)
		if i := strings.IndexByte(src[from:], '\n'); i >= 0 {
			end = from + i
		}
		var err error
		p.end = end
		if p.line, err = tokens(file, src, from, end); err == nil && len(p.line) > 0 {
			indented := p.line[0].offset > from
			if err = p.read(indented); err == nil && len(p.line) > 0 {
				err = p.wrong("%q after the end of the line's meaning", p.line[0].text)
			}
		}
		note(err)
		from = end + 1
	}
	if len(wrong) == 0 {
		p.end = len(src)
		switch {
		case p.Name == "":
			note(text.ErrorAt(file, src, 0, `a model has a name: want a line "model NAME"`))
		case len(p.operations) == 0:
			note(p.wrong(`a model has operations: want lines "operation NAME"`))
		default:
			_, err := p.Initial()
			note(err)
		}
	}
	if len(wrong) > 0 {
		return nil, text.NewErrorList(wrong)
	}
	return p.Model, nil
}

// wrong is an error at the next token, or the end of the line.
func (p *parser) wrong(format string, args ...any) error {
	at := p.end
	if len(p.line) > 0 {
		at = p.line[0].offset
	}
	return text.ErrorAt(p.file, p.src, at, fmt.Sprintf(format, args...))
}

// take takes the next token; "" at the end of the line.
func (p *parser) take() string {
	if len(p.line) == 0 {
		return ""
	}
	t := p.line[0].text
	p.line = p.line[1:]
	return t
}

// at reports whether the next token is a sign or a word, and takes it if so.
func (p *parser) at(sign string) bool {
	if len(p.line) == 0 || p.line[0].text != sign {
		return false
	}
	p.line = p.line[1:]
	return true
}

func (p *parser) expect(sign string) error {
	if !p.at(sign) {
		return p.wrong("want %q", sign)
	}
	return nil
}

// name takes a name.
func (p *parser) name(of string) (string, error) {
	if len(p.line) == 0 || !isName(p.line[0].text) {
		return "", p.wrong("want the name of %s", of)
	}
	return p.take(), nil
}

// reserved are words that are no names of variables.
var reserved = []string{"and", "or", "not", "nil", "true", "false", "returned"}

func isName(word string) bool {
	for _, r := range word {
		return unicode.IsLetter(r) || r == '_'
	}
	return false
}

// read reads a line.
func (p *parser) read(indented bool) error {
	head := p.line[0]
	word := p.take()
	var err error
	switch inside := word == "require" || word == "set" || word == "check" || word == "result"; {
	case inside && (!indented || p.current == nil):
		p.line = append([]token{head}, p.line...)
		return p.wrong("%s belongs to an operation: want it indented, below a line \"operation NAME\"", word)
	case inside:
		return p.clause(word)
	case word == "model":
		p.Name, err = p.name("the model")
	case word == "about":
		p.About = strings.TrimSpace(p.src[head.offset+len(word) : p.end])
		p.line = nil
	case word == "keyed":
		p.Keyed = true
	case word == "state":
		return p.state()
	case word == "operation":
		return p.operation()
	default:
		p.line = append([]token{head}, p.line...)
		return p.wrong("%q is none of model, about, keyed, state, operation, require, set, check, result", word)
	}
	return err
}

// state reads a variable.
func (p *parser) state() error {
	if p.current != nil {
		return p.wrong("the state comes before the operations")
	}
	name, err := p.newName("a variable", p.names)
	if err != nil {
		return err
	}
	if err := p.expect("="); err != nil {
		return err
	}
	e, err := p.expression()
	p.names, p.initial = append(p.names, name), append(p.initial, e)
	return err
}

// newName takes a name that must not be there, nor mean something.
func (p *parser) newName(of string, there []string) (string, error) {
	before := p.line
	name, err := p.name(of)
	if err != nil {
		return "", err
	}
	_, function := functions[name]
	if slices.Contains(there, name) || slices.Contains(reserved, name) || function {
		p.line = before
		return "", p.wrong("%q means something else already", name)
	}
	return name, nil
}

// operation reads the first line of an operation.
func (p *parser) operation() error {
	o := &operation{}
	p.current, p.operations = o, append(p.operations, o)
	var err error
	if o.name, err = p.name("an operation"); err != nil || len(p.line) == 0 {
		return err
	}
	if !p.at("[") {
		name, err := p.newName("what is given", p.names)
		o.names = []string{name}
		return err
	}
	for o.list = true; ; {
		name, err := p.newName("a part of what is given", slices.Concat(p.names, o.names))
		if err != nil {
			return err
		}
		if o.names = append(o.names, name); p.at("]") {
			return nil
		}
		if err := p.expect(","); err != nil {
			return err
		}
	}
}

// clause reads a line of an operation.
func (p *parser) clause(word string) error {
	c := clause{kind: check}
	switch word {
	case "require":
		c.kind = require
	case "set":
		c.kind = set
		before := p.line
		name, err := p.name("a variable")
		if err != nil {
			return err
		}
		if c.target = slices.Index(p.names, name); c.target < 0 {
			p.line = before
			return p.wrong("no variable %q: there are %s", name, strings.Join(p.names, ", "))
		}
		if err := p.expect("="); err != nil {
			return err
		}
	}
	var err error
	if c.value, err = p.expression(); err != nil {
		return err
	}
	if word == "result" {
		c.value = expression{kind: operator, word: "==", offset: c.value.offset, parts: []expression{{kind: returned, offset: c.value.offset}, c.value}}
	}
	p.current.clause = append(p.current.clause, c)
	return nil
}
