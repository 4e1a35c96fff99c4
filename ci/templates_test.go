package ci

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// lint holds workflows, as if they were a repository's, against what GitHub Actions
// accepts: syntax, expressions, and the inputs of the actions that they use.
func lint(t *testing.T, workflows map[string]string) (complaints string) {
	t.Helper()
	root := t.TempDir()
	action, err := os.ReadFile("action/action.yml")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{".git/HEAD": "", "ci/action/action.yml": string(action)}
	args := []string{"tool", "-modfile=../tools/go.mod", "actionlint", "-no-color", "-shellcheck=", "-pyflakes="}
	for name, text := range workflows {
		path := filepath.Join(".github", "workflows", name)
		files[path] = text
		args = append(args, filepath.Join(root, path))
	}
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", args...)
	var told strings.Builder // the go command tells there what it downloads, too
	cmd.Stderr = &told
	out, err := cmd.Output()
	if err != nil && len(out) == 0 {
		t.Fatalf("%v\n%s", err, told.String())
	}
	return string(out)
}

func TestGitHubTemplates(t *testing.T) {
	paths, err := filepath.Glob("templates/github-*.yml")
	if err != nil || len(paths) < 2 {
		t.Fatalf("templates: %v, %v", paths, err)
	}
	workflows := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		workflows[filepath.Base(path)] = string(text)
	}
	if complaints := lint(t, workflows); complaints != "" {
		t.Error(complaints)
	}
	// The linter sees mistakes in what matters most.
	for _, c := range []struct{ from, to, want string }{
		{"iterations: 20000", "itertions: 20000", `input "itertions" is not defined in action "verify"`},
		{"${{ matrix.shard }}/", "${{ matrix.shrad }}/", `property "shrad" is not defined`},
		{"needs: shard", "needs: shards", `needs job "shards" which does not exist`},
	} {
		right := workflows["github-nightly.yml"]
		wrong := strings.Replace(right, c.from, c.to, 1)
		if complaints := lint(t, map[string]string{"wrong.yml": wrong}); wrong == right || !strings.Contains(complaints, c.want) {
			t.Errorf("with %q for %q the linter does not say %q, but:\n%s", c.to, c.from, c.want, complaints)
		}
	}
}
