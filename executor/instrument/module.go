package instrument

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// A dependency in the module cache must not be overlaid: the go command takes
// the cache for immutable. Modules of which a file is rewritten are copied, and
// replaced by their copies in a go.mod (or go.work) of ours. All other files,
// of the user's own modules, of local replacements and of vendored modules, are
// overlaid where they are.

// moduleCopy is a module whose rewritten copy is compiled.
type moduleCopy struct {
	path, version string // as required
	dir           string
}

// inModuleCache reports whether a file must not be overlaid.
func (b *builder) inModuleCache(name string) bool {
	return strings.HasPrefix(name, b.env.GOMODCACHE+string(filepath.Separator))
}

// copyModules copies the modules of the module cache of which files are rewritten.
func (b *builder) copyModules(r *rewriter) ([]moduleCopy, error) {
	members := map[string][]*packages.Package{} // by module path
	changed := map[string]bool{}
	for _, id := range b.graph.ids {
		p := b.graph.nodes[id]
		if len(p.GoFiles) == 0 || !b.inModuleCache(p.GoFiles[0]) {
			continue
		}
		members[p.Module.Path] = append(members[p.Module.Path], p)
		for _, name := range p.GoFiles {
			changed[p.Module.Path] = changed[p.Module.Path] || r.files[name] != ""
		}
	}
	var copies []moduleCopy
	for _, path := range slices.Sorted(maps.Keys(changed)) {
		if !changed[path] {
			continue
		}
		m := members[path][0].Module
		files, err := moduleFiles(effective(m), members[path], r)
		if err != nil {
			return nil, err
		}
		dir, err := b.cache.tree(files)
		if err != nil {
			return nil, err
		}
		copies = append(copies, moduleCopy{m.Path, m.Version, dir})
	}
	return copies, nil
}

func effective(m *packages.Module) *packages.Module {
	if m.Replace != nil {
		return m.Replace
	}
	return m
}

// moduleFiles are the files of a module that its packages need, rewritten where
// they are. C code may include what no list names, so a module with any is
// taken whole.
func moduleFiles(m *packages.Module, members []*packages.Package, r *rewriter) (map[string][]byte, error) {
	files := map[string][]byte{}
	add := func(name string) error {
		rel, err := filepath.Rel(m.Dir, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if _, ok := files[rel]; ok {
			return nil
		}
		if text := r.files[name]; text != "" {
			files[rel] = []byte(placed(name, text))
			return nil
		}
		files[rel], err = os.ReadFile(name)
		return err
	}
	for _, p := range members {
		names := slices.Concat(p.GoFiles, p.OtherFiles, p.EmbedFiles)
		if whole := slices.ContainsFunc(p.GoFiles, r.importsC); whole {
			err := filepath.WalkDir(m.Dir, func(name string, d os.DirEntry, err error) error {
				if err == nil && d.Type().IsRegular() {
					names = append(names, name)
				}
				return err
			})
			if err != nil {
				return nil, err
			}
		}
		for _, name := range names {
			if err := add(name); err != nil {
				return nil, err
			}
		}
	}
	mod, err := os.ReadFile(m.GoMod)
	if err != nil {
		return nil, err
	}
	files["go.mod"] = mod
	return files, nil
}

func (r *rewriter) importsC(name string) bool {
	f := r.check.parsed[name]
	if f == nil {
		return false
	}
	for _, im := range f.syntax.Imports {
		if im.Path.Value == `"C"` {
			return true
		}
	}
	return false
}

// placed says where the lines of a copied file come from, so that stacks and
// reports show the file that the user can open. The C tool keeps its own account.
func placed(name, text string) string {
	if strings.Contains(text, `import "C"`) {
		return text
	}
	return "//line " + name + ":1\n" + strings.TrimPrefix(text, "\ufeff")
}

// overlay writes the rewritten files that are not in copies, and the go.mod files
// that vendored modules lack, and the list that puts them in their places.
func (b *builder) overlay(r *rewriter) (string, error) {
	dir := filepath.Join(b.work, "src")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	write := func(name, text string) error {
		to := filepath.Join(dir, fmt.Sprintf("%d_%s", len(b.places), filepath.Base(name)))
		b.places[name] = to
		return os.WriteFile(to, []byte(text), 0o644)
	}
	for _, name := range slices.Sorted(maps.Keys(r.files)) {
		if b.inModuleCache(name) {
			continue
		}
		if err := write(name, r.files[name]); err != nil {
			return "", err
		}
	}
	for _, m := range b.vendored() {
		text := "module " + m.path + "\n"
		if m.goVersion != "" {
			text += "\ngo " + m.goVersion + "\n"
		}
		if err := write(filepath.Join(m.dir, "go.mod"), text); err != nil {
			return "", err
		}
	}
	list, err := json.Marshal(map[string]any{"Replace": b.places})
	if err != nil {
		return "", err
	}
	name := filepath.Join(b.work, "overlay.json")
	return name, os.WriteFile(name, list, 0o644)
}

// modfile makes the go.mod that requires the runtime and the copies, and returns
// the flags that name it.
func (b *builder) modfile(ctx context.Context, runtime string, copies []moduleCopy) ([]string, error) {
	name := filepath.Join(b.work, "verify.mod")
	edits := []string{"mod", "edit", "-require=" + away + "@v0.0.0", "-replace=" + away + "=" + runtime}
	vendored := b.vendored()
	if len(vendored) > 0 {
		if err := b.vendoredModfile(name); err != nil {
			return nil, err
		}
		for _, m := range vendored {
			edits = append(edits, "-require="+m.path+"@v0.0.0", "-replace="+m.path+"="+m.dir)
		}
	} else {
		if err := copyFile(b.env.GOMOD, name); err != nil {
			return nil, err
		}
		sum := filepath.Join(filepath.Dir(b.env.GOMOD), "go.sum")
		if err := copyFile(sum, filepath.Join(b.work, "verify.sum")); err != nil && !os.IsNotExist(err) {
			return nil, err
		}
		for _, m := range copies {
			edits = append(edits, "-replace="+m.path+"@"+m.version+"="+m.dir)
		}
	}
	if _, err := goCommand(ctx, b.work, []string{"GOWORK=off"}, append(edits, name)...); err != nil {
		return nil, fmt.Errorf("go mod edit: %w", err)
	}
	return []string{"-mod=readonly", "-modfile=" + name}, nil
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o644)
}
