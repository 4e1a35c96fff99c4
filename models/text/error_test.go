package text

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("x", 500)
	for name, c := range map[string]struct {
		source       string
		column       int
		shown, caret string
	}{
		"tab":           {"\tab c", 5, "\tab c", "\t   ^"},
		"escape":        {"a\x1b[31mb", 7, "a\ufffd[31mb", "      ^"},
		"return":        {"a\rb", 3, "a\ufffdb", "  ^"},
		"direction":     {"a\u202eb", 3, "a\ufffdb", "  ^"},
		"not UTF-8":     {"a\xffb", 3, "a\ufffdb", "  ^"},
		"end":           {"ab", 3, "ab", "  ^"},
		"past the end":  {"ab", 99, "ab", "  ^"},
		"empty":         {"", 1, "", "^"},
		"long at start": {long, 1, long[:maxExcerpt] + "…", "^"},
		"long inside":   {long, 251, "…" + long[:2*maxExcerpt] + "…", strings.Repeat(" ", maxExcerpt+1) + "^"},
		"long at end":   {long, 501, "…" + long[:maxExcerpt], strings.Repeat(" ", maxExcerpt+1) + "^"},
		"long of tabs":  {strings.Repeat("\t", 200), 151, "…" + strings.Repeat("\t", 150), " " + strings.Repeat("\t", maxExcerpt) + "^"},
	} {
		e := &Error{Source: c.source, Column: c.column}
		if shown, caret := e.excerpt(); shown != c.shown || caret != c.caret {
			t.Errorf("%s: got\n%q\n%q, want\n%q\n%q", name, shown, caret, c.shown, c.caret)
		}
	}
}

func TestCodePoint(t *testing.T) {
	for s, want := range map[string]string{
		"\x01": "U+0001", "\u202e": "U+202E", "\xff": "byte 0xff", "a": "", "é": "", "\t": "", "": "", "\x01\x01": "", "\x01a": "",
	} {
		if got := CodePoint(s); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}

func TestErrorText(t *testing.T) {
	for _, c := range []struct {
		e    Error
		want string
	}{
		{Error{File: "f", Line: 2, Column: 3, Source: "a b", Message: "bad"}, "f:2:3: bad\n  | a b\n  |   ^"},
		{Error{File: "f", Line: 2, Column: 1, Source: "::error::no", Message: "bad"}, "f:2:1: bad\n  | ::error::no\n  | ^"},
		{Error{File: "f", Line: 2, Source: "a\x1bb", Message: "bad"}, `f:2: bad, in "a\x1bb"`},
		{Error{File: "f", Line: 2, Source: strings.Repeat("x", 500), Message: "bad"}, `f:2: bad, in "` + strings.Repeat("x", maxExcerpt) + `…"`},
		{Error{File: "f", Line: 2, Message: "bad"}, "f:2: bad"},
		{Error{File: "f\x1b", Line: 2, Message: "bad\n::error::x"}, "f\ufffd:2: bad\ufffd::error::x"},
	} {
		if got := c.e.Error(); got != c.want {
			t.Errorf("got\n%q, want\n%q", got, c.want)
		}
	}
}

func TestErrorAt(t *testing.T) {
	src := "é a\r\n\nlast"
	for _, c := range []struct {
		offset, line, column int
		source               string
	}{
		{0, 1, 1, "é a"}, {3, 1, 3, "é a"}, {6, 2, 1, ""}, {7, 3, 1, "last"}, {len(src), 3, 5, "last"}, {99, 3, 5, "last"},
	} {
		e := ErrorAt("f", src, c.offset, "m")
		if e.Line != c.line || e.Column != c.column || e.Source != c.source {
			t.Errorf("at %d: %d:%d %q, want %d:%d %q", c.offset, e.Line, e.Column, e.Source, c.line, c.column, c.source)
		}
	}
}

// TestErrorList: sorted, one a line, few, and open to errors.As.
func TestErrorList(t *testing.T) {
	var errs []*Error
	for line := 50; line > 0; line-- {
		errs = append(errs, &Error{Line: line, Column: 9}, &Error{Line: line, Column: 2, Message: "first"})
	}
	list := NewErrorList(errs)
	if len(list) != MaxErrors || !slices.IsSortedFunc(list, func(a, b *Error) int { return a.Line - b.Line }) {
		t.Errorf("got %d errors:\n%v", len(list), list)
	}
	var first *Error
	if !errors.As(error(list), &first) || first.Line != 1 || first.Message != "first" {
		t.Errorf("the first is %v", first)
	}
}

func TestSuggest(t *testing.T) {
	names := slices.Values([]string{"alice", "bob", "charlie", "transfer", "--iterations", "LOAD_CONST"})
	for word, want := range map[string]string{
		"alcie": "alice", "bobb": "bob", "charly": "charlie", "trasnfer": "transfer", "boo": "bob", "bo": "bob", "BOB": "bob",
		"--itertion": "--iterations", "load_cont": "LOAD_CONST", "transferring": "transfer",
		"load": "LOAD_CONST", "bobsleigh": "bob", "al": "",
		"zed": "", "x": "", "": "", strings.Repeat("x", 1_000_000): "",
	} {
		if got := Nearest(word, names); got != want {
			t.Errorf("%q is nearest to %q, want %q", word, got, want)
		}
		if want != "" {
			want = "; did you mean " + want + "?"
		}
		if got := Suggest(word, names); got != want {
			t.Errorf("got %q for %q, want %q", got, word, want)
		}
	}
}

// TestReadLines: each line with words once, and an error names its line, then and later.
func TestReadLines(t *testing.T) {
	var seen []string
	var second *Line
	err := ReadLines("f", "a b\n\n# nothing\n c d # e\n", func(a *Line) error {
		seen = append(seen, a.Next("a word")+a.Next("a word"))
		second = a
		return a.End()
	})
	if err != nil || !slices.Equal(seen, []string{"ab", "cd"}) {
		t.Errorf("read %q, error %v", seen, err)
	}
	if got, want := second.Wrong(errors.New("late")).Error(), `f:4: late, in "c d # e"`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for src, want := range map[string]string{
		"a\nb \"c": `f:2: the quoted string "c does not end, in "b \"c"`,
		"a\nb c":   `f:2: unexpected "c", in "b c"`,
	} {
		err := ReadLines("f", src, func(a *Line) error { a.Next("a word"); return a.End() })
		if err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", src, err, want)
		}
	}
}
