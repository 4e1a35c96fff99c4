package instrument

import (
	"go/ast"
	"go/types"
	"slices"
)

// A moment by the virtual clock means nothing to code that goes by the real one, and the other way round: a connection whose deadline was
// computed from the virtual time would time out at once, or never.

// momentMethods are methods that are given or return a moment. Each has a function of its name in the stand-in of package time, which takes
// the receiver and returns the method, translated if the receiver turns out to be the standard library's.
var momentMethods = []string{"Deadline", "SetDeadline", "SetReadDeadline", "SetWriteDeadline"}

// realTimeFuncs are functions of the standard library that tell, or compare, real times, and are called natively. What fails in a run that
// calls one may do so because virtual times differ.
var realTimeFuncs = []string{"(io/fs.FileInfo).ModTime", "crypto/x509.CreateCertificate", "net/http/cookiejar.New"}

// moment makes the edits of a selector that is a method with a moment, or a function that goes by real time.
func (f *file) moment(n *ast.SelectorExpr) ([]edit, bool) {
	fn, ok := f.info.Uses[n.Sel].(*types.Func)
	switch {
	case !ok || fn.Pkg() == nil:
		return nil, false
	case f.realTime(fn):
		edits := []edit{f.insert(n.Pos(), f.use(runtimeDir)+".RealTime(")}
		if id, ok := n.X.(*ast.Ident); ok && f.isPackage(id) {
			f.keep(id)
		} else {
			edits = append(edits, f.edits(n.X)...)
		}
		return append(edits, f.insert(n.End(), ")")), true
	case !f.translates(n, fn):
		return nil, false
	}
	call := f.use(timeDir) + "." + fn.Name() + "("
	if t := f.info.TypeOf(n.X); types.NewMethodSet(t).Lookup(fn.Pkg(), fn.Name()) == nil {
		call += "&" // the method of an addressable value
	}
	edits := []edit{f.insert(n.Pos(), call)}
	edits = append(edits, f.edits(n.X)...)
	return append(edits, f.replace(n.X.End(), n.End(), ")"+f.newlines(n.X.End(), n.End()))), true
}

// realTime reports whether a function goes by real time.
func (f *file) realTime(fn *types.Func) bool {
	_, has := f.lib.exports[runtimeDir]["RealTime"]
	return has && f.lib.native(fn) && slices.Contains(realTimeFuncs, fn.FullName())
}

// translates reports whether a method, selected from a value, may be one of the standard library's with a moment. Which one an interface
// holds shows when it is called.
func (f *file) translates(n *ast.SelectorExpr, fn *types.Func) bool {
	s := f.info.Selections[n]
	if s == nil || s.Kind() != types.MethodVal || !slices.Contains(momentMethods, fn.Name()) {
		return false
	}
	if _, has := f.lib.exports[timeDir][fn.Name()]; !has {
		return false
	}
	if !f.lib.native(fn) && !types.IsInterface(fn.Signature().Recv().Type()) {
		return false
	}
	in, out := fn.Signature().Params(), fn.Signature().Results()
	if fn.Name() == "Deadline" {
		return in.Len() == 0 && out.Len() == 2 && isTime(out.At(0).Type()) && isBasic(out.At(1).Type(), types.Bool)
	}
	return in.Len() == 1 && isTime(in.At(0).Type()) && out.Len() == 1 && types.Identical(out.At(0).Type(), types.Universe.Lookup("error").Type())
}

// dialers notes that a value becomes the deadline of a net.Dialer, in a literal or by an assignment.
func (f *file) dialers(n ast.Node) {
	switch n := n.(type) {
	case *ast.CompositeLit:
		if !isDialer(f.info.TypeOf(n)) {
			return
		}
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				if key, ok := kv.Key.(*ast.Ident); ok && key.Name == "Deadline" {
					f.moments[kv.Value] = true
				}
			}
		}
	case *ast.AssignStmt:
		for i, l := range n.Lhs {
			s, ok := ast.Unparen(l).(*ast.SelectorExpr)
			if ok && len(n.Lhs) == len(n.Rhs) && f.isDialerDeadline(s) {
				f.moments[n.Rhs[i]] = true
			}
		}
	}
}

func (f *file) isDialerDeadline(s *ast.SelectorExpr) bool {
	return s.Sel.Name == "Deadline" && isDialer(f.info.TypeOf(s.X))
}

// isDialer reports whether a type is net.Dialer, or a pointer to it.
func isDialer(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	return isNamed(t, "net", "Dialer")
}

// outwards translates the value of an expression that leaves the run's clock.
func (f *file) outwards(e ast.Expr) []edit {
	delete(f.moments, e)
	edits := []edit{f.insert(e.Pos(), f.use(timeDir)+".Real(")}
	edits = append(edits, f.edits(e)...)
	return append(edits, f.insert(e.End(), ")"))
}

func isTime(t types.Type) bool { return isNamed(t, "time", "Time") }

func isNamed(t types.Type, pkg, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == pkg && n.Obj().Name() == name
}

func isBasic(t types.Type, kind types.BasicKind) bool {
	b, ok := types.Unalias(t).(*types.Basic)
	return ok && b.Kind() == kind
}

func (f *file) isPackage(id *ast.Ident) bool {
	_, ok := f.info.Uses[id].(*types.PkgName)
	return ok
}

// keep and redirect note that a name of an import is used as it is, or no more.

func (f *file) keep(id *ast.Ident) {
	name := f.info.Uses[id].(*types.PkgName)
	u := f.imports[name]
	u.kept++
	f.imports[name] = u
}

func (f *file) redirect(id *ast.Ident) {
	name := f.info.Uses[id].(*types.PkgName)
	u := f.imports[name]
	u.redirected++
	f.imports[name] = u
}
