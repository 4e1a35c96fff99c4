package batch

import (
	"fmt"
	"strconv"
	"strings"
)

// Format prints a batch in the language of Parse, which makes the same batch of
// it. It refuses a batch that has no such text: one that is not valid, one with
// transactions in Go form, or one whose names are not words of the language.
func Format(b *Batch) ([]byte, error) {
	if err := b.Validate(); err != nil {
		return nil, err
	}
	p := printer{batch: b, prelude: Transfer(), declared: map[string]*Intent{}}
	for _, in := range b.Intents {
		p.declared[in.Name] = in
	}
	p.accounts()
	p.sources()
	for _, in := range b.Intents {
		p.intent(in, "")
		p.add("\n\n")
	}
	p.transactions()
	p.attestations()
	return p.out, p.err
}

// String is the text of the batch, or a line that says why it has none.
func (b *Batch) String() string {
	text, err := Format(b)
	if err != nil {
		return fmt.Sprintf("# a batch of length %d that cannot be printed: %s\n",
			len(b.Transactions), strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return string(text)
}

// printer appends to out. The first thing that cannot be printed is its err.
type printer struct {
	batch    *Batch
	prelude  *Intent
	declared map[string]*Intent
	out      []byte
	err      error
}

func (p *printer) add(texts ...string) {
	for _, text := range texts {
		p.out = append(p.out, text...)
	}
}

// name appends a name.
func (p *printer) name(what, name string) {
	if !isName(name) && p.err == nil {
		p.err = &InvalidError{what + " " + strconv.Quote(name),
			"cannot be printed: a name is a letter or _, then letters, digits and _"}
	}
	p.add(name)
}

func (p *printer) accounts() {
	if len(p.batch.Accounts) == 0 {
		return
	}
	p.add("accounts {\n")
	for _, a := range p.batch.Accounts {
		p.add("  ")
		p.name("account", a.Name)
		p.add(": ", strconv.FormatInt(a.Balance, 10), ";\n")
	}
	p.add("}\n\n")
}

// intent prints a whole intent, without the end of its last line.
func (p *printer) intent(in *Intent, indent string) {
	p.add(indent, "intent ")
	p.name("intent", in.Name)
	p.add("(")
	for i, param := range in.Params {
		if i > 0 {
			p.add(", ")
		}
		if param.Secret {
			p.add("secret ")
		}
		if param.External {
			p.add("external ")
		}
		p.name("parameter", param.Name)
		p.add(": ", param.Type.String())
	}
	p.add(") {\n")
	p.conds(in, "guard", in.Guard, indent)
	if len(in.Solve) > 0 {
		p.add(indent, "  solve {\n")
		for _, h := range in.Solve {
			p.add(indent, "    ")
			p.name("hint", h.Name)
			p.add(": ")
			p.name("hint", h.Value)
			p.add(";\n")
		}
		p.add(indent, "  }\n")
	}
	p.conds(in, "verify", in.Verify, indent)
	p.add(indent, "}")
}

func (p *printer) conds(in *Intent, block string, conds []Cond, indent string) {
	if len(conds) == 0 {
		return
	}
	p.add(indent, "  ", block, " {\n")
	for i := range conds {
		p.add(indent, "    ", FormatCond(in, &conds[i]), ";\n")
	}
	p.add(indent, "  }\n")
}

func (p *printer) transactions() {
	p.add("atomic_batch ")
	if p.batch.Name != "" {
		p.name("batch", p.batch.Name)
		p.add(" ")
	}
	p.add("{\n")
	for i := range p.batch.Transactions {
		p.transaction(&p.batch.Transactions[i])
	}
	p.add("}\n")
}

func (p *printer) transaction(t *Transaction) {
	switch {
	case t.Call == nil || t.Cost != 0:
		if p.err == nil {
			p.err = &InvalidError{"transaction " + strconv.Quote(t.ID), "cannot be printed: Apply and Cost have no text form"}
		}
		return
	case t.Call.Inline:
		p.intent(t.Call.Intent, "  ")
	default:
		p.call(t)
	}
	for i, id := range t.After {
		if i == 0 {
			p.add(" after ")
		} else {
			p.add(", ")
		}
		p.name("transaction", id)
	}
	if t.Work > 0 {
		p.add(" work ", t.Work.String())
	}
	p.add("\n")
}

func (p *printer) call(t *Transaction) {
	in := t.Call.Intent
	// By pointer for a declared intent: the text finds it by name. Whatever else a
	// valid batch calls is the prelude's.
	called := callee(t.ID, func(s string) *Intent { return p.declared[s] }, p.prelude)
	if called != in && (called != p.prelude || p.declared[in.Name] == in) && p.err == nil {
		p.err = &InvalidError{"transaction " + strconv.Quote(t.ID),
			fmt.Sprintf("cannot be printed: by its name it would not call intent %q; call it %s1", in.Name, in.Name)}
	}
	p.add("  intent ")
	p.name("transaction", t.ID)
	p.add("(")
	for i, arg := range t.Call.Args {
		if i > 0 {
			p.add(", ")
		}
		if in.Params[i].Type == AccountParam {
			p.add(p.batch.Accounts[arg.Account].Name)
		} else {
			p.out = strconv.AppendInt(p.out, arg.Amount, 10)
		}
	}
	p.add(")")
}
