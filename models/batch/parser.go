package batch

import (
	"iter"
	"slices"
	"strings"

	"synchrony/models/text"
)

// Parse parses a text in the language of .ae files: the accounts, the declared
// intents, and one atomic_batch. docs/language-ae.md is the reference of the language. The
// file name is for messages only. The error is a [text.ErrorList]; the batch is then nil.
//
// Sections come in any order and number, except that a file holds exactly one batch, and
// what is used may be declared later. No word is reserved. A call names its transaction, and
// by that name its intent: the declared intent (or else the prelude's [Transfer]) of exactly
// that name, or else of that name without the digits at its end.
func Parse(file string, src []byte) (*Batch, error) {
	p := newParser(file, string(src))
	p.declarations()
	p.unsure = p.broken
	switch {
	case p.body.kind != endOfFile:
		p.at(p.body)
		p.batchSection()
		p.resolveAttestations()
	case !p.broken:
		p.missing(p.token, `"atomic_batch"`)
	}
	if len(p.errors) > 0 {
		return nil, text.NewErrorList(p.errors)
	}
	return p.batch, nil
}

// ParseIntent parses the declaration of one intent. See Parse.
func ParseIntent(file string, src []byte) (*Intent, error) {
	p := newParser(file, string(src))
	in, ok := p.intent(false)
	if ok && p.token.kind != endOfFile {
		p.missing(p.token, "end of file")
	}
	if len(p.errors) > 0 {
		return nil, text.NewErrorList(p.errors)
	}
	return in, nil
}

// parser is a recursive-descent parser with one token of lookahead. Its methods
// report a mistake where they see it and return false; loops over items then skip
// to where the next item may begin.
//
// It reads the declarations first and the batch after them, so that every name is
// known when it is used and nothing waits to be resolved but after clauses.
type parser struct {
	file string
	src  string
	lexer
	token token // the next token, not yet consumed
	depth int   // braces open before token

	batch     *Batch
	accountID map[string]AccountID
	intents   map[string]*Intent // the declared ones
	transfer  *Intent
	body      token // the first "atomic_batch"; its zero value is endOfFile

	declared map[declaration]int // where names were declared first
	afters   []afterClause

	attestations []attestClause

	errors []*text.Error
	broken bool // the text breaks the grammar
	unsure bool // its declarations do: what names mean is not to be trusted
}

// declaration is a name and what it names.
type declaration struct{ what, name string }

func newParser(file, src string) *parser {
	p := &parser{
		file: file, src: src,
		lexer:     lexer{src: strings.TrimPrefix(src, "\ufeff")},
		batch:     &Batch{},
		accountID: map[string]AccountID{},
		intents:   map[string]*Intent{},
		transfer:  Transfer(),
		declared:  map[declaration]int{},
	}
	p.src = p.lexer.src
	p.token = p.lexer.next()
	return p
}

// at continues at a token that was seen before, outside all braces.
func (p *parser) at(t token) {
	p.lexer.offset = t.offset
	p.depth = 0
	p.token = p.lexer.next()
}

// advance consumes the token.
func (p *parser) advance() token {
	t := p.token
	if t.is("{") {
		p.depth++
	} else if t.is("}") {
		p.depth--
	}
	p.token = p.lexer.next()
	return t
}

// peek returns the token after the next.
func (p *parser) peek() token {
	ahead := p.lexer
	return ahead.next()
}

// accept consumes the keyword or symbol if it is next.
func (p *parser) accept(text string) bool {
	if !p.token.is(text) {
		return false
	}
	p.advance()
	return true
}

// expect consumes the keyword or symbol, or reports that it is missing. The
// alternatives are what else could stand there.
func (p *parser) expect(text string, alternatives ...string) bool {
	if p.accept(text) {
		return true
	}
	return p.missing(p.token, append([]string{quote(text)}, alternatives...)...)
}

// name consumes a name.
func (p *parser) name(what string) (token, bool) {
	if p.token.kind != nameToken {
		return p.token, p.missing(p.token, what)
	}
	return p.advance(), true
}

// missing reports that the text breaks the grammar at t. It returns false.
func (p *parser) missing(t token, expected ...string) bool {
	p.broken = true
	want, offset := oneOf(expected), t.offset
	if t.kind == endOfFile {
		offset = len(strings.TrimRight(p.src, " \t\r\n")) // the line that goes on, not an empty one after it
	}
	hint := instead(t, expected)
	if p.comment(t) {
		hint = `; a comment begins with "#"`
		p.skipLine() // its words are no mistakes of their own
	}
	message := "expected " + want + ", found " + t.describe() + hint
	if strings.TrimSpace(p.src) == "" {
		message = "the file is empty: " + message
	}
	e := text.ErrorAt(p.file, p.src, offset, message)
	e.Found, e.Expected = t.describe(), want
	p.errors = append(p.errors, e)
	return false
}

// instead says what may be meant by a token that is none of those expected.
func instead(t token, expected []string) string {
	switch t.text {
	case "&":
		return `; there is no "&&": each condition stands by itself, with ";" behind it, and all must hold`
	case "|":
		return `; there is no "||"`
	}
	if t.kind != nameToken || len(expected) == 1 {
		return ""
	}
	return suggest(t.text, func(yield func(string) bool) {
		for _, e := range expected {
			if e = strings.Trim(e, `"`); !yield(e) {
				return
			}
		}
	})
}

// comment reports whether the token is of what begins a comment in other languages.
func (p *parser) comment(t token) bool {
	if t.text != "/" && t.text != "*" {
		return false
	}
	for _, begin := range []string{"//", "/*"} {
		if strings.HasPrefix(p.src[t.offset:], begin) || strings.HasSuffix(p.src[:t.offset+1], begin) {
			return true
		}
	}
	return false
}

// addHint appends to the last error's message. It returns false.
func (p *parser) addHint(hint string) bool {
	p.errors[len(p.errors)-1].Message += "; " + hint
	return false
}

// wrong reports a mistake that is not one of grammar. It returns false.
func (p *parser) wrong(t token, message string) bool {
	p.errors = append(p.errors, text.ErrorAt(p.file, p.src, t.offset, message))
	return false
}

// declare notes where a name is declared, or reports that it is there already.
func (p *parser) declare(what string, name token) bool {
	key := declaration{what, name.text}
	if first, ok := p.declared[key]; ok {
		return p.wrong(name, what+" "+quote(name.text)+" is declared twice; "+p.firstAt(first))
	}
	p.declared[key] = name.offset
	return true
}

func (p *parser) firstAt(offset int) string {
	return "the first is at " + text.ErrorAt(p.file, p.src, offset, "").Position()
}

// skipTo skips to one of the keywords or symbols at the given depth, or to the
// brace that closes it, or to the end.
func (p *parser) skipTo(depth int, stops ...string) {
	for p.token.kind != endOfFile {
		if p.depth < depth || p.depth == depth && (p.token.is("}") || slices.ContainsFunc(stops, p.token.is)) {
			return
		}
		p.advance()
	}
}

// tooMany reports whether there are more errors than anybody reads.
func (p *parser) tooMany() bool { return len(p.errors) >= 10*text.MaxErrors }

// oneOf joins alternatives: `")" or ","`.
func oneOf(alternatives []string) string {
	last := len(alternatives) - 1
	if last <= 0 {
		return strings.Join(alternatives, "")
	}
	return strings.Join(alternatives[:last], ", ") + " or " + alternatives[last]
}

// suggest returns `; did you mean "alice"?` for the name most like word, or "" if none
// is close.
func suggest(word string, names iter.Seq[string]) string {
	name := text.Nearest(word, names)
	if name == "" {
		return ""
	}
	return "; did you mean " + quote(name) + "?"
}
