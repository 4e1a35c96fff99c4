package program

import "slices"

// Equal reports whether p and q are the same program: tables, functions and code. Source lines and
// expectations are no part of that.
func (p *Program) Equal(q *Program) bool {
	return slices.EqualFunc(p.Constants, q.Constants, Identical) &&
		slices.Equal(p.Names, q.Names) &&
		slices.EqualFunc(p.Functions, q.Functions, func(f, g Function) bool {
			return f.Name == g.Name && f.Params == g.Params &&
				slices.Equal(f.Locals, g.Locals) && slices.Equal(f.Code, g.Code)
		})
}
