package properties

import (
	"flag"
	"sync"
	"testing"
)

// htmlFlag is the flag of go test that names a file for the report of [Check].
const htmlFlag = "verify.html"

// The flag is there in test binaries only, and once, though another version of this package be part of the binary. What writes the page is not
// imported here, as it is ten times as large as all else that a test needs.
func init() {
	if testing.Testing() && flag.Lookup(htmlFlag) == nil {
		flag.String(htmlFlag, "", "write an HTML report of what properties.Check shows to this `file`, in the folder of the test; the test must import reports/testreport")
	}
}

// Checked is what [Check] showed of a property.
type Checked struct {
	Property Testable
	Spec     Spec
	Result   Result
}

// checked is what the tests of this process showed so far, which have nothing but the process in common, and what writes a report of it.
var checked struct {
	sync.Mutex
	write func(path string, all []Checked) error
	all   []Checked
}

// ReportBy has a report of all properties checked by this process so far written, whenever one more was, to the file that the flag -verify.html
// names. It is for packages that are imported for that: see reports/testreport.
func ReportBy(write func(path string, all []Checked) error) {
	checked.Lock()
	defer checked.Unlock()
	checked.write = write
}

// report adds c to the report, if there is to be one.
func report(t testing.TB, c Checked) {
	t.Helper()
	f := flag.Lookup(htmlFlag)
	if f == nil || f.Value.String() == "" {
		return
	}
	checked.Lock()
	defer checked.Unlock()
	if checked.write == nil {
		t.Errorf("-%s writes no report, as nothing in this test can: import _ %q in it", htmlFlag, reportPackage())
		return
	}
	checked.all = append(checked.all, c)
	if err := checked.write(f.Value.String(), checked.all); err != nil {
		t.Errorf("-%s: %v", htmlFlag, err)
	}
}
