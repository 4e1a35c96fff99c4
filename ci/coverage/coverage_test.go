package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// source is a file of which a profile says what was reached.
const source = `package vm

var f = func() int { return 1 }

func (m *machine) index(i int) int {
	if i < 0 { // it is negative
		return 0
	}
	switch i {
	case 7:
		return 0
	case 8:
		return 0
	}
	return i
}

func never() {
	for {
		println("a // b")
	}
}
`

// profile is what go tool covdata writes: of two processes, of which one has reached less.
const profile = `mode: set
synchrony/executor/vm/a.go:3.20,3.32 1 1
synchrony/executor/vm/a.go:5.36,6.11 1 0
synchrony/executor/vm/a.go:6.11,8.3 1 0
synchrony/executor/vm/a.go:9.2,9.11 1 1
synchrony/executor/vm/a.go:10.9,11.11 1 1
synchrony/executor/vm/a.go:12.9,13.11 1 0
synchrony/executor/vm/a.go:15.2,15.10 1 1
synchrony/executor/vm/a.go:18.14,19.6 1 0
synchrony/executor/vm/a.go:19.6,21.3 1 0
synchrony/executor/vm/a.go:5.36,6.11 1 1
synchrony/cmd/verify/main.go:1.1,2.2 1 0
`

// lay writes the files of a module, and returns its folder.
func lay(t *testing.T, list string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range map[string]string{
		"executor/vm/a.go": source, "profile": profile, "list": list,
		"page.md": "before\n" + generated.Begin + generated.End + "after\n",
	} {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

const reviewed = `executor/vm (*machine).index: if i < 0 { return 0 }
executor/vm (*machine).index: case 8: return 0
	No index is so.
executor/vm never
	Nobody calls it.
`

// TestFindings: a block is reached, or listed, and not both.
func TestFindings(t *testing.T) {
	for name, c := range map[string]struct {
		list string
		code int
		want string
	}{
		"as it should be": {reviewed, exitFine, ""},
		"not listed": {
			strings.Replace(reviewed, "executor/vm never\n\tNobody calls it.\n", "", 1), exitFindings,
			"not reached, and not listed: executor/vm/a.go:18-19, 2 blocks\nexecutor/vm never\n",
		},
		"reached": {
			"executor/vm (*machine).index: case 7: return 0\n" + reviewed, exitFindings,
			"listed, and reached or gone:\nexecutor/vm (*machine).index: case 7: return 0\n",
		},
		"gone":        {"executor/vm gone\n" + reviewed, exitFindings, "listed, and reached or gone:\nexecutor/vm gone\n"},
		"no reason":   {"executor/vm never\n", exitError, ""},
		"not a block": {strings.Replace(reviewed, "case 8", "case 9", 1), exitFindings, "executor/vm/a.go:12-13\nexecutor/vm (*machine).index: case 8: return 0\n"},
	} {
		t.Run(name, func(t *testing.T) {
			root := lay(t, c.list)
			var out, errs bytes.Buffer
			code := run(t.Context(), []string{"-C", root, "-list", "list", "-profile", filepath.Join(root, "profile")}, &out, &errs)
			if code != c.code || !strings.Contains(out.String(), c.want) {
				t.Errorf("ended with %d:\n%s%s\nwant %d and\n%s", code, &out, &errs, c.code, c.want)
			}
		})
	}
}

// TestPrune: what is reached or gone leaves the list, and a reason stays as long as it is for something.
func TestPrune(t *testing.T) {
	root := lay(t, "# why\n\nexecutor/vm gone\n"+reviewed+"\nexecutor/vm (*machine).index: case 7: return 0\n\tIt is reached.\n# end\n")
	code := run(t.Context(), []string{"-C", root, "-list", "list", "-profile", filepath.Join(root, "profile"), "-prune"}, os.Stdout, os.Stderr)
	got, err := os.ReadFile(filepath.Join(root, "list"))
	if want := "# why\n\n" + reviewed + "\n# end\n"; code != exitFine || err != nil || string(got) != want {
		t.Errorf("ended with %d, and left\n%s", code, got)
	}
}

// TestList: the list that is committed can be read, and names packages that are looked at.
func TestList(t *testing.T) {
	o, err := parse([]string{"-C", "../.."}, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := o.readList()
	if err != nil || len(list) == 0 {
		t.Fatalf("%d entries, %v", len(list), err)
	}
	for key := range list {
		folder, _, _ := strings.Cut(key, " ")
		if _, err := os.Stat(filepath.Join("../..", folder)); err != nil || !isMeasured(folder) {
			t.Errorf("%q is about no package that is looked at", key)
		}
	}
}

// TestPage: the page says what was counted, and why the rest was not.
func TestPage(t *testing.T) {
	root := lay(t, reviewed)
	page := filepath.Join(root, "page.md")
	if code := run(t.Context(), []string{"-C", root, "-list", "list", "-profile", filepath.Join(root, "profile"), "-page", page}, os.Stdout, os.Stderr); code != exitFine {
		t.Fatalf("ended with %d", code)
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"before\n", "| `executor/vm` | 9 | 4 | 55.6 % | 9 | 55.6 % |", "| all | 9 | 4 |",
		"| No index is so. | 2 | `executor/vm` |", "| Nobody calls it. | 2 | `executor/vm` |", "after\n",
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// TestKeysStay: a block keeps its name when lines move, and two of one text have two names.
func TestKeysStay(t *testing.T) {
	root := lay(t, "")
	blocks, err := readBlocks(root, filepath.Join(root, "profile"))
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for i := range blocks {
		keys = append(keys, blocks[i].key())
	}
	want := []string{
		"executor/vm package: var f = func() int { return 1 }",
		"executor/vm (*machine).index: func (m *machine) index(i int) int { if i < 0",
		"executor/vm (*machine).index: if i < 0 { return 0 }",
		"executor/vm (*machine).index: switch i",
		"executor/vm (*machine).index: case 7: return 0",
		"executor/vm (*machine).index: case 8: return 0",
		"executor/vm (*machine).index: return i",
		"executor/vm never: func never() { for",
		`executor/vm never: for { println("a // b") }`,
	}
	if got := strings.Join(keys, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("the keys are\n%s", got)
	}
}
