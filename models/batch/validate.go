package batch

import (
	"errors"
	"fmt"
	"slices"
)

// InvalidError is one thing that is wrong with a batch made in Go.
type InvalidError struct {
	Where   string // `transaction "t1"`
	Problem string // what is wrong, and what would be right
}

func (e *InvalidError) Error() string { return e.Where + ": " + e.Problem }

// maxErrors is how many problems are reported at once: enough to fix several in
// one go, few enough to be read.
const maxErrors = 10

// Validate reports what is wrong with the batch: the first ten problems, joined,
// each an [*InvalidError]. A batch that Parse or Builder.Build returned is valid.
// A cycle among the after clauses is not a problem of this kind: such a batch
// can be described, and is refused when it is run.
//
// Executors may rely on a valid batch.
func (b *Batch) Validate() error {
	if b == nil {
		return &InvalidError{"batch", "is nil"}
	}
	v := validator{batch: b, intents: map[*Intent]error{}}
	v.accounts()
	v.declarations()
	v.transactions()
	v.attestations()
	return errors.Join(v.problems...)
}

type validator struct {
	batch    *Batch
	problems []error
	intents  map[*Intent]error // why a call may not use the intent; nil if it may
}

func (v *validator) report(where, format string, args ...any) {
	if len(v.problems) < maxErrors {
		v.problems = append(v.problems, &InvalidError{where, fmt.Sprintf(format, args...)})
	}
}

func (v *validator) accounts() {
	seen := make(map[string]int, len(v.batch.Accounts))
	for i, a := range v.batch.Accounts {
		where := fmt.Sprintf("account %d", i)
		if a.Name == "" {
			v.report(where, "has no name")
		} else if first, ok := seen[a.Name]; ok {
			v.report(where, "is called %q like account %d; names must be unique", a.Name, first)
		} else {
			seen[a.Name] = i
		}
	}
}

func (v *validator) declarations() {
	seen := map[string]bool{}
	for i, in := range v.batch.Intents {
		if in == nil {
			v.report(fmt.Sprintf("intent %d", i), "is nil")
			continue
		}
		where := fmt.Sprintf("intent %q", in.Name)
		if seen[in.Name] {
			v.report(where, "is declared twice")
		}
		seen[in.Name] = true
		err := in.validate()
		if err != nil {
			v.report(where, "%v", err)
		}
		v.intents[in] = err
	}
}

func (v *validator) transactions() {
	index := make(map[string]int, len(v.batch.Transactions))
	for i := range v.batch.Transactions {
		id := v.batch.Transactions[i].ID
		if id == "" {
			v.report(fmt.Sprintf("transaction %d", i), "has no ID")
		} else if first, ok := index[id]; ok {
			v.report(fmt.Sprintf("transaction %d", i), "is called %q like transaction %d; IDs must be unique", id, first)
		} else {
			index[id] = i
		}
	}
	for i := range v.batch.Transactions {
		v.transaction(&v.batch.Transactions[i], index)
	}
}

func (v *validator) transaction(t *Transaction, index map[string]int) {
	var problem error
	switch {
	case t.Call != nil && t.Apply != nil:
		problem = errors.New("has both a Call and an Apply; it must have exactly one")
	case t.Call == nil && t.Apply == nil:
		problem = errors.New("has neither a Call nor an Apply; it must have exactly one")
	case t.Work < 0:
		problem = fmt.Errorf("has a negative Work of %v", t.Work)
	case t.Cost < 0:
		problem = fmt.Errorf("has a negative Cost of %v", t.Cost)
	case t.Call != nil && t.Prepare != nil:
		problem = errors.New("has a Prepare, which goes with Apply and not with a Call")
	default:
		problem = errors.Join(v.set("read", t.Reads), v.set("write", t.Writes))
	}
	if problem == nil && t.Call != nil {
		problem = v.call(t)
	}
	where := fmt.Sprintf("transaction %q", t.ID)
	if problem != nil {
		v.report(where, "%v", problem)
	}
	for i, id := range t.After {
		if _, ok := index[id]; !ok {
			v.report(where, "runs after %q, which is not a transaction of the batch", id)
		} else if id == t.ID {
			v.report(where, "runs after itself")
		} else if slices.Contains(t.After[:i], id) {
			v.report(where, "runs after %q twice", id)
		}
	}
}

func (v *validator) set(name string, set []AccountID) error {
	for i, a := range set {
		if err := v.account(a); err != nil {
			return fmt.Errorf("has a %s set with %w", name, err)
		}
		if i > 0 && set[i-1] >= a {
			return fmt.Errorf("has a %s set that is not strictly ascending: %d before %d", name, set[i-1], a)
		}
	}
	return nil
}

func (v *validator) account(a AccountID) error {
	if a < 0 || int(a) >= len(v.batch.Accounts) {
		return fmt.Errorf("account %d, but the batch has %d accounts", a, len(v.batch.Accounts))
	}
	return nil
}

func (v *validator) call(t *Transaction) error {
	c := t.Call
	if c.Intent == nil {
		return errors.New("calls a nil intent")
	}
	if err := v.callable(c); err != nil {
		return err
	}
	if len(c.Args) != len(c.Intent.Params) {
		return fmt.Errorf("calls %s with %d arguments; it takes %d", c.Intent.Name, len(c.Args), len(c.Intent.Params))
	}
	for i, p := range c.Intent.Params {
		if err := v.arg(c, p, c.Args[i]); err != nil {
			return fmt.Errorf("argument for %s.%s: %w", c.Intent.Name, p.Name, err)
		}
	}
	if c.Inline && c.Intent.Name != t.ID {
		return fmt.Errorf("holds the definition of intent %q; an inline intent has the transaction's name", c.Intent.Name)
	}
	if reads, writes := DeriveSets(c); !slices.Equal(reads, t.Reads) || !slices.Equal(writes, t.Writes) {
		return fmt.Errorf("has reads %v and writes %v, but its call has reads %v and writes %v; use DeriveSets",
			t.Reads, t.Writes, reads, writes)
	}
	return nil
}

// callable says whether a call may use its intent: it is well-formed, and
// inline, declared, or the prelude's.
func (v *validator) callable(c *Call) error {
	err, known := v.intents[c.Intent]
	if !known {
		err = c.Intent.validate()
		if err == nil && !c.Inline && !v.batch.isPrelude(c.Intent) {
			err = errors.New("it is not among the batch's intents")
		}
		v.intents[c.Intent] = err
	}
	if err != nil {
		return fmt.Errorf("calls intent %q: %w", c.Intent.Name, err)
	}
	return nil
}

func (v *validator) arg(c *Call, p Param, arg Arg) error {
	switch {
	case p.Type == AmountParam && c.Inline:
		return errors.New("an inline intent's parameters are accounts")
	case p.Type == AmountParam && arg.Account != 0:
		return errors.New("an Amount is wanted, and an Account is given")
	case p.Type == AmountParam:
		return nil
	case arg.Amount != 0:
		return errors.New("an Account is wanted, and an Amount is given")
	}
	if err := v.account(arg.Account); err != nil {
		return err
	}
	if name := v.batch.Accounts[arg.Account].Name; c.Inline && name != p.Name {
		return fmt.Errorf("it is account %q; an inline intent's parameters are the accounts of their names", name)
	}
	return nil
}

// isPrelude reports whether in is the prelude's transfer, made by whatever call of
// Transfer, and not shadowed by a declaration.
func (b *Batch) isPrelude(in *Intent) bool {
	shadowed := slices.ContainsFunc(b.Intents, func(d *Intent) bool { return d != nil && d.Name == TransferName })
	return !shadowed && in.equal(Transfer())
}
