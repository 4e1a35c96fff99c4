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

	"synchrony/models/text"
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
	var list text.ErrorList
	var one *text.Error
	if !errors.As(err, &list) || len(list) != 1 || !errors.As(err, &one) {
		t.Fatalf("%T is not a list of one Error", err)
	}
	want := text.Error{
		File: "f.ae", Line: 1, Column: 19, Source: "accounts { alice: x; }",
		Message: `expected a balance, found "x"`, Found: `"x"`, Expected: "a balance",
	}
	if diff := cmp.Diff(want, *one); diff != "" {
		t.Error(diff)
	}
}

func TestErrorsAreFew(t *testing.T) {
	var src strings.Builder
	src.WriteString("accounts {}\natomic_batch {\n")
	for i := range 1000 {
		fmt.Fprintf(&src, "intent transfer%d(a, b, c\n", i)
	}
	_, err := Parse("f.ae", []byte(src.String()))
	var list text.ErrorList
	if !errors.As(err, &list) || len(list) != text.MaxErrors {
		t.Errorf("%d errors, want %d", len(list), text.MaxErrors)
	}
	if !slices.IsSortedFunc(list, func(a, b *text.Error) int { return a.Line - b.Line }) {
		t.Error("not in the order of the file")
	}
}

// TestSuggestQuotes: names of a batch stand in quotation marks, as everywhere in its messages.
func TestSuggestQuotes(t *testing.T) {
	names := slices.Values([]string{"alice", "bob"})
	if got, want := suggest("alcie", names), `; did you mean "alice"?`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := suggest("zed", names); got != "" {
		t.Errorf("got %q for a word that is like none", got)
	}
}
