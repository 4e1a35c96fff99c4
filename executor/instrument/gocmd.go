package instrument

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// goEnv is what the go command says of its environment in the user's folder.
type goEnv struct {
	GOVERSION, GOROOT, GOMOD, GOWORK, GOMODCACHE                string
	GOOS, GOARCH, GOFLAGS, GOEXPERIMENT, CGO_ENABLED, GOTOOLDIR string
}

func environment(ctx context.Context, dir string) (*goEnv, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, &SetupError{Dir: dir, Reason: "is no folder: name one inside a Go module"}
	}
	out, err := goCommand(ctx, dir, nil, "env", "-json")
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, &SetupError{Dir: dir, Reason: err.Error()}
	}
	env := &goEnv{}
	if err := json.Unmarshal([]byte(out), env); err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	switch {
	case env.GOWORK == "off":
		env.GOWORK = ""
	case env.GOMOD == "" || env.GOMOD == os.DevNull:
		if env.GOWORK == "" {
			return nil, &SetupError{Dir: dir, Reason: "is not in a Go module: change to one, or make one with go mod init", NoModule: true}
		}
	}
	if v := goRelease(env.GOVERSION); v != "" && version.Compare(v, oldestGo) < 0 {
		return nil, &SetupError{Dir: dir, Reason: fmt.Sprintf("uses %s: controlled tests need %s or newer (set GOTOOLCHAIN=%s.0)", v, oldestGo, oldestGo)}
	}
	return env, nil
}

// goRelease is the release in a GOVERSION; "" for a development version.
func goRelease(v string) string {
	v, _, _ = strings.Cut(v, " ")
	v, _, _ = strings.Cut(v, "-")
	if !version.IsValid(v) {
		return ""
	}
	return v
}

// goCommand runs the go command and returns its standard output. Its error is
// what the command said.
func goCommand(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	cmd.Env = append(cmd.Env, "PWD="+dir)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if errors.Is(err, exec.ErrNotFound) {
		return "", errors.New("the go command is not in PATH: install Go or add it")
	}
	if err != nil {
		if said := strings.TrimSpace(stderr.String() + stdout.String()); said != "" {
			return "", errors.New(said)
		}
		return "", fmt.Errorf("go %s: %w", args[0], err)
	}
	return stdout.String(), nil
}

// compile builds a test binary for each package. Packages whose binaries have
// the same name are built by different commands.
func (b *builder) compile(ctx context.Context, flags, env []string, list []Package, res *Result) error {
	rounds := map[string]int{}
	var groups [][]int
	for i, p := range list {
		name := binaryName(p.Path)
		k := rounds[name]
		rounds[name]++
		if k == len(groups) {
			groups = append(groups, nil)
		}
		groups[k] = append(groups[k], i)
	}
	for k, group := range groups {
		out := filepath.Join(b.work, "bin", fmt.Sprint(k))
		if err := os.MkdirAll(out, 0o755); err != nil {
			return err
		}
		args := append([]string{"test", "-c", "-vet=off", "-buildvcs=false", "-o", out + string(filepath.Separator)}, b.compileFlags()...)
		args = append(args, flags...)
		for _, i := range group {
			args = append(args, list[i].Path)
		}
		_, err := goCommand(ctx, b.config.Dir, env, args...)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for _, i := range group {
			p := list[i]
			p.Binary = filepath.Join(out, binaryName(p.Path)+".test"+b.env.exe())
			if _, missing := os.Stat(p.Binary); missing == nil {
				res.Packages = append(res.Packages, p)
				continue
			}
			p.Binary = ""
			if err != nil {
				p.Output = b.original(err.Error())
			}
			res.Broken = append(res.Broken, p)
		}
	}
	if len(res.Packages) > 0 {
		return nil
	}
	e := &BuildError{Output: res.Broken[0].Output}
	for _, p := range res.Broken {
		e.Packages = append(e.Packages, p.Path)
	}
	return e
}

// original names the user's files in what the compiler says of rewritten ones.
func (b *builder) original(output string) string {
	var pairs []string
	for user, place := range b.places {
		pairs = append(pairs, place, user)
		if rel, err := filepath.Rel(b.config.Dir, place); err == nil { // as the go command shortens it
			pairs = append(pairs, rel, user)
		}
	}
	return strings.NewReplacer(pairs...).Replace(output)
}

func (e *goEnv) exe() string {
	if e.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// compileFlags hide the runtime's own memory from the race detector, and allow
// it to name its goroutines.
func (b *builder) compileFlags() []string {
	flags := b.config.buildFlags()
	debug, gcflags := "", "-ldflags=-w -checklinkname=0"
	if b.config.Debug {
		debug, gcflags = " -N -l", "-ldflags=-checklinkname=0"
		flags = append(flags, "-gcflags=all="+strings.TrimSpace(debug))
	}
	flags = append(flags, gcflags)
	if b.config.Race {
		for _, dir := range unraced {
			if b.lib.exports[dir] != nil {
				flags = append(flags, "-gcflags="+away+"/"+dir+"=-race=false"+debug)
			}
		}
	}
	return flags
}

// binaryName is what the go command calls a test binary, without its ending: the
// last element of the import path that is no major version.
func binaryName(importPath string) string {
	dir, base := path.Split(importPath)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" && dir != "" {
		return path.Base(dir)
	}
	return base
}
