package instrument

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// cache keeps test binaries by the hash of everything they are made from, and
// folders of source by their content. Entries never change once they have their
// names: each is made in a temporary folder and renamed, so that processes need
// no lock; whoever comes second takes what the first made.
type cache struct{ dir string }

const (
	cacheLimit = 2 << 30        // bytes, beyond which the entries used longest ago go
	inUse      = time.Hour      // an entry used this recently may be in use, and stays
	abandoned  = 24 * time.Hour // a temporary folder this old belongs to no process
)

func openCache(dir string) (*cache, error) {
	if dir == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("no folder for the cache: %w (set HOME or XDG_CACHE_HOME)", err)
		}
		dir = filepath.Join(user, "verify", "tests")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	for _, sub := range []string{"built", "source", "temp"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return nil, fmt.Errorf("make the cache: %w", err)
		}
	}
	return &cache{dir}, nil
}

func (c *cache) temp() (string, error) { return os.MkdirTemp(filepath.Join(c.dir, "temp"), "") }

// tree returns a folder that holds the files, by their slash paths.
func (c *cache) tree(files map[string][]byte) (string, error) {
	hash := sha256.New()
	names := slices.Sorted(maps.Keys(files))
	for _, name := range names {
		fmt.Fprintf(hash, "%s %d\n", name, len(files[name]))
		hash.Write(files[name])
	}
	dir := filepath.Join(c.dir, "source", hex.EncodeToString(hash.Sum(nil)[:16]))
	if c.touch(dir) {
		return dir, nil
	}
	work, err := c.temp()
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	for _, name := range names {
		to := filepath.Join(work, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(to, files[name], 0o644); err != nil {
			return "", err
		}
	}
	return dir, c.settle(work, dir)
}

// settle gives a finished folder its name, unless another process was first.
func (c *cache) settle(work, dir string) error {
	err := os.Rename(work, dir)
	if err != nil && c.touch(dir) {
		return nil
	}
	return err
}

// touch marks an entry as used; it reports whether there is one.
func (c *cache) touch(dir string) bool {
	now := time.Now()
	return os.Chtimes(dir, now, now) == nil
}

const resultFile = "result.json"

// result is what was built under a key, or nil.
func (c *cache) result(key string) *Result {
	dir := filepath.Join(c.dir, "built", key)
	if !c.touch(dir) {
		return nil
	}
	data, err := os.ReadFile(filepath.Join(dir, resultFile))
	if err != nil {
		return nil
	}
	res := &Result{}
	if json.Unmarshal(data, res) != nil {
		return nil
	}
	res.locate(dir)
	for _, p := range res.Packages {
		if _, err := os.Stat(p.Binary); err != nil {
			return nil
		}
	}
	res.Cached = true
	return res
}

// locate turns the names of binaries within an entry into paths.
func (r *Result) locate(dir string) {
	for i := range r.Packages {
		r.Packages[i].Binary = filepath.Join(dir, r.Packages[i].Binary)
	}
}

// store makes an entry of what was built in a temporary folder.
func (c *cache) store(key, work string, res *Result) (*Result, error) {
	entry, err := c.temp()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(entry)
	for i, p := range res.Packages {
		name := fmt.Sprintf("%d_%s", i, filepath.Base(p.Binary))
		if err := os.Rename(p.Binary, filepath.Join(entry, name)); err != nil {
			return nil, err
		}
		res.Packages[i].Binary = name
	}
	data, err := json.Marshal(res)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(entry, resultFile), data, 0o644); err != nil {
		return nil, err
	}
	dir := filepath.Join(c.dir, "built", key)
	if err := c.settle(entry, dir); err != nil {
		return nil, err
	}
	res.locate(dir)
	return res, c.trim()
}

// trim removes the entries used longest ago while all are too large together.
func (c *cache) trim() error {
	type entry struct {
		dir  string
		used time.Time
		size int64
	}
	var entries []entry
	var total int64
	for _, sub := range []string{"built", "source", "temp"} {
		list, err := os.ReadDir(filepath.Join(c.dir, sub))
		if err != nil {
			return err
		}
		for _, d := range list {
			info, err := d.Info()
			if err != nil {
				continue // another process removed it
			}
			e := entry{filepath.Join(c.dir, sub, d.Name()), info.ModTime(), 0}
			if sub == "temp" {
				if time.Since(e.used) > abandoned {
					os.RemoveAll(e.dir)
				}
				continue
			}
			e.size = folderSize(e.dir)
			total += e.size
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(a.used.Compare(b.used), strings.Compare(a.dir, b.dir))
	})
	for _, e := range entries {
		if total <= cacheLimit || time.Since(e.used) < inUse {
			return nil
		}
		if err := os.RemoveAll(e.dir); err != nil {
			return err
		}
		total -= e.size
	}
	return nil
}

func folderSize(dir string) int64 {
	var size int64
	filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				size += info.Size()
			}
		}
		return nil
	})
	return size
}
