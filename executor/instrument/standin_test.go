package instrument

import (
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// The shims of this module stand in for everything that has to be controlled: for
// all of some packages, and in the others for all that a redirected type is made
// by, or given to. A function that keeps the standard library's type beside a
// type that is redirected would not compile in a user's package.
func TestStandInsAreWhole(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"go.mod": "module example.com/p\n\ngo 1.24\n"})
	lib, err := newLibrary(map[string]fs.FS{"executor": os.DirFS("..")})
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{}
	for path := range standIns {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	exports, err := exportData(t.Context(), &Config{Dir: dir}, paths)
	if err != nil {
		t.Fatal(err)
	}
	c := newChecker(dir, &graph{}, exports)
	for _, path := range paths {
		if _, err := os.Stat(filepath.Join("..", "..", standIns[path])); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		p, err := c.standard(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range p.Scope().Names() {
			o := p.Scope().Lookup(name)
			if !o.Exported() || lib.standIn(path, name) != "" {
				continue
			}
			if slices.Contains(whole, path) {
				t.Errorf("%s.%s has no stand-in", path, name)
			}
			if name == "MainStart" || name == "RunTests" {
				continue // a test that runs tests itself stays native: see foreign
			}
			if fn, ok := o.(*types.Func); ok {
				if with := lib.redirectedIn(fn.Signature()); with != "" {
					t.Errorf("%s.%s has no stand-in, but uses %s, which has", path, name, with)
				}
			}
		}
	}
}
