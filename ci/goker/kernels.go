package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// kernel is a bug of GoKer: one test in a package of its own.
type kernel struct {
	name     string // its folder, such as blocking/etcd/7492
	blocking bool   // what kind of bug it is
	names    names  // what its README says of the place
	failure  *failure
	seconds  float64 // of its search
	searched int     // schedules
	replayed int     // how often the finding showed again
}

// goLine is the language that the kernels were written in: a loop has one variable for all its turns.
const goLine = "1.21"

// layOut copies the kernels of GoBench's folder goker into a module of their own, and lists them.
func layOut(source, module string) ([]kernel, error) {
	tests, err := filepath.Glob(filepath.Join(source, "*", "*", "*", "*_test.go"))
	if err != nil {
		return nil, err
	}
	var list []kernel
	for _, test := range tests {
		folder := filepath.Dir(test)
		name, err := filepath.Rel(source, folder)
		if err != nil {
			return nil, err
		}
		k := kernel{name: filepath.ToSlash(name), blocking: strings.HasPrefix(filepath.ToSlash(name), "blocking/")}
		text, err := os.ReadFile(test)
		if err != nil {
			return nil, err
		}
		if readme, err := os.ReadFile(filepath.Join(folder, "README.md")); err == nil {
			k.names = namesIn(string(readme), string(text))
		}
		to := filepath.Join(module, name)
		if err := os.MkdirAll(to, 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(to, filepath.Base(test)), text, 0o644); err != nil {
			return nil, err
		}
		list = append(list, k)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s holds no kernels: want the folder gobench/goker, with blocking and nonblocking in it", source)
	}
	slices.SortFunc(list, func(a, b kernel) int { return strings.Compare(a.name, b.name) })
	return list, os.WriteFile(filepath.Join(module, "go.mod"), []byte("module goker\n\ngo "+goLine+"\n"), 0o644)
}
