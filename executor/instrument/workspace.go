package instrument

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

// workspace makes a go.work that uses the user's modules and the runtime, and
// replaces the dependencies that are copied. In a workspace the go command takes
// no -modfile.
func (b *builder) workspace(ctx context.Context, runtime string, copies []moduleCopy) ([]string, error) {
	home := filepath.Dir(b.env.GOWORK)
	name := filepath.Join(b.work, "go.work")
	if err := copyFile(b.env.GOWORK, name); err != nil {
		return nil, err
	}
	if err := copyFile(b.env.GOWORK+".sum", name+".sum"); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	out, err := goCommand(ctx, b.work, []string{"GOWORK=off"}, "work", "edit", "-json", name)
	if err != nil {
		return nil, fmt.Errorf("go work edit: %w", err)
	}
	type module struct{ Path, Version string }
	var file struct {
		Use     []struct{ DiskPath string }
		Replace []struct{ Old, New module }
	}
	if err := json.Unmarshal([]byte(out), &file); err != nil {
		return nil, fmt.Errorf("go work edit: %w", err)
	}
	edits := []string{"work", "edit", "-use=" + runtime}
	for _, u := range file.Use {
		if !filepath.IsAbs(u.DiskPath) {
			edits = append(edits, "-dropuse="+u.DiskPath, "-use="+filepath.Join(home, u.DiskPath))
		}
	}
	for _, r := range file.Replace {
		if local := r.New.Version == "" && !filepath.IsAbs(r.New.Path); local {
			edits = append(edits, "-replace="+versioned(r.Old.Path, r.Old.Version)+"="+filepath.Join(home, r.New.Path))
		}
	}
	for _, m := range copies {
		edits = append(edits, "-replace="+m.path+"@"+m.version+"="+m.dir)
	}
	if _, err := goCommand(ctx, b.work, []string{"GOWORK=off"}, append(edits, name)...); err != nil {
		return nil, fmt.Errorf("go work edit: %w", err)
	}
	return []string{"GOWORK=" + name}, nil
}

func versioned(path, version string) string {
	if version == "" {
		return path
	}
	return path + "@" + version
}

// vendoredModule is a module whose packages lie in the vendor folder of the main
// module. They are overlaid in place: all that they lack is a go.mod.
type vendoredModule struct{ path, goVersion, dir string }

// vendored are the vendored modules that the packages reach.
func (b *builder) vendored() []vendoredModule {
	if b.env.GOWORK != "" {
		return nil
	}
	vendor := filepath.Join(filepath.Dir(b.env.GOMOD), "vendor")
	seen := map[string]bool{}
	var list []vendoredModule
	for _, id := range b.graph.ids {
		p := b.graph.nodes[id]
		if !inFolder(p, vendor) || seen[p.Module.Path] {
			continue
		}
		seen[p.Module.Path] = true
		list = append(list, vendoredModule{
			p.Module.Path, p.Module.GoVersion, filepath.Join(vendor, filepath.FromSlash(p.Module.Path)),
		})
	}
	return list
}

func inFolder(p *packages.Package, dir string) bool {
	return len(p.GoFiles) > 0 && strings.HasPrefix(p.GoFiles[0], dir+string(filepath.Separator))
}

// vendoredModfile writes the go.mod of a main module that requires nothing yet:
// what it vendors is all that it needs.
func (b *builder) vendoredModfile(name string) error {
	for _, id := range b.graph.ids {
		if m := b.graph.nodes[id].Module; m != nil && m.Main {
			text := "module " + m.Path + "\n"
			if m.GoVersion != "" {
				text += "\ngo " + m.GoVersion + "\n"
			}
			return os.WriteFile(name, []byte(text), 0o644)
		}
	}
	return fmt.Errorf("%s: none of the packages is in the main module", b.config.Dir)
}
