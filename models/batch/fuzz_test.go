package batch

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// FuzzParse checks that Parse never panics, that what it accepts is valid, and
// that it prints and parses to the same.
func FuzzParse(f *testing.F) {
	archive, err := txtar.ParseFile(errorsFile)
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range archive.Files {
		f.Add(file.Data)
	}
	f.Add([]byte(`oracles { o: ed25519 "` + strings.Repeat("A", 43) + `="; }
intent p(external n: Amount) {}
atomic_batch { intent p1(1) }
attestations { p1.n by o expires "2030-01-01T00:00:00.5+01:00" signature "` + strings.Repeat("A", 86) + `=="; }`))
	f.Fuzz(func(t *testing.T, src []byte) {
		b, err := Parse("fuzz.ae", src)
		if err != nil {
			_ = err.Error()
			return
		}
		if err := b.Validate(); err != nil {
			t.Fatalf("parsed, and not valid: %v", err)
		}
		text, err := Format(b)
		if err != nil {
			t.Fatalf("parsed, and cannot be printed: %v", err)
		}
		again, err := Parse("printed.ae", text)
		if err != nil {
			t.Fatalf("printed as\n%s\nwhich is wrong: %v", text, err)
		}
		if diff := cmp.Diff(b, again); diff != "" {
			t.Fatalf("changed by printing:\n%s", diff)
		}
	})
}

// FuzzParseSetup does the same for setups.
func FuzzParseSetup(f *testing.F) {
	f.Add([]byte("workers 2\nmode parallel\ntimeout none\npanic transfer1\npanic \"a b\"\n"))
	f.Add([]byte("# comment\n\ntransaction-timeout 1.5ms\nuntraced true\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := ParseSetup("fuzz", src)
		if err != nil {
			_ = err.Error()
			return
		}
		again, err := ParseSetup("printed", FormatSetup(s))
		if err != nil {
			t.Fatalf("printed as\n%s\nwhich is wrong: %v", FormatSetup(s), err)
		}
		if diff := cmp.Diff(s, again); diff != "" {
			t.Fatalf("changed by printing:\n%s", diff)
		}
	})
}
