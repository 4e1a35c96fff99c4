package instrument

import (
	"errors"
	"os"
	"os/exec"
	"testing"
)

func TestTry(t *testing.T) {
	dir := os.Getenv("TRY")
	if dir == "" {
		t.Skip()
	}
	res, err := Build(t.Context(), Config{Dir: dir, Patterns: []string{"./..."}, Runtime: os.DirFS("testdata/passthrough"), Race: os.Getenv("TRY_RACE") != ""})
	if b := new(BuildError); errors.As(err, &b) {
		t.Fatal(b.Output)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range res.Left {
		t.Log(l)
	}
	for _, p := range res.Broken {
		t.Errorf("%s: %s", p.Path, p.Output)
	}
	t.Log(res.Rewrote, res.Cached, res.Timings)
	for _, p := range res.Packages {
		cmd := exec.Command(p.Binary, "-test.timeout=1m")
		cmd.Dir = p.Dir
		out, err := cmd.CombinedOutput()
		t.Logf("%s: %s %v\n%s", p.Path, p.Tests, err, out)
	}
}
