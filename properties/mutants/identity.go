package mutants

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Sources is the identity of what the workspace builds from: a hash of the program's files outside the standard library, wherever they are, and
// of the toolchain. Of a package of a module in the module cache, which does not change, it is the version. The error is a [*ToolchainError], or the go command's.
func (w *Workspace) Sources(ctx context.Context) (string, error) {
	sum := sha256.New()
	cmd := exec.CommandContext(ctx, w.goTool, "env", "GOVERSION", "GOOS", "GOARCH", "GOFLAGS", "GOEXPERIMENT", "CGO_ENABLED")
	cmd.Dir, cmd.Env = w.root, append(os.Environ(), w.env...)
	cmd.Stdout = sum
	if err := cmd.Run(); err != nil {
		return "", cmp.Or(ctx.Err(), error(&ToolchainError{err}))
	}
	fmt.Fprintf(sum, "%q\n", w.flags)
	loaded, err := packages.Load(&packages.Config{
		Context: ctx, Dir: w.root, Env: append(os.Environ(), w.env...), BuildFlags: w.tags(),
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedEmbedFiles | packages.NeedImports | packages.NeedDeps | packages.NeedModule,
	}, "./cmd/verify")
	if err != nil {
		return "", cmp.Or(ctx.Err(), err)
	}
	var all []*packages.Package
	packages.Visit(loaded, nil, func(p *packages.Package) {
		if p.Module != nil {
			all = append(all, p)
		}
	})
	slices.SortFunc(all, func(a, b *packages.Package) int { return cmp.Compare(a.ID, b.ID) })
	for _, p := range all {
		if err := addPackage(sum, p); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:8]), nil
}

// tags are the flags of a build that say which files belong to it.
func (w *Workspace) tags() []string {
	return slices.DeleteFunc(slices.Clone(w.flags), func(flag string) bool { return !strings.HasPrefix(flag, "-tags=") })
}

// addPackage adds a package to an identity. The names of its files are from its folder, so that it does not matter where that is.
func addPackage(sum hash.Hash, p *packages.Package) error {
	fmt.Fprintf(sum, "package %s %s\n", p.ID, p.Module.Version)
	if p.Module.Version != "" && p.Module.Replace == nil {
		return nil
	}
	for _, name := range slices.Concat(p.GoFiles, p.OtherFiles, p.EmbedFiles) {
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		short, err := filepath.Rel(p.Dir, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "file %s %d\n", filepath.ToSlash(short), len(content))
		sum.Write(content)
	}
	return nil
}
