package recording

import (
	"bufio"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"synchrony/models/history"
	"synchrony/models/text"
)

// TestReadRecordings reads the histories in testdata/recorded: each an archive of a
// history, in a file named after its format, and of the calls it is, or the error.
func TestReadRecordings(t *testing.T) {
	files, err := filepath.Glob("testdata/recorded/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no histories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil || len(archive.Files) != 2 {
				t.Fatalf("%d files, %v", len(archive.Files), err)
			}
			source, want := archive.Files[0], archive.Files[1]
			_, format, _ := strings.Cut(source.Name, ".")
			for _, f := range []HistoryFormat{HistoryFormat(format), AutoFormat} {
				r, err := ReadRecording("h", strings.NewReader(string(source.Data)), f)
				got := ""
				switch {
				case err != nil:
					got = err.Error() + "\n"
				default:
					got = history.FormatCalls(&r.Calls)
					for i := range r.Failed {
						got += "failed " + r.Failed[i].String() + "\n"
					}
				}
				if got != string(want.Data) || (err != nil) != (want.Name == "error") {
					t.Errorf("%s: got\n%swant\n%s", f, got, want.Data)
				}
			}
		})
	}
}

// TestEDN reads values and prints them.
func TestEDN(t *testing.T) {
	for src, want := range map[string]string{
		`{:a 1, "b" [nil true -2N] :c #{:x/y}}`: `{:a 1 "b" [nil true -2] :c [:x/y]}`,
		`#jepsen.history.Op{:index 0}`:          `{:index 0}`,
		`#inst "2020" #_ {:no 1} ; no`:          `"2020"`,
		`"a\n\"\u00e9"`:                         `"a\n\"é"`,
		`\a`:                                    `"a"`,
		`1.5M 99999999999999999999 sym`:         `1.5M`,
		`(1 2)`:                                 `1`,
		`{:a`:                                   "h:1: the text ends where '}' is expected, for the bracket that line 1 opens",
		"\n{:a 1 :b}":                           "h:2: a map has a key without a value",
		`}`:                                     "h:1: '}' closes nothing",
		`"abc`:                                  "h:1: the string does not end",
		`"\q"`:                                  `h:1: \q is no escape of a string`,
		`[`:                                     "h:1: the text ends where ']' is expected",
		`[] 1`:                                  "h:1: '1' after the end of the list",
		`{:a #}`:                                "h:1: a # without a tag",
		`{:a : }`:                               "h:1: a colon without a keyword",
		"{" + strings.Repeat("[", 1000):         "h:1: values nest deeper than 64",
		"{" + strings.Repeat("#a ", 1000) + "1": "h:1: values nest deeper than 64",
		strings.Repeat("#_ ", 1000) + "1":       "h:1: values nest deeper than 64",
		"{:a \xff}":                             "h:1: the text is not UTF-8",
		`{:a #_`:                                "h:1: the text ends where a value is expected",
		`#`:                                     "h:1: a # without a tag",
		`#tag`:                                  "h:1: the text ends where the value of the tag #tag is expected",
	} {
		d, err := newEDNReader("h", bufioOf(src)).next()
		got := d.String()
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%.60s: %s, want %s", src, got, want)
		}
	}
}

// TestVersions infers the versions of the histories in testdata/versions, archives of
// operations and of the likely and the certain history, or the contradiction.
func TestVersions(t *testing.T) {
	files, err := filepath.Glob("testdata/versions/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no histories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			r, err := ReadRecording("h", strings.NewReader(string(archive.Files[0].Data)), EDNFormat)
			if err != nil {
				t.Fatal(err)
			}
			infer := r.ListAppends
			if strings.HasPrefix(archive.Files[0].Name, "registers") {
				infer = r.RegisterWrites
			}
			v, err := infer()
			for _, want := range archive.Files[1:] {
				got := ""
				switch want.Name {
				case "error":
					if err == nil {
						t.Fatalf("no error, want %s", want.Data)
					}
					got = err.Error() + "\n"
				default:
					if err != nil {
						t.Fatal(err)
					}
					h := v.Likely
					if want.Name == "certain" {
						h = v.Certain
					}
					if err := h.Validate(); err != nil {
						t.Fatal(err)
					}
					got = history.FormatHistory(h)
				}
				if got != string(want.Data) {
					t.Errorf("%s: got\n%swant\n%s", want.Name, got, want.Data)
				}
			}
		})
	}
}

// FuzzReadRecording holds the readers to never panic, and to give calls that are valid,
// versions that are, or an error that says where.
func FuzzReadRecording(f *testing.F) {
	for _, pattern := range []string{"testdata/recorded/*.txt", "testdata/versions/*.txt"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(txtar.Parse(src).Files[0].Data))
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, format := range []HistoryFormat{AutoFormat, EDNFormat, EtcdFormat, JSONFormat} {
			r, err := ReadRecording("h", strings.NewReader(src), format)
			if err != nil {
				var where *text.Error
				var malformed *text.MalformedError
				if !errors.As(err, &where) && !errors.As(err, &malformed) {
					t.Fatalf("%s: %T %v", format, err, err)
				}
				continue
			}
			if err := r.Calls.Validate(); err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			if len(r.Lines) != len(r.Calls.Calls) || len(r.FailedLines) != len(r.Failed) {
				t.Fatalf("%s: %d lines of %d calls", format, len(r.Lines), len(r.Calls.Calls))
			}
			for _, infer := range []func() (*Versioned, error){r.ListAppends, r.RegisterWrites} {
				if v, err := infer(); err == nil {
					if err := errors.Join(v.Likely.Validate(), v.Certain.Validate()); err != nil {
						t.Fatalf("%s: %v", format, err)
					}
				}
			}
		}
	})
}

func bufioOf(s string) *bufio.Reader { return bufio.NewReader(strings.NewReader(s)) }

// TestDocumentedHistories reads the examples of docs/histories.md.
func TestDocumentedHistories(t *testing.T) {
	doc, err := os.ReadFile("../../docs/histories.md")
	if err != nil {
		t.Fatal(err)
	}
	_, formats, _ := strings.Cut(string(doc), "## Formats")
	formats, _, _ = strings.Cut(formats, "## What is refused")
	count := 0
	for i, block := range strings.Split(formats, "```") {
		if i%2 == 0 {
			continue
		}
		_, text, _ := strings.Cut(block, "\n")
		if r, err := ReadRecording("block", strings.NewReader(text), AutoFormat); err != nil || len(r.Lines)+len(r.Failed) == 0 {
			t.Errorf("%v\n%s", err, text)
		}
		count++
	}
	if count < 8 {
		t.Errorf("%d examples", count)
	}
}
