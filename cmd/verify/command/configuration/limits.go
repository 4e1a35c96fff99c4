package configuration

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// A configuration file comes with a folder that may be a stranger's, and is read without being
// asked for. So it has bounds: of its size, of its depth, and of what it lets verify write.
const (
	maxConfig      = 1 << 20 // bytes
	maxConfigDepth = 64      // of nested lists and mappings; flags need three
)

// writes are the flags that name a file or a folder to be written.
var writes = []string{
	"assemble", "corpus", "dir", "events", "html", "json", "junit", "keep", "markdown", "sarif", "state", "store", "test2json", "trace",
}

// bounded refuses a file that is too large or too deep to be read. The parser takes memory in
// proportion to the square of the depth.
func (c *file) bounded(content []byte) error {
	if len(content) > maxConfig {
		return fmt.Errorf("%s: %d bytes are too many for a configuration file; the most is %d", c.path, len(content), maxConfig)
	}
	depth := 0
	for i, line := range c.lines {
		if line, _, _ = strings.Cut(line, " #"); strings.HasPrefix(line, "#") {
			continue
		}
		for column, r := range line {
			switch r {
			case '[', '{':
				depth++
			case ']', '}':
				depth = max(depth-1, 0)
			}
			if depth > maxConfigDepth {
				return c.wrong(i+1, column+1, "lists and mappings are nested more than %d deep", maxConfigDepth)
			}
		}
		// "- - - x" is a list in a list in a list, and "? ? ? x" likewise.
		marks := line[:len(line)-len(strings.TrimLeft(line, " \t-?"))]
		if strings.Count(marks, "-")+strings.Count(marks, "?") > maxConfigDepth {
			return c.wrong(i+1, 1, "lists and mappings are nested more than %d deep", maxConfigDepth)
		}
	}
	return nil
}

// within refuses a value that would let the file have something written outside of its folder,
// or of the current one if the file was asked for by name.
func (c *file) within(f *pflag.Flag, v value) error {
	if !slices.Contains(writes, f.Name) || f.Value.Type() != "string" || v.text == "" || v.text == "-" {
		return nil
	}
	folders := []string{filepath.Dir(c.path)}
	if c.asked {
		folders = append(folders, ".")
	}
	for _, folder := range folders {
		if isWithin(folder, v.text) {
			return nil
		}
	}
	return c.at(v.node, "%s is %q, which is outside of the file's folder; what is written elsewhere must be named on the command line: --%s", f.Name, v.text, f.Name)
}

// isWithin reports whether path, which need not exist, is in folder or below, whatever symbolic
// links say.
func isWithin(folder, path string) bool {
	root, err := resolved(folder)
	if err != nil {
		return false
	}
	to, err := resolved(path)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(root, to)
	return err == nil && filepath.IsLocal(rel)
}

// resolved is path without symbolic links, as far as it exists.
func resolved(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	rest := ""
	for {
		real, err := filepath.EvalSymlinks(path)
		if err == nil {
			return filepath.Join(real, rest), nil
		}
		if info, e := os.Lstat(path); e == nil && info.Mode()&os.ModeSymlink != 0 {
			return "", err // it points to what does not exist, wherever that is
		}
		parent := filepath.Dir(path)
		if parent == path {
			return "", err
		}
		path, rest = parent, filepath.Join(filepath.Base(path), rest)
	}
}
