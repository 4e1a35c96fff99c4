//go:build go1.26

package testing_test

import (
	"strings"
	stdtesting "testing"
	"unicode/utf8"

	"synchrony/executor/shim/testing"
)

// TestLongLog: of what a test logs, fails with, or panics with, the beginning is kept, and how much there was.
func TestLongLog(t *stdtesting.T) {
	for name, c := range map[string]struct{ text, end string }{
		"one line":      {"short", ": short"},
		"20 lines":      {strings.Repeat("x\n", 19) + "last", "\nlast"},
		"21 lines":      {strings.Repeat("x\n", 20) + "last", "\nx\n… and 1 more line"},
		"65,536 lines":  {strings.Repeat("x\n", 1<<16), "\nx\n… and 65516 more lines"},
		"a mebibyte":    {strings.Repeat("ä", 1<<19), "ä… (1048"},
		"lines as long": {strings.Repeat(strings.Repeat("ö", 1<<10)+"\n", 1<<10), "ö… (2098"},
	} {
		for _, f := range []func(*testing.T){
			func(t *testing.T) { t.Error(c.text) },
			func(*testing.T) { panic(c.text) },
		} {
			x, _ := one(t, testing.Search{}, f)
			if x == nil || !utf8.ValidString(x.Message) || len(x.Message) > 4200 || strings.Count(x.Message, "\n") > 20 ||
				x.Kind == testing.Failed && !strings.Contains(x.Message, c.end) || len(x.Log) > 0 && x.Log[0] != x.Message {
				t.Errorf("%s: %+v", name, x)
			}
		}
	}
	x, _ := one(t, testing.Search{}, func(t *testing.T) {
		for range 1000 {
			t.Log(strings.Repeat("long ", 1000))
		}
		t.Error("at the end")
	})
	if n := len(strings.Join(x.Log, "")); n > 64<<10 || len(x.Log)+x.Cut != 1001 || !strings.HasSuffix(x.Message, "at the end") {
		t.Errorf("%d bytes in %d entries, %d left out: %s", n, len(x.Log), x.Cut, x.Message)
	}
}
