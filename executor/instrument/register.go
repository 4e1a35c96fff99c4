package instrument

import (
	"cmp"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// registrars are the functions of the testing shim that generated code gives the
// tests of a package to, by the type that these take. runMain then answers.
var registrars = map[string]string{"T": "Register", "F": "RegisterFuzz", "M": "RegisterMain"}

const runMain = "Main"

// registration is what one package of tests, internal or external, registers.
type registration struct {
	lines []string // calls, in the order of the source
	tests []string
	main  bool
}

// register makes the file that hands a root's tests to the shim, for each of its
// packages, and says which tests these are. A package's functions are registered
// in the order of its files and lines, as the go command would run them.
func (r *rewriter) register(root root) []string {
	internal, external := r.registration(root.internal), r.registration(root.external)
	inExternal := root.internal == "" || external.main
	if root.internal != "" {
		r.generate(root, root.name, "", internal, !inExternal)
	}
	if root.external != "" {
		r.generate(root, root.name+"_test", "_x", external, inExternal)
	}
	return append(internal.tests, external.tests...)
}

func (r *rewriter) registration(id string) registration {
	var reg registration
	p := r.check.checked[id]
	if p == nil {
		return reg
	}
	type test struct {
		o    types.Object
		kind string
	}
	var tests []test
	for o, kind := range r.tests {
		if o.Pkg() == p.types && registrars[kind] != "" {
			tests = append(tests, test{o, kind})
		}
	}
	slices.SortFunc(tests, func(a, b test) int {
		p, q := r.check.fset.PositionFor(a.o.Pos(), false), r.check.fset.PositionFor(b.o.Pos(), false)
		return cmp.Or(cmp.Compare(p.Filename, q.Filename), cmp.Compare(p.Offset, q.Offset))
	})
	for _, t := range tests {
		name := t.o.Name()
		if t.kind == "M" {
			reg.main = true
			reg.lines = append(reg.lines, fmt.Sprintf("__testing.%s(%s)", registrars[t.kind], testName(name)))
			continue
		}
		reg.lines = append(reg.lines, fmt.Sprintf("__testing.%s(%q, %s)", registrars[t.kind], name, testName(name)))
		reg.tests = append(reg.tests, name)
	}
	return reg
}

// generate adds a test file to a package. The TestMain in it takes over from the
// go command's: it never returns.
func (r *rewriter) generate(root root, pkg, suffix string, reg registration, main bool) {
	var b strings.Builder
	fmt.Fprintf(&b, "// Code generated to register tests; DO NOT EDIT.\n\npackage %s\n\nimport (\n\t__testing %q\n", pkg, away+"/"+testingDir)
	if main {
		b.WriteString("\t\"testing\"\n")
	}
	b.WriteString(")\n\nfunc init() {\n\t_ = __testing." + runMain + "\n")
	for _, l := range reg.lines {
		b.WriteString("\t" + l + "\n")
	}
	b.WriteString("}\n")
	if main {
		fmt.Fprintf(&b, "\nfunc TestMain(*testing.M) { __testing.%s() }\n", runMain)
	}
	r.files[r.unusedName(root.dir, "zz_register"+suffix, "_test.go")] = b.String()
}

// unusedName is the name of a file that a folder does not have.
func (r *rewriter) unusedName(dir, base, end string) string {
	for {
		name := filepath.Join(dir, base+end)
		if _, err := os.Lstat(name); os.IsNotExist(err) && r.files[name] == "" {
			return name
		}
		base += "_"
	}
}
