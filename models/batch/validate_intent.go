package batch

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// oldPrefix before a parameter's name makes the balance before the transaction.
const oldPrefix = "old_"

// validate says what is wrong with an intent, as a phrase about it.
func (in *Intent) validate() error {
	if in == nil {
		return errors.New("is nil")
	}
	if in.Name == "" {
		return errors.New("has no name")
	}
	for i, p := range in.Params {
		switch {
		case p.Name == "":
			return fmt.Errorf("has no name for parameter %d", i)
		case strings.HasPrefix(p.Name, oldPrefix):
			return fmt.Errorf("has a parameter %q; names that begin with old_ mean balances before the transaction", p.Name)
		case p.Type > AmountParam:
			return fmt.Errorf("has a parameter %q of unknown type %d", p.Name, p.Type)
		case slices.ContainsFunc(in.Params[:i], func(q Param) bool { return q.Name == p.Name }):
			return fmt.Errorf("has two parameters %q", p.Name)
		}
	}
	for _, conds := range [][]Cond{in.Guard, in.Verify} {
		for i := range conds {
			if err := in.validateCond(&conds[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (in *Intent) validateCond(c *Cond) error {
	if c.Op > LT {
		return fmt.Errorf("has an unknown comparison %d", c.Op)
	}
	return errors.Join(in.validateExpr(c.Left, 1), in.validateExpr(c.Right, 1))
}

func (in *Intent) validateExpr(e *Expr, depth int) error {
	switch {
	case e == nil:
		return errors.New("has an expression with a missing operand")
	case depth > MaxDepth:
		return fmt.Errorf("has an expression nested deeper than %d", MaxDepth)
	}
	switch e.Kind {
	case IntLit:
		return nil
	case Amount, Old, New:
		want := AccountParam
		if e.Kind == Amount {
			want = AmountParam
		}
		if e.Param < 0 || e.Param >= len(in.Params) {
			return fmt.Errorf("has an expression on parameter %d of %d", e.Param, len(in.Params))
		}
		if p := in.Params[e.Param]; p.Type != want {
			return fmt.Errorf("uses its %v parameter %q as an %v", p.Type, p.Name, want)
		}
		return nil
	case Neg:
		return in.validateExpr(e.Left, depth+1)
	case Add, Sub, Mul, Div, Mod:
		if err := in.validateExpr(e.Left, depth+1); err != nil {
			return err
		}
		return in.validateExpr(e.Right, depth+1)
	default:
		return fmt.Errorf("has an expression of unknown kind %d", e.Kind)
	}
}

// equal reports whether two well-formed intents say the same.
func (in *Intent) equal(o *Intent) bool {
	sameCond := func(c, d Cond) bool {
		return c.Op == d.Op && c.Left.equal(d.Left) && c.Right.equal(d.Right)
	}
	return in.Name == o.Name && slices.Equal(in.Params, o.Params) && slices.Equal(in.Solve, o.Solve) &&
		slices.EqualFunc(in.Guard, o.Guard, sameCond) && slices.EqualFunc(in.Verify, o.Verify, sameCond)
}

func (e *Expr) equal(o *Expr) bool {
	if e == nil || o == nil {
		return e == o
	}
	return e.Kind == o.Kind && e.Int == o.Int && e.Param == o.Param && e.Left.equal(o.Left) && e.Right.equal(o.Right)
}
