package properties

import (
	"fmt"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
)

// Here is the place of a call in the source, as "folder/file.go:12", relative to
// the root of the main module: of the call of Here itself if skip is 0, of the call
// of the function that calls Here if it is 1, and so on. It fills a Property's
// Source, so that reports can point at what was violated.
//
// The path is made of the function's import path, not of what the compiler saw, so
// that it is the same on all machines, with -trimpath or without.
func Here(skip int) string {
	pc, file, line, ok := runtime.Caller(skip + 1)
	if !ok {
		return ""
	}
	folder := packageOf(runtime.FuncForPC(pc).Name())
	if info, ok := debug.ReadBuildInfo(); ok {
		if folder == "main" {
			folder = info.Path
		}
		folder = strings.TrimPrefix(strings.TrimPrefix(folder, info.Main.Path), "/")
	}
	return fmt.Sprintf("%s:%d", path.Join(folder, path.Base(file)), line)
}

// testProgram is what runs the tests of this process: "go test" and the import path of their package; empty if that is not known.
func testProgram() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	tested, isTest := strings.CutSuffix(info.Path, ".test")
	if !isTest {
		return ""
	}
	return goTest + " " + tested
}

// goTest begins a Program that is the tests of a package.
const goTest = "go test"

// reportPackage is the import path of the package that writes the report of tests, in whatever module this one is.
func reportPackage() string {
	pc, _, _, _ := runtime.Caller(0)
	return path.Join(path.Dir(packageOf(runtime.FuncForPC(pc).Name())), "reports/testreport")
}

// packageOf is the import path in a function's name, such as
// "example.org/a/b.(*T).Method" or "example.org/a/b.f.func1"; dots in the path's last
// element are escaped. An external test package lies in the folder of what it tests.
func packageOf(function string) string {
	slash := strings.LastIndex(function, "/") + 1
	dot := strings.Index(function[slash:], ".")
	if dot < 0 {
		return function
	}
	return strings.TrimSuffix(strings.ReplaceAll(function[:slash+dot], "%2e", "."), "_test")
}
