package instrument

import (
	"archive/zip"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	depSource = `package dep

import "sync"

type Group struct {
	wg sync.WaitGroup
	c  chan int
}

func (g *Group) Go(f func() int) {
	if g.c == nil {
		g.c = make(chan int, 10)
	}
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		g.c <- f()
	}()
}

func (g *Group) Wait() (sum int) {
	g.wg.Wait()
	close(g.c)
	for n := range g.c {
		sum += n
	}
	return sum
}
`
	depTest = `package user

import (
	"runtime"
	"strings"
	"testing"

	"example.com/dep"
)

func TestDep(t *testing.T) {
	var g dep.Group
	g.Go(func() int { return 1 })
	file := ""
	g.Go(func() int { _, file, _, _ = runtime.Caller(1); return 2 })
	if n := g.Wait(); n != 3 {
		t.Error(n)
	}
	if !strings.HasSuffix(file, "dep.go") || strings.Contains(file, "verify") {
		t.Error("positions are not those of the user's file: ", file)
	}
}
`
	userMod = "module example.com/user\n\ngo 1.24\n\nrequire example.com/dep v1.0.0\n"
)

// tree is the content of a folder by path.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			files[name] = "folder"
			return err
		}
		data, err := os.ReadFile(name)
		files[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Wherever a dependency comes from, it is rewritten with the user's package, its
// positions stay, and nothing in the user's folders changes.
func TestDependenciesAreRewrittenWhereverTheyComeFrom(t *testing.T) {
	for name, lay := range map[string]func(t *testing.T, dir string) (sub string){
		"vendored": func(t *testing.T, dir string) string {
			write(t, dir, map[string]string{
				"go.mod": userMod, "user_test.go": depTest,
				"vendor/modules.txt":               "# example.com/dep v1.0.0\n## explicit; go 1.20\nexample.com/dep\n",
				"vendor/example.com/dep/dep.go":    depSource,
				"vendor/example.com/unused/go.txt": "",
			})
			return ""
		},
		"workspace": func(t *testing.T, dir string) string {
			write(t, dir, map[string]string{
				"go.work":     "go 1.24\n\nuse (\n\t./user\n\t./dep\n)\n",
				"user/go.mod": userMod, "user/user_test.go": depTest,
				"dep/go.mod": "module example.com/dep\n\ngo 1.20\n", "dep/dep.go": depSource,
			})
			return "user"
		},
		"module cache": layInCache,
		"module cache in workspace": func(t *testing.T, dir string) string {
			layInCache(t, dir)
			write(t, dir, map[string]string{"go.work": "go 1.24\n\nuse .\n"})
			return ""
		},
		"replaced": func(t *testing.T, dir string) string {
			write(t, dir, map[string]string{
				"user/go.mod":       userMod + "\nreplace example.com/dep => ../dep\n",
				"user/user_test.go": depTest,
				"dep/go.mod":        "module example.com/dep\n", "dep/dep.go": depSource,
			})
			return "user"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOFLAGS", "")
			dir := t.TempDir()
			sub := lay(t, dir)
			before := tree(t, dir)
			res := runRewritten(t, Config{Dir: filepath.Join(dir, sub), Runtime: passthrough, Cache: t.TempDir()})
			if res.Rewrote != 3 { // the package, its dependency, and the file that registers
				t.Errorf("%d files were rewritten", res.Rewrote)
			}
			if after := tree(t, dir); !maps.Equal(before, after) {
				t.Error("the user's folder changed")
			}
		})
	}
}

// layInCache makes a user of a module that a proxy serves.
func layInCache(t *testing.T, dir string) string {
	t.Helper()
	proxy := t.TempDir()
	at := filepath.Join(proxy, "example.com", "dep", "@v")
	write(t, at, map[string]string{"v1.0.0.info": `{"Version":"v1.0.0"}`, "v1.0.0.mod": "module example.com/dep\n\ngo 1.20\n", "list": "v1.0.0\n"})
	f, err := os.Create(filepath.Join(at, "v1.0.0.zip"))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for name, text := range map[string]string{"go.mod": "module example.com/dep\n\ngo 1.20\n", "dep.go": depSource} {
		w, err := z.Create("example.com/dep@v1.0.0/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOPROXY", "file://"+filepath.ToSlash(proxy))
	t.Setenv("GONOSUMDB", "example.com")
	t.Setenv("GOMODCACHE", filepath.Join(t.TempDir(), "cache"))
	t.Setenv("GOFLAGS", "-modcacherw")
	write(t, dir, map[string]string{"go.mod": userMod, "user_test.go": depTest})
	tidy := exec.Command("go", "mod", "tidy")
	tidy.Dir = dir
	if out, err := tidy.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return ""
}

func TestTagsDecideWhatIsBuilt(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"go.mod":      "module example.com/p\n\ngo 1.24\n",
		"on_test.go":  "//go:build special\n\npackage p\n\nimport \"testing\"\n\nfunc TestOn(t *testing.T) {}\n",
		"off_test.go": "//go:build !special\n\npackage p\n\nimport \"testing\"\n\nfunc TestOff(t *testing.T) {}\n",
	})
	cache := t.TempDir()
	for tags, want := range map[string]string{"": "TestOff", "other,special": "TestOn"} {
		res := runRewritten(t, Config{Dir: dir, Tags: tags, Runtime: passthrough, Cache: cache})
		if got := res.Packages[0].Tests; !slices.Equal(got, []string{want}) {
			t.Errorf("with tags %q: %v", tags, got)
		}
	}
}

// What is left native is listed with its place and its reason.
func TestWhatIsLeftIsListed(t *testing.T) {
	dir := unpack(t, "testdata/left.txtar")
	res := runRewritten(t, Config{Dir: dir, Patterns: []string{"./..."}, Native: []string{"example.com/left/alone"}, Runtime: passthrough, Cache: t.TempDir()})
	wantLeft(t, dir, res.Left)
}

// A TestMain that does more than to exit with what Run returns is listed.
func TestMainsThatDoMoreAreListed(t *testing.T) {
	dir := unpack(t, "testdata/mains.txtar")
	wantLeft(t, dir, rewriteAll(t, dir).left)
}

// wantLeft compares a list with the file "want" in a folder.
func wantLeft(t *testing.T, dir string, list []Left) {
	t.Helper()
	var got []string
	for _, l := range list {
		got = append(got, strings.ReplaceAll(l.String(), dir+string(filepath.Separator), ""))
	}
	want, err := os.ReadFile(filepath.Join(dir, "want"))
	if err != nil {
		t.Fatal(err)
	}
	if s := strings.Join(got, "\n") + "\n"; s != string(want) {
		t.Errorf("listed:\n%swant:\n%s", s, want)
	}
}
