package instrument

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// own are the sources of this package: what it makes depends on them.
//
//go:embed *.go
var own embed.FS

// key is the hash of everything that decides what Build makes.
func (c *Config) key(env *goEnv, lib *library, g *graph) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%+v\n%s %v %v %q\n", *env, c.Tags, c.Race, c.Debug, c.Native)
	if err := hashOwn(h); err != nil {
		return "", err
	}
	for _, name := range lib.names() {
		fmt.Fprintf(h, "%s %d\n", name, len(lib.files[name]))
		h.Write(lib.files[name])
	}
	for _, r := range g.roots {
		fmt.Fprintf(h, "root %+v\n", r)
	}
	for _, id := range g.ids {
		if err := hashPackage(h, env, g.nodes[id], asIs); err != nil {
			return "", err
		}
	}
	for _, name := range []string{env.GOMOD, strings.TrimSuffix(env.GOMOD, ".mod") + ".sum", env.GOWORK, env.GOWORK + ".sum"} {
		if name == "" {
			continue
		}
		if err := hashFile(h, name, name); err != nil && !os.IsNotExist(err) {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

func hashOwn(h hash.Hash) error {
	return fs.WalkDir(own, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.go") {
			return err
		}
		src, err := own.ReadFile(name)
		fmt.Fprintf(h, "%s %d\n", name, len(src))
		h.Write(src)
		return err
	})
}

// asIs is the name of a file that a build depends on: as it is.
func asIs(name string) string { return name }

// hashPackage hashes a package's files with the names that they go by. Those in the module cache
// never change: their names, which hold the version, are enough.
func hashPackage(h hash.Hash, env *goEnv, p *packages.Package, named func(string) string) error {
	fmt.Fprintf(h, "package %s %s\n", p.ID, languageVersion(p))
	for _, name := range slices.Concat(p.GoFiles, p.OtherFiles, p.EmbedFiles) {
		if strings.HasPrefix(name, env.GOMODCACHE+string(filepath.Separator)) {
			fmt.Fprintln(h, named(name))
			continue
		}
		if err := hashFile(h, name, named(name)); err != nil {
			return err
		}
	}
	return nil
}

// hashFile hashes a file, and the name that it goes by.
func hashFile(h io.Writer, name, as string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	fmt.Fprintf(h, "file %s %d\n", as, info.Size())
	_, err = io.Copy(h, f)
	return err
}
