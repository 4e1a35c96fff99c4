package instrument

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// Left is something that stays native: the scheduler neither sees nor replays it.
type Left struct {
	Package string         // import path
	Pos     token.Position // in the user's source; only the file if no place in it is why a whole package stays
	What    string         // a function, an operation, a directive; "package" for the whole of it
	Reason  string
}

func (l Left) String() string {
	where := l.Pos.String()
	if !l.Pos.IsValid() && l.Pos.Filename == "" {
		where = l.Package
	}
	return fmt.Sprintf("%s: %s: %s", where, l.What, l.Reason)
}

// nativeFuncs are functions of the standard library that wait, start goroutines
// or choose without the scheduler, by their full names.
var nativeFuncs = map[string]string{
	"(io/fs.FileInfo).ModTime":      "is a real time",
	"crypto/x509.CreateCertificate": "whether it is valid is judged by the real clock",
	"net/http/cookiejar.New":        "whether cookies are valid is judged by the real clock",
	"io.Pipe":                       "its ends wait for each other natively",
	"os.Pipe":                       "its ends wait for each other natively",
	"os.Executable":                 "a program that starts itself runs as another process",
	"os/exec.Command":               "a child process is not controlled",
	"os/exec.CommandContext":        "a child process is not controlled",
	"os/signal.Notify":              "signals arrive from outside",
	"os/signal.NotifyContext":       "signals arrive from outside",
	"reflect.Select":                "selects natively",
	"(reflect.Value).Recv":          "receives natively",
	"(reflect.Value).Send":          "sends natively",
	"(reflect.Value).TryRecv":       "receives natively",
	"(reflect.Value).TrySend":       "sends natively",
	"(reflect.Value).MapKeys":       "the order of a map differs from run to run",
	"(reflect.Value).MapRange":      "the order of a map differs from run to run",
	"(reflect.Value).Seq":           "ranges natively",
	"(reflect.Value).Seq2":          "ranges natively",
	"runtime.AddCleanup":            "runs when the garbage collector decides",
	"runtime.LockOSThread":          "tasks share one thread",
	"runtime.ReadMemStats":          "counts what the scheduler allocates too",
	"runtime.SetFinalizer":          "runs when the garbage collector decides",
	"testing.AllocsPerRun":          "counts what the scheduler allocates too",
}

// watched are those of nativeFuncs that have a stand-in which only notes that they were called.
var watched = []string{"os/exec.Command", "os/exec.CommandContext", "runtime.ReadMemStats", "testing.AllocsPerRun"}

// nativePackages are those of the standard library that wait for the world, or
// run goroutines of their own.
var nativePackages = map[string]string{
	"crypto/rand":       "draws other numbers in each run",
	"crypto/tls":        "the network is not controlled",
	"database/sql":      "opens connections in goroutines of its own",
	"net":               "the network is not controlled",
	"net/http":          "serves and sends in goroutines of its own",
	"net/http/httptest": "serves in goroutines of its own",
	"net/rpc":           "serves in goroutines of its own",
	"net/smtp":          "the network is not controlled",
	"log/syslog":        "the network is not controlled",
	"plugin":            "plugins are compiled elsewhere",
	"testing/quick":     "draws other values in each run",
}

// uncontrolled lists a use of a function that waits without the scheduler.
func (f *file) uncontrolled(n *ast.SelectorExpr) {
	fn, ok := f.info.Uses[n.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil {
		return
	}
	f.usesFiles(n, fn)
	name := fn.FullName()
	reason, ok := nativeFuncs[name]
	if ok && (f.lib.native(fn) || slices.Contains(watched, name)) {
		f.left(n.Sel.Pos(), name, reason)
	}
}

// outsideFuncs are methods of the standard library that wait for something outside of the process. They stay native; before they are
// called, the scheduler is told.
var outsideFuncs = []string{
	"(*os/exec.Cmd).Wait", "(*os/exec.Cmd).Run", "(*os/exec.Cmd).Output", "(*os/exec.Cmd).CombinedOutput", "(*os.Process).Wait",
}

// waitsOutside reports whether a selector is of such a method, of a value and not of an embedded one.
func (f *file) waitsOutside(n *ast.SelectorExpr) bool {
	fn, ok := f.info.Uses[n.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil || !slices.Contains(outsideFuncs, fn.FullName()) || !f.lib.native(fn) {
		return false
	}
	s := f.info.Selections[n]
	return s != nil && s.Kind() == types.MethodVal && len(s.Index()) == 1
}

// outsideOf tells the scheduler, where x is evaluated, that a method of it is about to wait.
func (f *file) outsideOf(x ast.Expr) []edit {
	call := f.use(runtimeDir) + ".Outside("
	if _, pointer := types.Unalias(f.info.TypeOf(x)).(*types.Pointer); !pointer {
		call += "&"
	}
	edits := []edit{f.insert(x.Pos(), call)}
	edits = append(edits, f.edits(x)...)
	return append(edits, f.insert(x.End(), ")"))
}

// outside lists what the imports and directives of a file leave uncontrolled.
func (f *file) outside() {
	for _, im := range f.syntax.Imports {
		path := strings.Trim(im.Path.Value, `"`)
		if reason, ok := nativePackages[path]; ok {
			f.left(im.Pos(), path, reason)
		}
		if path == "C" {
			f.left(im.Pos(), "cgo", "C code runs natively")
		}
	}
	for _, group := range f.syntax.Comments {
		for _, c := range group.List {
			to, ok := strings.CutPrefix(c.Text, "//go:linkname ")
			if !ok {
				continue
			}
			fields := strings.Fields(to)
			if len(fields) == 2 && f.reachesRuntime(fields[1]) {
				f.left(c.Pos(), "go:linkname", fields[1]+" is called natively")
			}
		}
	}
}

// reachesRuntime reports whether a linked symbol is in a package that schedules
// or that has a stand-in.
func (f *file) reachesRuntime(symbol string) bool {
	dot := strings.LastIndexByte(symbol, '.')
	if dot < 0 {
		return false
	}
	pkg := symbol[:dot]
	return standIns[pkg] != "" || strings.HasPrefix(pkg, "internal/") || strings.HasPrefix(pkg, "runtime")
}

// sortLeft orders by package and place, and drops what is said twice.
func sortLeft(list []Left) []Left {
	slices.SortFunc(list, func(a, b Left) int {
		return cmp.Or(
			cmp.Compare(a.Package, b.Package), cmp.Compare(a.Pos.Filename, b.Pos.Filename),
			cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column),
			cmp.Compare(a.What, b.What), cmp.Compare(a.Reason, b.Reason))
	})
	return slices.Compact(list)
}

// assembly names the assembly files of a package.
func assembly(files []string) []string {
	var names []string
	for _, name := range files {
		if filepath.Ext(name) == ".s" {
			names = append(names, name)
		}
	}
	return names
}
