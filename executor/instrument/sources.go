package instrument

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Sources is the identity of what Build builds from, and of what the tests find in the folders testdata of their packages: it is the same wherever
// these files are, and another one if one of them is another, or the go command or what it builds for. Of a package in the module
// cache, which does not change, it is the version. Errors are those of Build.
func Sources(ctx context.Context, c Config) (string, error) {
	env, g, err := c.load(ctx)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", []string{env.GOVERSION, env.GOOS, env.GOARCH, env.GOFLAGS, env.GOEXPERIMENT, env.CGO_ENABLED, c.Tags})
	fmt.Fprintf(h, "%v\n", c.Race)
	for _, id := range g.ids {
		p := g.nodes[id]
		if err := hashPackage(h, env, p, func(name string) string { return portable(env, p, name) }); err != nil {
			return "", err
		}
	}
	for _, r := range g.roots {
		fmt.Fprintf(h, "tests of %s\n", r.path)
		if err := hashFolder(h, filepath.Join(r.dir, "testdata")); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// portable is the name of a package's file that it has wherever the package is.
func portable(env *goEnv, p *packages.Package, name string) string {
	for _, base := range []string{env.GOMODCACHE, p.Dir} {
		if base == "" {
			continue
		}
		if rel, err := filepath.Rel(base, name); err == nil && !strings.HasPrefix(rel, "..") {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.Base(name)
}

// hashFolder hashes the files in a folder, if there is one, with their names from there.
func hashFolder(h io.Writer, folder string) error {
	return filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		switch {
		case os.IsNotExist(err) && name == folder:
			return nil
		case err != nil || !d.Type().IsRegular():
			return err
		}
		rel, err := filepath.Rel(folder, name)
		if err != nil {
			return err
		}
		return hashFile(h, name, filepath.ToSlash(rel))
	})
}
