package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// adapters are files that are built in the temporary module only: here, a tag that nobody sets keeps them out.
//
//go:embed adapters
var adapters embed.FS

// ignored is that tag.
const ignored = "//go:build ignore\n\n"

// build makes the program that measures in a folder that it creates, with the peers of the checkouts, and returns its path.
func build(folder, root string, checkouts map[string]string) (string, error) {
	if err := writeAdapters(folder); err != nil {
		return "", err
	}
	mod := strings.Builder{}
	mod.WriteString("module peers\n\ngo 1.26.0\n")
	var imports, list strings.Builder
	for _, s := range sources {
		checkout, ok := checkouts[s.name]
		if !ok {
			if err := os.RemoveAll(filepath.Join(folder, s.adapter)); err != nil {
				return "", err
			}
			continue
		}
		if err := s.copy(checkout, folder); err != nil {
			return "", fmt.Errorf("%s: %w", s.name, err)
		}
		lines, err := s.requirements(checkout)
		if err != nil {
			return "", fmt.Errorf("%s: %w", s.name, err)
		}
		mod.WriteString(lines)
		fmt.Fprintf(&imports, "\t%q\n", "peers/"+s.adapter)
		fmt.Fprintf(&list, "%s.Peer, ", s.adapter)
	}
	program := "package main\n\nimport (\n\t\"os\"\n\n\t\"synchrony/executor/synchrony/compare/measure\"\n" + imports.String() +
		")\n\nfunc main() { os.Exit(measure.Main(os.Args[1:], os.Stdout, []measure.Peer{" + list.String() + "})) }\n"
	work := fmt.Sprintf("go 1.26.0\n\nuse (\n\t.\n\t%q\n\t%q\n)\n", root, filepath.Join(root, "executor", "synchrony", "compare"))
	for name, text := range map[string]string{"go.mod": mod.String(), "go.work": work, "main.go": program} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			return "", err
		}
	}
	binary := filepath.Join(folder, "measure")
	if err := goCommand(folder, []string{"GOWORK=" + filepath.Join(folder, "go.work")}, "build", "-o", binary, "."); err != nil {
		return "", fmt.Errorf("the peers do not build beside this project: %w", err)
	}
	return binary, nil
}

// writeAdapters copies the adapters and the stand-ins, without the tag.
func writeAdapters(folder string) error {
	return fs.WalkDir(adapters, "adapters", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := adapters.ReadFile(path)
		if err != nil {
			return err
		}
		to := filepath.Join(folder, filepath.FromSlash(strings.TrimPrefix(path, "adapters/")))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		return os.WriteFile(to, bytes.TrimPrefix(text, []byte(ignored)), 0o644)
	})
}

// copy copies the executor's files from a checkout, with other import paths.
func (s *source) copy(checkout, folder string) error {
	for _, from := range slices.Sorted(maps.Keys(s.copies)) {
		files, err := filepath.Glob(filepath.Join(checkout, from, "*.go"))
		if err != nil {
			return err
		}
		if len(files) == 0 {
			return fmt.Errorf("there are no Go files in %s: is %s a checkout of it?", filepath.Join(checkout, from), checkout)
		}
		to := filepath.Join(folder, filepath.FromSlash(s.copies[from]))
		if err := os.MkdirAll(to, 0o755); err != nil {
			return err
		}
		for _, file := range files {
			base := filepath.Base(file)
			if strings.HasSuffix(base, "_test.go") || slices.Contains(s.skips, base) {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			for old, new := range s.imports {
				text = bytes.ReplaceAll(text, []byte(`"`+old+`"`), []byte(`"`+new+`"`))
			}
			if err := os.WriteFile(filepath.Join(to, base), text, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// requirements are the lines of a go.mod for what the executor requires, as the checkout's says: the version, and what replaces it.
func (s *source) requirements(checkout string) (string, error) {
	mod, err := os.ReadFile(filepath.Join(checkout, "go.mod"))
	if err != nil {
		return "", err
	}
	var lines strings.Builder
	for _, m := range s.requires {
		required := regexp.MustCompile(`(?m)^\s*(?:require )?` + regexp.QuoteMeta(m) + ` (v\S+)`).FindSubmatch(mod)
		if required == nil {
			return "", fmt.Errorf("its go.mod does not require %s", m)
		}
		fmt.Fprintf(&lines, "\nrequire %s %s\n", m, required[1])
		if r := regexp.MustCompile(`(?m)^\s*(?:replace )?` + regexp.QuoteMeta(m) + `(?: v\S+)? => (\S+ v\S+)`).FindSubmatch(mod); r != nil {
			fmt.Fprintf(&lines, "\nreplace %s => %s\n", m, r[1])
		}
	}
	return lines.String(), nil
}

// download has the go command fetch a module, and returns its folder.
func download(module string) (string, error) {
	cmd := exec.Command("go", "mod", "download", "-json", module)
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.Output()
	var m struct{ Dir, Error string }
	if jsonErr := json.Unmarshal(out, &m); jsonErr != nil {
		return "", fmt.Errorf("go mod download: %w", jsonErr)
	}
	if m.Error != "" {
		return "", fmt.Errorf("go mod download: %s", m.Error)
	}
	return m.Dir, err
}

// goCommand runs the go command in a folder.
func goCommand(folder string, env []string, args ...string) error {
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = folder, append(append(os.Environ(), "GOWORK=off"), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go %s: %w\n%s", args[0], err, out)
	}
	return nil
}
