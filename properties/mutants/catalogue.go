package mutants

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

//go:embed patches
var patches embed.FS

// All returns the mutants that are part of this program, by name.
func All() ([]*Mutant, error) { return load(patches) }

// load parses the patches in the folder patches of a file system; a walk is in
// the order of names.
func load(files fs.FS) ([]*Mutant, error) {
	paths, err := fs.Glob(files, "patches/*"+suffix)
	if err != nil {
		return nil, err
	}
	slices.Sort(paths)
	var all []*Mutant
	for _, path := range paths {
		data, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		m, err := parsePatch(path, data)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// Find returns the mutant of a name; nil if there is none.
func Find(all []*Mutant, name string) *Mutant {
	if i := slices.IndexFunc(all, func(m *Mutant) bool { return m.Name == name }); i >= 0 {
		return all[i]
	}
	return nil
}

// Variant applies the mutant's patch to the workspace's source. The error is an
// [*ApplyError] if the patch no longer fits.
func (w *Workspace) Variant(m *Mutant) (Variant, error) {
	source, err := os.ReadFile(filepath.Join(w.root, filepath.FromSlash(m.Path)))
	if err != nil {
		return Variant{}, &ApplyError{m.Name, m.Path, 1, fmt.Sprintf("the file cannot be read: %v", err)}
	}
	mutated, err := m.apply(source)
	return Variant{m.Name, m.Path, mutated}, err
}
