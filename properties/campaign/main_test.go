package campaign_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"

	"synchrony/properties"
	"synchrony/properties/catalogue/broken"
	"synchrony/properties/isolate"
)

// childVariable tells this test's binary that it is a child process.
const childVariable = "CAMPAIGN_TEST_CHILD"

func TestMain(m *testing.M) {
	flag.Parse()
	if os.Getenv(childVariable) == "" {
		os.Exit(m.Run())
	}
	if err := isolate.Serve(context.Background(), lookup); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// lookup finds the properties of broken systems.
func lookup(id string) (properties.Testable, bool) {
	for _, p := range broken.Properties() {
		if p.Info().ID == id {
			return p, true
		}
	}
	return nil, false
}

// info describes one of them.
func info(id string) properties.Info {
	p, _ := lookup(id)
	return p.Info()
}
