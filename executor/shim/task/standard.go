//go:build go1.26

package task

import (
	"runtime/debug"
	"strings"
	"sync"
)

// modulesOf are the paths of the modules that the program is built from.
var modulesOf = sync.OnceValue(func() (list []string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	list = append(list, info.Main.Path)
	for _, m := range info.Deps {
		list = append(list, m.Path)
	}
	return list
})

// Standard reports whether a package is one of the standard library: of no module that the program is built from.
func Standard(pkg string) bool {
	pkg = strings.TrimSuffix(pkg, "_test")
	if pkg == "" || pkg == "main" {
		return false
	}
	for _, m := range modulesOf() {
		if pkg == m || strings.HasPrefix(pkg, m+"/") {
			return false
		}
	}
	return true
}
