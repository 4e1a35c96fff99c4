package command

import (
	"strings"
	"testing"

	"synchrony/properties/catalogue"
)

// TestStrays: each stray flag is of the command that it is said to be of, and not of the other, which has the one for the same.
func TestStrays(t *testing.T) {
	registry, err := catalogue.All()
	if err != nil {
		t.Fatal(err)
	}
	root := (&app{registry: registry}).root()
	has := func(command, flag string) bool {
		cmd, rest, err := root.Find(strings.Fields(command))
		if err != nil || len(rest) > 0 {
			t.Fatalf("there is no command %s", command)
		}
		return cmd.Flags().Lookup(flag) != nil
	}
	for _, s := range strays {
		instead, _, _ := strings.Cut(strings.TrimPrefix(s.instead, "--"), " ")
		if has(s.given, s.flag) || !has(s.of, s.flag) || instead != "" && !has(s.given, instead) {
			t.Errorf("%+v", s)
		}
	}
}
