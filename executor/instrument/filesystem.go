package instrument

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// onFiles are the functions of the standard library that look at or change files, by the paths of their packages. The methods of types on
// files are others: see fileTypes.
var onFiles = map[string][]string{
	"io/ioutil":     {"ReadDir", "ReadFile", "TempDir", "TempFile", "WriteFile"},
	"path/filepath": {"EvalSymlinks", "Glob", "Walk", "WalkDir"},
	"os": {
		"Chmod", "Chown", "Chtimes", "CopyFS", "Create", "CreateTemp", "DirFS", "Lchown", "Link", "Lstat", "Mkdir", "MkdirAll", "MkdirTemp", "Open",
		"OpenFile", "OpenInRoot", "OpenRoot", "ReadDir", "ReadFile", "Readlink", "Remove", "RemoveAll", "Rename", "Stat", "Symlink", "Truncate",
		"WriteFile",
	},
}

// fileTypes are the types of package os whose methods are operations on files, but for those that only tell which file it is.
var (
	fileTypes = []string{"File", "Root"}
	telling   = []string{"Fd", "Name"}
)

// filesReason is why operations on files are listed.
const filesReason = "files are shared by all runs, and an operation on one is no step"

// fileUse is what a package does with files: the operations, and the place of the first.
type fileUse struct {
	first token.Position
	names []string
}

// usesFiles notes an operation on files.
func (f *file) usesFiles(n *ast.SelectorExpr, fn *types.Func) {
	if isFileOperation(fn) && !f.isStandardStream(n.X) {
		f.onFiles(n.Sel.Pos(), fn.FullName())
	}
}

func isFileOperation(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if recv == nil {
		return slices.Contains(onFiles[fn.Pkg().Path()], fn.Name())
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, ok := t.(*types.Named)
	return ok && fn.Pkg().Path() == "os" && slices.Contains(fileTypes, named.Obj().Name()) && !slices.Contains(telling, fn.Name())
}

// isStandardStream reports whether an expression is os.Stdout or os.Stderr, on which nothing depends.
func (f *file) isStandardStream(x ast.Expr) bool {
	s, ok := x.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	v, ok := f.info.Uses[s.Sel].(*types.Var)
	return ok && v.Pkg() != nil && v.Pkg().Path() == "os" && (v.Name() == "Stdout" || v.Name() == "Stderr")
}

// add adds an operation at a place.
func (u *fileUse) add(at token.Position, name string) {
	if len(u.names) == 0 || cmp.Or(strings.Compare(at.Filename, u.first.Filename), cmp.Compare(at.Offset, u.first.Offset)) < 0 {
		u.first = at
	}
	if !slices.Contains(u.names, name) {
		u.names = append(u.names, name)
	}
}

// listFiles lists what packages do with files, once for each package.
func (r *rewriter) listFiles() {
	for pkg, u := range r.onFiles {
		slices.Sort(u.names)
		r.left = append(r.left, Left{pkg, u.first, strings.Join(u.names, ", "), filesReason})
	}
}
