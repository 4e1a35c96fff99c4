package mutants

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

const diff = `diff --git a/executor/x/x.go b/executor/x/x.go
--- a/executor/x/x.go
+++ b/executor/x/x.go
@@ -2,3 +2,3 @@
 two
-three
+drei
 four
`

// patch is a patch file with the given header lines and diff.
func patch(diff string, header ...string) []byte {
	return []byte(strings.Join(header, "\n") + "\n\n" + diff)
}

var header = []string{"Breaks: a thing.", "Seen: often.", "Killed-by: S6"}

func TestParse(t *testing.T) {
	m, err := parsePatch("patches/no-three.patch", patch(diff, append(header, "Cases: 400", "Verdict: deadlock", "Needs: schedules")...))
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(m.Name, m.Breaks, m.Seen, m.KilledBy, m.Cases, m.Verdict, m.NeedsSchedules, m.Path)
	if want := fmt.Sprint("no-three", "a thing.", "often.", "S6", 400, "deadlock", true, "executor/x/x.go"); got != want {
		t.Errorf("parsed %s, want %s", got, want)
	}
	if m.Diff != diff {
		t.Errorf("the diff is %q", m.Diff)
	}
}

// TestParseReported: a mutant that follows a public report says which, what shows it, and what is missing if nothing does.
func TestParseReported(t *testing.T) {
	m, err := parsePatch("patches/no-three.patch", patch(diff, append(header,
		"Report: https://example.org/issues/3", "Shown-by: three.", "Survives: nobody draws three.")...))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := m.Report+m.ShownBy+m.Survives, "https://example.org/issues/3three.nobody draws three."; got != want {
		t.Errorf("parsed %s, want %s", got, want)
	}
}

func TestParseErrors(t *testing.T) {
	with := func(s ...string) []string { return append(append([]string{}, header...), s...) }
	renamed := strings.Replace(diff, "--- a/executor/x/x.go", "rename from executor/x/x.go\nrename to executor/x/y.go\n--- a/executor/x/x.go", 1)
	renamed = strings.ReplaceAll(renamed, "b/executor/x/x.go", "b/executor/x/y.go")
	_, traditional, _ := strings.Cut(diff, "\n")
	elsewhere := strings.ReplaceAll(diff, "executor/x/x.go", "cmd/x.go")
	test := strings.ReplaceAll(diff, "x.go", "x_test.go")
	upwards := strings.ReplaceAll(diff, "executor/x", "executor/../cmd")
	for _, c := range []struct {
		what string
		file string
		data []byte
		line int
		want string
	}{
		{"file name", "no-three.diff", patch(diff, header...), 1, "end in .patch"},
		{"no header", "x.patch", []byte(diff), 1, "not of the form"},
		{"unknown key", "x.patch", patch(diff, with("Kilt-by: S6")...), 4, `unknown key "Kilt-by"`},
		{"key twice", "x.patch", patch(diff, with("Seen: again.")...), 4, `a second "Seen"`},
		{"empty value", "x.patch", patch(diff, "Breaks:"), 1, "no value"},
		{"missing key", "x.patch", patch(diff, header[:2]...), 2, `no "Killed-by"`},
		{"cases", "x.patch", patch(diff, with("Cases: many")...), 4, "whole number"},
		{"no cases", "x.patch", patch(diff, with("Cases: 0")...), 4, "whole number"},
		{"needs", "x.patch", patch(diff, with("Needs: luck")...), 4, `can only be "schedules"`},
		{"report of no address", "x.patch", patch(diff, with("Report: somewhere", "Shown-by: three.")...), 4, "begins with https://"},
		{"report without input", "x.patch", patch(diff, with("Report: https://example.org")...), 4, "go together"},
		{"input without report", "x.patch", patch(diff, with("Shown-by: three.")...), 4, "go together"},
		{"no diff", "x.patch", patch("", header...), 5, "changes 0"},
		{"damaged diff", "x.patch", patch(strings.Replace(diff, " four\n", "", 1), header...), 5, "cannot be read"},
		{"two files", "x.patch", patch(diff+strings.ReplaceAll(diff, "x.go", "y.go"), header...), 5, "changes 2"},
		{"renamed", "x.patch", patch(renamed, header...), 5, "keep its name"},
		{"not in git's form", "x.patch", patch(traditional, header...), 5, "as git diff writes"},
		{"elsewhere", "x.patch", patch(elsewhere, header...), 5, "cmd/x.go is not"},
		{"a test", "x.patch", patch(test, header...), 5, "executor/x/x_test.go is not"},
		{"upwards", "x.patch", patch(upwards, header...), 5, "is not"},
	} {
		_, err := parsePatch(c.file, c.data)
		var wrong *PatchError
		if !errors.As(err, &wrong) || wrong.File != c.file || wrong.Line != c.line || !strings.Contains(wrong.What, c.want) {
			t.Errorf("%s: error %v, want one at %s:%d that says %q", c.what, err, c.file, c.line, c.want)
		}
	}
}

func TestApply(t *testing.T) {
	m, err := parsePatch("three.patch", patch(diff, header...))
	if err != nil {
		t.Fatal(err)
	}
	const part = "two\nthree\nfour\n"
	for _, c := range []struct{ what, source, want string }{
		{"in its place", "one\n" + part + "five\n", "one\ntwo\ndrei\nfour\nfive\n"},
		{"moved", "new\nnew\none\n" + part, "new\nnew\none\ntwo\ndrei\nfour\n"},
		{"in its place and elsewhere", "one\n" + part + part, "one\ntwo\ndrei\nfour\n" + part},
		{"gone", "one\ntwo\n3\nfour\n", ""},
		{"too short", "one\ntwo\n", ""},
		{"twice elsewhere", part + part, ""},
	} {
		got, err := m.apply([]byte(c.source))
		var stale *ApplyError
		switch {
		case c.want == "" && (!errors.As(err, &stale) || stale.Line != 2 || stale.Path != "executor/x/x.go"):
			t.Errorf("%s: error %v, want an ApplyError at executor/x/x.go:2", c.what, err)
		case c.want != "" && (err != nil || string(got) != c.want):
			t.Errorf("%s: %q, %v; want %q", c.what, got, err, c.want)
		}
	}
}

func TestLoad(t *testing.T) {
	files := fstest.MapFS{
		"patches/b.patch":   {Data: patch(diff, header...)},
		"patches/a.patch":   {Data: patch(diff, header...)},
		"patches/README.md": {Data: []byte("no patch")},
	}
	all, err := load(files)
	if err != nil || len(all) != 2 || all[0].Name != "a" || all[1].Name != "b" {
		t.Errorf("loaded %v, %v; want a and b", all, err)
	}
	files["patches/c.patch"] = &fstest.MapFile{Data: []byte("nothing")}
	if _, err := load(files); err == nil {
		t.Error("a damaged patch was loaded")
	}
}

// TestAll holds every patch of this program against its source: it applies. That its
// property is there, a test of the command sees to, which knows them all.
func TestAll(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("there are no mutants")
	}
	root, err := FindSource("")
	if err != nil {
		t.Fatal(err)
	}
	workspace := &Workspace{root: root}
	told := map[string]string{}
	for _, m := range all {
		if _, err := workspace.Variant(m); err != nil {
			t.Error(err)
		}
		for _, sentence := range []string{m.Breaks, m.Seen, m.ShownBy, m.Survives} {
			if sentence != "" && !strings.HasSuffix(sentence, ".") {
				t.Errorf("%s: %q is not a sentence", m.Name, sentence)
			}
		}
		if other := told[m.Breaks]; other != "" {
			t.Errorf("%s and %s break the same", m.Name, other)
		}
		told[m.Breaks] = m.Name
		if other := told[m.Report]; m.Report != "" && other != "" {
			t.Errorf("%s and %s follow one report", m.Name, other)
		}
		told[m.Report] = m.Name
	}
}
