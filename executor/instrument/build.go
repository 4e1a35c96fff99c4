package instrument

import (
	"context"
	"fmt"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
)

// Config says what to build.
type Config struct {
	Dir      string   // a folder in the user's module; "" is the current one
	Patterns []string // packages, as the go command names them; none is "."
	Tags     string   // build tags, separated by commas
	Race     bool     // with the race detector
	Debug    bool     // with the symbols and without the optimisations that a debugger minds

	// Runtime holds the sources of the scheduler, the shims and what they import,
	// by the folders of this module that they stand for: executor, models.
	Runtime map[string]fs.FS
	// Native are import paths of packages to leave alone, besides the
	// scheduler and the shims themselves.
	Native []string
	// Cache is the folder of the cache; "" is a folder in os.UserCacheDir.
	Cache string
}

func (c *Config) buildFlags() []string {
	var flags []string
	if c.Tags != "" {
		flags = append(flags, "-tags="+c.Tags)
	}
	if c.Race {
		flags = append(flags, "-race")
	}
	return flags
}

// Result is what was built.
type Result struct {
	Packages []Package // sorted by import path
	Broken   []Package // those whose rewritten code does not compile
	Left     []Left    // what stays native, by package and place
	Rewrote  int       // files
	Cached   bool      // all of it comes from the cache
}

// Package is a package with tests.
type Package struct {
	Path   string   // import path
	Dir    string   // where its tests run
	Binary string   // its test binary
	Tests  []string // tests and fuzz targets, in the order of the source
	// What is in its test files and not run, sorted.
	Benchmarks, Examples []string
	Output               string // of the go command, if it is broken
}

// Build rewrites the packages that the patterns match and everything that they
// reach, and builds their test binaries. It returns *SetupError, *LoadError or
// *BuildError if it can build none; if it can build some, the others are Broken.
func Build(ctx context.Context, c Config) (*Result, error) {
	env, g, err := c.load(ctx)
	if err != nil {
		return nil, err
	}
	lib, err := newLibrary(c.Runtime)
	if err != nil {
		return nil, err
	}
	cache, err := openCache(c.Cache)
	if err != nil {
		return nil, err
	}
	key, err := c.key(env, lib, g)
	if err != nil {
		return nil, err
	}
	if res := cache.result(key); res != nil {
		return res, nil
	}
	b := &builder{config: &c, env: env, lib: lib, cache: cache, graph: g, places: map[string]string{}}
	return b.build(ctx, key)
}

// load fills in what was not given, and lists the packages.
func (c *Config) load(ctx context.Context) (*goEnv, *graph, error) {
	if c.Dir == "" {
		c.Dir = "."
	}
	if len(c.Patterns) == 0 {
		c.Patterns = []string{"."}
	}
	var err error
	if c.Dir, err = filepath.Abs(c.Dir); err != nil {
		return nil, nil, err
	}
	env, err := environment(ctx, c.Dir)
	if err != nil {
		return nil, nil, err
	}
	g, err := load(ctx, c)
	return env, g, err
}

// builder makes what the cache does not have.
type builder struct {
	config *Config
	env    *goEnv
	lib    *library
	cache  *cache
	graph  *graph
	work   string            // a temporary folder of the cache
	places map[string]string // of rewritten files, by the name of the user's file
}

func (b *builder) build(ctx context.Context, key string) (*Result, error) {
	work, err := b.cache.temp()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work)
	b.work = work
	r, packages, err := b.rewrite(ctx)
	if err != nil {
		return nil, err
	}
	args, env, err := b.lay(ctx, r)
	if err != nil {
		return nil, err
	}
	res := &Result{Left: r.left, Rewrote: len(r.files)}
	if err := b.compile(ctx, args, env, packages, res); err != nil {
		return nil, err
	}
	return b.cache.store(key, work, res)
}

// rewrite type-checks and rewrites, and says which packages there are to build.
func (b *builder) rewrite(ctx context.Context) (*rewriter, []Package, error) {
	exports, err := exportData(ctx, b.config, b.graph.std)
	if err != nil {
		return nil, nil, err
	}
	c := newChecker(b.config.Dir, b.graph, exports)
	r := &rewriter{lib: b.lib, graph: b.graph, check: c, files: map[string]string{}, tests: map[types.Object]string{}}
	if err := b.take(r); err != nil {
		return nil, nil, err
	}
	if err := r.run(); err != nil {
		return nil, nil, err
	}
	var list []Package
	for _, root := range b.graph.roots {
		p := Package{Path: root.path, Dir: root.dir, Tests: r.register(root)}
		p.Benchmarks, p.Examples = r.leftOut(root)
		list = append(list, p)
	}
	return r, list, nil
}

// lay writes what the go command is to compile, and returns the flags and the
// environment that make it do so.
func (b *builder) lay(ctx context.Context, r *rewriter) (args, env []string, err error) {
	runtime, err := b.cache.tree(b.lib.files)
	if err != nil {
		return nil, nil, fmt.Errorf("write the runtime: %w", err)
	}
	copies, err := b.copyModules(r)
	if err != nil {
		return nil, nil, fmt.Errorf("copy dependencies: %w", err)
	}
	overlay, err := b.overlay(r)
	if err != nil {
		return nil, nil, err
	}
	args = []string{"-overlay=" + overlay}
	if b.env.GOWORK != "" {
		env, err = b.workspace(ctx, runtime, copies)
		return args, env, err
	}
	flags, err := b.modfile(ctx, runtime, copies)
	return append(args, flags...), []string{"GOWORK=off"}, err
}
