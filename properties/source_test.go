package properties_test

import (
	"regexp"
	"testing"

	"synchrony/properties"
)

func here() string { return properties.Here(1) }

func TestHere(t *testing.T) {
	direct, called := properties.Here(0), here()
	closure := func() string { return properties.Here(0) }()
	for name, got := range map[string]string{"direct": direct, "called": called, "closure": closure} {
		if !regexp.MustCompile(`^properties/source_test\.go:1[34]$`).MatchString(got) {
			t.Errorf("%s: the place is %q, want properties/source_test.go:13 or 14", name, got)
		}
	}
	if direct != called {
		t.Errorf("called on the same line, Here(0) is %q and Here(1) of a function %q", direct, called)
	}
	if got := properties.Here(1000); got != "" {
		t.Errorf("nobody's caller is at %q", got)
	}
}
