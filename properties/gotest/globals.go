package gotest

import (
	"go/ast"
	"go/token"
)

// hasState reports whether the files of a package declare variables that may hold something from one run of a test to the next: any but
// those that are set once, to an error or to a regular expression.
func hasState(files []sourceFile) bool {
	for _, f := range files {
		for _, decl := range f.syntax.Decls {
			d, ok := decl.(*ast.GenDecl)
			if !ok || d.Tok != token.VAR {
				continue
			}
			for _, spec := range d.Specs {
				if v := spec.(*ast.ValueSpec); !isBlank(v) && !isFixed(v) {
					return true
				}
			}
		}
	}
	return false
}

func isBlank(v *ast.ValueSpec) bool {
	for _, name := range v.Names {
		if name.Name != "_" {
			return false
		}
	}
	return true
}

// isFixed reports whether all values are made by functions whose results nobody changes.
func isFixed(v *ast.ValueSpec) bool {
	for _, value := range v.Values {
		call, ok := value.(*ast.CallExpr)
		if !ok {
			return false
		}
		fn, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		pkg, ok := fn.X.(*ast.Ident)
		if !ok {
			return false
		}
		switch pkg.Name + "." + fn.Sel.Name {
		case "errors.New", "fmt.Errorf", "regexp.MustCompile":
		default:
			return false
		}
	}
	return len(v.Values) > 0
}
