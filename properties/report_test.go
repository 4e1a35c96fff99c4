package properties_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"synchrony/properties"
)

// said keeps what a test says is wrong.
type said struct {
	testing.TB
	errors []string
}

func (s *said) Errorf(format string, args ...any) {
	s.errors = append(s.errors, fmt.Sprintf(format, args...))
}

// TestReportNeedsAnImport: without what writes the report, the flag is an error that says what to import.
func TestReportNeedsAnImport(t *testing.T) {
	if err := flag.Set("verify.html", "report.html"); err != nil {
		t.Fatal(err)
	}
	defer flag.Set("verify.html", "")
	p, s := echoes(), &said{TB: t}
	properties.Check(s, &p, properties.Iterations(1))
	if len(s.errors) != 1 || !strings.Contains(s.errors[0], `import _ "synchrony/reports/testreport"`) {
		t.Errorf("%q", s.errors)
	}
}
