package command

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"

	"synchrony/models/text"
	"synchrony/properties"
)

// builtIn is the path of the main package that has the built-in properties, below the module's root.
const builtIn = "/cmd/verify"

// mainPackage is the import path of this program's main package, as the linker has noted it. It is empty for the program with the built-in
// properties, which a reader of a counterexample has, and where it is not known, as in a test of this package.
func mainPackage() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Path == info.Main.Path+builtIn || strings.HasSuffix(info.Path, ".test") {
		return ""
	}
	return info.Path
}

// buildPath is the import path that the go command builds this program from; "" if it is not known, as of one that was built from files.
func buildPath() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Path == "command-line-arguments" {
		return ""
	}
	return info.Path
}

// mainFolder is the folder with the source of the main function that the calling goroutine runs below; "" if there is none, or the source is not there.
func mainFolder() string {
	var callers [64]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers[:])])
	for {
		f, more := frames.Next()
		if f.Function == "main.main" {
			if info, err := os.Stat(f.File); err != nil || !info.Mode().IsRegular() || !filepath.IsAbs(f.File) {
				return ""
			}
			return filepath.Dir(f.File)
		}
		if !more {
			return ""
		}
	}
}

// ofGoRun is the folder that go run builds a program in, and the one that it keeps it in.
var ofGoRun = regexp.MustCompile(`(^|[/\\])(go-build[0-9]+[/\\]b001[/\\]exe|[0-9a-f]{64}-d)$`)

// invocation is what a person types to run the program of that name, whose file is at path: if go run has built it for this run alone, there is no such command,
// but its main package can be run.
func invocation(name, path, main string) string {
	switch {
	case main == "":
		return name
	case main != "command-line-arguments" && ofGoRun.MatchString(filepath.Dir(path)):
		return "go run " + main
	case !filepath.IsAbs(path) && filepath.Base(path) != path: // as it was typed
		return text.QuoteWord(path)
	}
	return name
}

// typed is what a person types to run this program.
func typed() string { return invocation(programName(), os.Args[0], mainPackage()) }

// programName is the name of this program's file, by which a person runs it: see [invocation].
func programName() string {
	if mainPackage() == "" {
		return "verify"
	}
	return strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
}

// undefined says that this program does not define the property of a counterexample, and which one does if the file says so.
func (a *app) undefined(path string, c *properties.Counterexample) error {
	if c.Program != "" && c.Program != a.program() {
		return fmt.Errorf("%s: property %q is defined by another program; run: %s", path, c.Property, c.Reproduce(path))
	}
	return fmt.Errorf("%s: there is no property %q here%s; %s list names those there are",
		path, c.Property, didYouMean(c.Property, names(a.registry)), typed())
}
