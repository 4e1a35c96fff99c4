package instrument

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func layModule(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"go.mod": "module example.com/p\n\ngo 1.24\n", "data.txt": "data",
		"p.go":      "package p\n\nimport _ \"embed\"\n\n//go:embed data.txt\nvar data string\n\nfunc F() int { c := make(chan int, 1); c <- " + text + "; return <-c }\n",
		"p_test.go": "package p\n\nimport \"testing\"\n\nfunc TestF(t *testing.T) { if F() != 1 { t.Error(F()) } }\n",
	})
	return dir
}

func TestCacheKnowsWhatItMakes(t *testing.T) {
	dir, cache := layModule(t, "1"), t.TempDir()
	build := func(change func(*Config)) *Result {
		c := Config{Dir: dir, Runtime: passthrough, Cache: cache}
		if change != nil {
			change(&c)
		}
		return runRewritten(t, c)
	}
	first := build(nil)
	if first.Cached {
		t.Fatal("an empty cache answered")
	}
	again := build(nil)
	if !again.Cached || again.Packages[0].Binary != first.Packages[0].Binary || again.Rewrote != first.Rewrote {
		t.Errorf("built again: %+v", again)
	}
	if build(func(c *Config) { c.Tags = "x" }).Cached {
		t.Error("tags do not matter to the cache")
	}
	for _, name := range []string{"p.go", "p_test.go", "data.txt", "go.mod"} {
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString("\n"); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if build(nil).Cached {
			t.Errorf("%s changed and the cache did not see it", name)
		}
	}
	if err := os.Remove(first.Packages[0].Binary); err != nil {
		t.Fatal(err)
	}
}

func TestKeyDependsOnTheWholeConfiguration(t *testing.T) {
	dir := layModule(t, "1")
	env, err := environment(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for i, c := range []Config{{}, {Race: true}, {Debug: true}, {Tags: "x"}, {Native: []string{"x"}}} {
		c.Dir, c.Patterns = dir, []string{"."}
		lib, err := newLibrary(passthrough)
		if err != nil {
			t.Fatal(err)
		}
		g, err := load(t.Context(), &c)
		if err != nil {
			t.Fatal(err)
		}
		key, err := c.key(env, lib, g)
		if err != nil {
			t.Fatal(err)
		}
		lib.files["models/changed.go"] = nil
		other, err := c.key(env, lib, g)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range []string{key, other} {
			if j, ok := seen[k]; ok {
				t.Errorf("configurations %d and %d have one key", i, j)
			}
			seen[k] = i
		}
	}
}

func TestBuildsAtTheSameTimeShareTheCache(t *testing.T) {
	dir, cache := layModule(t, "1"), t.TempDir()
	var wg sync.WaitGroup
	results := make([]*Result, 3)
	for i := range results {
		wg.Go(func() {
			res, err := Build(t.Context(), Config{Dir: dir, Runtime: passthrough, Cache: cache})
			if err != nil {
				t.Error(err)
			}
			results[i] = res
		})
	}
	wg.Wait()
	for _, res := range results {
		if res == nil || res.Packages[0].Binary != results[0].Packages[0].Binary {
			t.Errorf("%+v", res)
		}
	}
	left, err := os.ReadDir(filepath.Join(cache, "temp"))
	if err != nil || len(left) != 0 {
		t.Error("left behind: ", left, err)
	}
}

func TestTrimKeepsWhatIsInUse(t *testing.T) {
	c, err := openCache(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-48 * time.Hour)
	lay := func(sub string, size int64, used time.Time) string {
		dir := filepath.Join(c.dir, filepath.FromSlash(sub))
		write(t, dir, map[string]string{"f": ""})
		if err := os.Truncate(filepath.Join(dir, "f"), size); err != nil { // sparse
			t.Fatal(err)
		}
		if err := os.Chtimes(dir, used, used); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	oldest := lay("built/oldest", cacheLimit, old)
	older := lay("source/older", 1000, old.Add(time.Hour))
	fresh := lay("built/fresh", cacheLimit, time.Now())
	lost := lay("temp/lost", 1, old)
	busy := lay("temp/busy", 1, time.Now())
	if err := c.trim(); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]bool{oldest: false, older: false, fresh: true, lost: false, busy: true} {
		if _, err := os.Stat(dir); (err == nil) != want {
			t.Errorf("%s: kept: %v, want %v", dir, err == nil, want)
		}
	}
}

func TestCancelledBuildLeavesNothing(t *testing.T) {
	dir, cache := layModule(t, "1"), t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Build(ctx, Config{Dir: dir, Runtime: passthrough, Cache: cache}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	for _, sub := range []string{"temp", "built"} {
		if left, err := os.ReadDir(filepath.Join(cache, sub)); err == nil && len(left) != 0 {
			t.Error(sub, left)
		}
	}
}
