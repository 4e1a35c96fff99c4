package command

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

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

// programName is what a person types to run this program.
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
		path, c.Property, didYouMean(c.Property, names(a.registry)), programName())
}
