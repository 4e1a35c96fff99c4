package auto

import (
	"fmt"
	"go/ast"
	"go/types"
	"path"
	"slices"
	"strings"
)

// selectEnv is the environment variable that says which mutant a program of schemata
// is: its number; without it, the program is as it was.
const selectEnv = "VERIFY_AUTO_MUTANT"

// Schemata is one program that is every mutant of a list, so that all of them cost one
// build (Untch, Offutt, Harrold, Mutation Analysis Using Mutant Schemata, ISSTA 1993). Beside
// each function stand copies of it, each with one change, and it begins by asking whether
// the program is one of those mutants.
type Schemata struct {
	Files  map[string][]byte // the program's other files, by path
	number map[*Mutant]int   // from 1
}

// Schemata makes one program of mutants that compile.
func (s *Source) Schemata(list []*Mutant) *Schemata {
	out := &Schemata{Files: map[string][]byte{}, number: map[*Mutant]int{}}
	for i, m := range list {
		out.number[m] = i + 1
	}
	packages := map[string]string{} // by folder: the name
	for _, f := range s.files {
		mine := slices.DeleteFunc(slices.Clone(list), func(m *Mutant) bool { return m.Path != f.path })
		if len(mine) > 0 {
			out.Files[f.path] = f.schemata(mine, out.number)
			packages[path.Dir(f.path)] = f.syntax.Name.Name
		}
	}
	for folder, name := range packages {
		out.Files[folder+"/"+selectorFile] = fmt.Appendf(nil, selector, name, selectEnv)
	}
	return out
}

// selectorFile is added to each package of schemata.
const selectorFile = "zz_mutant.go"

const selector = `package %s

import (
	"os"
	"strconv"
)

var selectedMutant = func() int {
	n, _ := strconv.Atoi(os.Getenv(%q))
	return n
}()
`

// schemata is the file with copies of its functions, one for each of the mutants.
func (f *file) schemata(list []*Mutant, number map[*Mutant]int) []byte {
	var edits []edit
	var copies []string
	for _, d := range f.syntax.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		p := &place{file: f}
		from, to := p.offset(fn.Pos()), p.offset(fn.End())
		var cases strings.Builder
		named, call := f.callOf(fn)
		for _, m := range list {
			if m.edits[0].from < from || m.edits[0].from >= to {
				continue
			}
			name := fmt.Sprintf("%s_mutant%d", fn.Name.Name, number[m])
			fmt.Fprintf(&cases, "\ncase %d:\n%s", number[m], fmt.Sprintf(call, name))
			start := p.offset(fn.Name.Pos())
			changed := slices.Concat([]edit{{start, p.offset(fn.Name.End()), name}}, m.edits)
			copies = append(copies, "\n\n"+apply(f.text, changed, from, to))
		}
		if cases.Len() > 0 {
			edits = append(edits, named...)
			at := p.offset(fn.Body.Lbrace) + 1
			edits = append(edits, edit{at, at, "\nswitch selectedMutant {" + cases.String() + "\n}\n"})
		}
	}
	return []byte(apply(f.text, edits, 0, len(f.text)) + strings.Join(copies, "") + "\n")
}

// callOf is how a function calls its copy (%s is the copy's name), and the edits that
// name what it has to pass on.
func (f *file) callOf(fn *ast.FuncDecl) (named []edit, call string) {
	p := &place{file: f}
	count := 0
	names := func(list *ast.FieldList) (all []string) {
		if list == nil {
			return nil
		}
		for _, field := range list.List {
			fresh := func() string {
				count++
				return fmt.Sprintf("mutant%d_", count)
			}
			if len(field.Names) == 0 {
				name := fresh()
				named = append(named, edit{p.offset(field.Type.Pos()), p.offset(field.Type.Pos()), name + " "})
				all = append(all, name)
			}
			for _, id := range field.Names {
				name := id.Name
				if name == "_" {
					name = fresh()
					named = append(named, p.edit(id, name))
				}
				all = append(all, name)
			}
			if _, variadic := field.Type.(*ast.Ellipsis); variadic {
				all[len(all)-1] += "..."
			}
		}
		return all
	}
	if fn.Recv != nil {
		call = names(fn.Recv)[0] + "."
	}
	call += "%s"
	if parameters := names(fn.Type.TypeParams); len(parameters) > 0 {
		call += "[" + words(parameters) + "]"
	}
	call += "(" + words(names(fn.Type.Params)) + ")"
	if fn.Type.Results != nil {
		return named, "return " + call
	}
	return named, call + "\nreturn"
}

// apply is a piece of text with edits made, which are all within it.
func apply(text []byte, edits []edit, from, to int) string {
	var out strings.Builder
	at := from
	for _, e := range edits {
		e = wholeLines(text, e)
		out.Write(text[at:e.from])
		out.WriteString(e.text)
		at = e.to
	}
	out.Write(text[at:to])
	return out.String()
}

// recovers reports whether a function calls recover itself: that works only in a function
// that was deferred, not in a copy of it. Such functions have no mutants.
func recovers(info *types.Info, fn *ast.FuncDecl) bool {
	found := false
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		if _, inner := n.(*ast.FuncLit); inner {
			return false
		}
		if id, ok := n.(*ast.Ident); ok {
			b, builtin := info.Uses[id].(*types.Builtin)
			found = found || builtin && b.Name() == "recover"
		}
		return !found
	})
	return found
}
