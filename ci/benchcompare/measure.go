package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// built is the two revisions' test binaries.
type built struct {
	root  string // of the working tree, which has the repository
	temp  string // everything else is here
	tests []test
}

// test is the tests of a package, of both revisions.
type test struct {
	pkg        string
	base, head binary
}

// binary is a test binary, and the folder that it must run in.
type binary struct{ path, dir string }

// build checks the base out beside the working tree, and builds the tests of the
// packages that both have.
func build(ctx context.Context, o *options, stderr io.Writer) (*built, error) {
	temp, err := os.MkdirTemp("", "benchcompare-*")
	if err != nil {
		return nil, err
	}
	b := &built{root: o.root, temp: temp}
	fmt.Fprintf(stderr, "benchcompare: building the benchmarks of %s and of the working tree\n", o.base)
	if err := b.build(ctx, o); err != nil {
		return nil, errors.Join(err, b.remove())
	}
	return b, nil
}

func (b *built) build(ctx context.Context, o *options) error {
	if _, err := output(ctx, b.root, "git", "worktree", "add", "--detach", "--quiet", b.tree(), o.base); err != nil {
		return err
	}
	was, err := folders(ctx, b.tree(), o.packages)
	if err != nil {
		return err
	}
	now, err := folders(ctx, b.root, o.packages)
	if err != nil {
		return err
	}
	for i, p := range now {
		k := slices.IndexFunc(was, func(w folder) bool { return w.pkg == p.pkg })
		if k < 0 {
			continue
		}
		t := test{
			pkg:  p.pkg,
			base: binary{filepath.Join(b.temp, fmt.Sprintf("base-%d.test", i)), was[k].dir},
			head: binary{filepath.Join(b.temp, fmt.Sprintf("head-%d.test", i)), p.dir},
		}
		for _, side := range []binary{t.base, t.head} {
			if _, err := output(ctx, side.dir, "go", "test", "-c", "-o", side.path, "."); err != nil {
				return err
			}
		}
		b.tests = append(b.tests, t)
	}
	return nil
}

func (b *built) tree() string { return filepath.Join(b.temp, "base") }

// remove leaves nothing behind.
func (b *built) remove() error {
	var err error
	if _, missing := os.Stat(b.tree()); missing == nil {
		_, err = output(context.Background(), b.root, "git", "worktree", "remove", "--force", b.tree())
	}
	return errors.Join(err, os.RemoveAll(b.temp))
}

// folder is a package that has benchmarks.
type folder struct{ pkg, dir string }

// folders are the packages with benchmarks in a tree.
func folders(ctx context.Context, tree string, patterns []string) ([]folder, error) {
	list, err := output(ctx, tree, "go", append([]string{"list", "-f", `{{.ImportPath}}{{"\t"}}{{.Dir}}{{range .TestGoFiles}}{{"\t"}}{{.}}{{end}}{{range .XTestGoFiles}}{{"\t"}}{{.}}{{end}}`}, patterns...)...)
	if err != nil {
		return nil, err
	}
	var found []folder
	for line := range strings.Lines(string(list)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		for _, file := range fields[2:] {
			text, err := os.ReadFile(filepath.Join(fields[1], file))
			if err != nil {
				return nil, err
			}
			if bytes.Contains(text, []byte("\nfunc Benchmark")) {
				found = append(found, folder{fields[0], fields[1]})
				break
			}
		}
	}
	return found, nil
}

// sample measures the benchmarks that the expression names, prints what benchstat
// makes of it, and returns what is worse.
func (b *built) sample(ctx context.Context, o *options, bench string, stdout, stderr io.Writer) ([]change, error) {
	var base, head bytes.Buffer
	for round := range o.count {
		fmt.Fprintf(stderr, "benchcompare: round %d of %d\n", round+1, o.count)
		for _, t := range b.tests {
			turns := []struct {
				binary binary
				to     *bytes.Buffer
			}{{t.base, &base}, {t.head, &head}}
			if round%2 == 1 { // so that neither always finds the machine warmer
				turns[0], turns[1] = turns[1], turns[0]
			}
			for _, turn := range turns {
				text, err := output(ctx, turn.binary.dir, turn.binary.path, "-test.run=^$", "-test.bench="+bench, "-test.benchtime="+o.benchtime, "-test.benchmem")
				if err != nil {
					return nil, fmt.Errorf("%s: %w", t.pkg, err)
				}
				turn.to.Write(text)
			}
		}
	}
	paths := []string{filepath.Join(b.temp, "was"), filepath.Join(b.temp, "is")}
	if err := errors.Join(os.WriteFile(paths[0], base.Bytes(), 0o666), os.WriteFile(paths[1], head.Bytes(), 0o666)); err != nil {
		return nil, err
	}
	return o.decide(ctx, []string{o.base + "=" + paths[0], "now=" + paths[1]}, stdout)
}

// decide prints what benchstat says of two files of measurements, which may have names
// before them, "name=path", and returns what is
// worse.
func (o *options) decide(ctx context.Context, paths []string, stdout io.Writer) ([]change, error) {
	call := func(args ...string) ([]byte, error) {
		args = append(append(append([]string{}, o.benchstat[1:]...), args...), paths...)
		return output(ctx, "", o.benchstat[0], args...)
	}
	table, err := call()
	if err != nil {
		return nil, err
	}
	if _, err := stdout.Write(table); err != nil {
		return nil, err
	}
	figures, err := call("-format", "csv")
	if err != nil {
		return nil, err
	}
	list, err := changes(bytes.NewReader(figures))
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errors.New("no benchmark is in both revisions: there is nothing to compare")
	}
	return o.rule.worse(list), nil
}

// output is what a command prints; its standard error is the error's.
func output(ctx context.Context, dir, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w: %s", filepath.Base(name), strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return out, nil
}
