package rapidtest

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// Main runs the tests of a package of generators. Rapid draws the same cases every time, also of those
// that these tests make fail on purpose; it draws enough of them, with -short, too, for one that fails to be
// among them; it shrinks until nothing is smaller, however long that takes on a busy machine; and it writes
// no file of a failure. Flags of the command line outweigh this.
func Main(m *testing.M) {
	for name, value := range map[string]string{
		"rapid.seed": "1", "rapid.checks": "1000", "rapid.shrinktime": "24h", "rapid.nofailfile": "true",
	} {
		if err := flag.Set(name, value); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	flag.Parse()
	os.Exit(m.Run())
}
