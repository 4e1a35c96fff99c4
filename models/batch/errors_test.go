package batch

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the expected messages in testdata")

const errorsFile = "testdata/errors.txtar"

// TestParseErrors holds every message against the kept one: position, words, source
// line and caret.
func TestParseErrors(t *testing.T) {
	archive, err := txtar.ParseFile(errorsFile)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	var written []txtar.File
	for _, f := range archive.Files {
		want[f.Name] = string(f.Data)
	}
	for _, f := range archive.Files {
		name, ok := strings.CutSuffix(f.Name, ".ae")
		if !ok {
			continue
		}
		t.Run(name, func(t *testing.T) {
			b, err := Parse(f.Name, f.Data)
			if err == nil || b != nil {
				t.Fatalf("accepted as\n%v", b)
			}
			got := err.Error() + "\n"
			if diff := cmp.Diff(want[name+".err"], got); diff != "" && !*update {
				t.Errorf("message (-want +got):\n%s", diff)
			}
			written = append(written, f, txtar.File{Name: name + ".err", Data: []byte(got)})
		})
	}
	if *update {
		if err := os.WriteFile(errorsFile, txtar.Format(&txtar.Archive{Comment: archive.Comment, Files: written}), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestErrorsAreTyped(t *testing.T) {
	_, err := Parse("f.ae", []byte("accounts { alice: x; }\natomic_batch {}"))
	var list ErrorList
	var one *SyntaxError
	if !errors.As(err, &list) || len(list) != 1 || !errors.As(err, &one) {
		t.Fatalf("%T is not a list of one SyntaxError", err)
	}
	want := SyntaxError{
		File: "f.ae", Line: 1, Column: 19, Source: "accounts { alice: x; }",
		Message: `expected a balance, found "x"`, Found: `"x"`, Expected: "a balance",
	}
	if diff := cmp.Diff(want, *one); diff != "" {
		t.Error(diff)
	}
}

func TestErrorsAreFew(t *testing.T) {
	var text strings.Builder
	text.WriteString("accounts {}\natomic_batch {\n")
	for i := range 1000 {
		fmt.Fprintf(&text, "intent transfer%d(a, b, c\n", i)
	}
	_, err := Parse("f.ae", []byte(text.String()))
	var list ErrorList
	if !errors.As(err, &list) || len(list) != maxErrors {
		t.Errorf("%d errors, want %d", len(list), maxErrors)
	}
	if !slices.IsSortedFunc(list, func(a, b *SyntaxError) int { return a.Line - b.Line }) {
		t.Error("not in the order of the file")
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("x", 500)
	tests := map[string]struct {
		source       string
		column       int
		shown, caret string
	}{
		"tab":           {"\tab c", 5, "\tab c", "\t   ^"},
		"control":       {"a\x1b[31mb", 7, "a\ufffd[31mb", "      ^"},
		"end":           {"ab", 3, "ab", "  ^"},
		"empty":         {"", 1, "", "^"},
		"long at start": {long, 1, long[:maxExcerpt] + "…", "^"},
		"long inside":   {long, 251, "…" + long[:2*maxExcerpt] + "…", strings.Repeat(" ", maxExcerpt+1) + "^"},
		"long at end":   {long, 501, "…" + long[:maxExcerpt], strings.Repeat(" ", maxExcerpt+1) + "^"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := &SyntaxError{Source: test.source, Column: test.column}
			shown, caret := e.excerpt()
			if shown != test.shown || caret != test.caret {
				t.Errorf("got\n%q\n%q, want\n%q\n%q", shown, caret, test.shown, test.caret)
			}
		})
	}
}

func TestSuggest(t *testing.T) {
	names := slices.Values([]string{"alice", "bob", "charlie", "transfer"})
	tests := map[string]string{
		"alcie": "alice", "bobb": "bob", "charly": "charlie", "trasnfer": "transfer", "boo": "bob", "bo": "bob",
		"zed": "", "x": "", "transferring": "transfer", "": "",
	}
	for word, want := range tests {
		got := suggest(word, names)
		if want != "" {
			want = `; did you mean "` + want + `"?`
		}
		if got != want {
			t.Errorf("suggest(%q) = %q, want %q", word, got, want)
		}
	}
}
