package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"synchrony/properties"
)

// reach is what code each property is made of: the packages that the one which defines it needs, as the go command says. A package is a
// folder: what changes in it, but for tests, changes the package; and what changes below one that embeds files does, too.
type reach struct {
	root     string              // of the module
	packages map[string]pack     // by import path
	needs    map[string][]string // by the property's ID: import paths; a property whose source is not known has none
}

// pack is a package whose source may change: one of the module, or of another that stands in a folder of its own.
type pack struct {
	dir    string
	embeds bool
}

// has reports whether a file may be a part of the package's code. A test is none, and neither is what editors keep beside a file while
// they have it open, or of what it was before.
func (p pack) has(file string) bool {
	name := filepath.Base(file)
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") || strings.HasSuffix(name, "~") || name == "4913" || strings.HasSuffix(name, "_test.go") {
		return false
	}
	return filepath.Dir(file) == p.dir && strings.HasSuffix(name, ".go") || p.embeds && strings.HasPrefix(file, p.dir+string(filepath.Separator))
}

// listed is what the go command says of a package.
type listed struct {
	ImportPath, Dir string
	Standard        bool
	EmbedPatterns   []string
	Deps            []string
	Module          *struct {
		Main    bool
		Replace *struct{ Version string }
	}
}

// reachOf asks the go command what the properties are made of, whose source is in the module at or above the working directory.
func reachOf(ctx context.Context, checks []properties.Testable) (*reach, error) {
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	mod := moduleOf(here)
	if mod == "" {
		return nil, errors.New("what the properties' code is made of is not known: the working directory is in no Go module; run this in the module that the properties are in")
	}
	r := &reach{root: filepath.Dir(mod), packages: map[string]pack{}, needs: map[string][]string{}}
	folders := map[string][]string{} // the properties, by the package that defines them
	var patterns []string
	for _, c := range checks {
		in := c.Info()
		file, _, _ := strings.Cut(in.Source, ":")
		if file == "" {
			continue
		}
		pattern := path.Dir(file)
		if info, err := os.Stat(filepath.Join(r.root, filepath.FromSlash(pattern))); err == nil && info.IsDir() {
			pattern = "./" + pattern // else it is the import path of a package of another module
		}
		if folders[pattern] == nil {
			patterns = append(patterns, pattern)
		}
		folders[pattern] = append(folders[pattern], in.ID)
	}
	if len(patterns) == 0 {
		return r, nil
	}
	all, err := goList(ctx, r.root, patterns)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if p.local() {
			r.packages[p.ImportPath] = pack{p.Dir, len(p.EmbedPatterns) > 0}
		}
		for pattern, ids := range folders { // each ID is in one of them
			if p.ImportPath == pattern || filepath.Join(r.root, filepath.FromSlash(pattern)) == p.Dir {
				for _, id := range ids {
					r.needs[id] = append(slices.Clone(p.Deps), p.ImportPath)
				}
			}
		}
	}
	return r, nil
}

// local reports whether the package's source may change: it is neither of Go itself nor of a module at a version.
func (p *listed) local() bool {
	return !p.Standard && p.Module != nil && (p.Module.Main || p.Module.Replace != nil && p.Module.Replace.Version == "")
}

// goList are the packages of the patterns, and those they need.
func goList(ctx context.Context, root string, patterns []string) (all []listed, err error) {
	out, err := output(ctx, root, "go", append([]string{"list", "-deps", "-json=ImportPath,Dir,Standard,EmbedPatterns,Deps,Module"}, patterns...)...)
	if err != nil {
		return nil, fmt.Errorf("what the properties' code is made of is not known: %w", err)
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		all = append(all, p)
	}
}

// output is what a command writes to standard output. An error has the first line of what it says of itself.
func output(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	var failed *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &failed):
		what := strings.TrimSpace(string(failed.Stderr))
		if line, _, more := strings.Cut(what, "\n"); more {
			what = line + " …"
		}
		return nil, fmt.Errorf("%s %s: %s", name, args[0], what)
	}
	return out, err
}

// reached are the properties, of those asked for, whose code some of the files are a part of. The files' names are absolute.
func (r *reach) reached(checks []properties.Testable, files []string) (ids []string) {
	changed := map[string]bool{}
	everything := false
	for _, f := range files {
		switch name := filepath.Base(f); {
		case (name == "go.mod" || name == "go.sum") && filepath.Dir(f) == r.root:
			everything = true
		default:
			for path, p := range r.packages {
				if p.has(f) {
					changed[path] = true
				}
			}
		}
	}
	for _, c := range checks {
		id := c.Info().ID
		needs, known := r.needs[id]
		if everything || !known || slices.ContainsFunc(needs, func(path string) bool { return changed[path] }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// stamp is what tells a file from what it was.
type stamp struct {
	size     int64
	modified int64 // nanoseconds
}

// stamps are those of all files that a property can be reached from.
func (r *reach) stamps() (map[string]stamp, error) {
	all := map[string]stamp{}
	note := func(path string, e fs.DirEntry) {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() { // else it is gone by now, which is a change, too
			all[path] = stamp{info.Size(), info.ModTime().UnixNano()}
		}
	}
	for _, p := range r.packages {
		err := filepath.WalkDir(p.dir, func(at string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case e.IsDir():
				if at != p.dir && !p.embeds {
					return fs.SkipDir
				}
			case p.has(at):
				note(at, e)
			}
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		if info, err := os.Stat(filepath.Join(r.root, name)); err == nil {
			note(filepath.Join(r.root, name), fs.FileInfoToDirEntry(info))
		}
	}
	return all, nil
}
