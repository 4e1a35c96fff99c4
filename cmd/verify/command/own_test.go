package command

import (
	"strings"
	"testing"

	"synchrony/properties"
	"synchrony/properties/catalogue"
)

// some is a registry of a few built-in properties, as of a program of its own.
func some(t *testing.T, ids ...string) *properties.Registry {
	t.Helper()
	all, err := catalogue.All()
	if err != nil {
		t.Fatal(err)
	}
	checks, err := all.Select(ids...)
	if err != nil {
		t.Fatal(err)
	}
	registry, err := properties.NewRegistry(checks...)
	if err != nil {
		t.Fatal(err)
	}
	return registry
}

// TestOwnExamples: the examples of a program name its own properties, and the program as a person types it.
func TestOwnExamples(t *testing.T) {
	for _, c := range []struct{ ids, example, want string }{
		{"V2 V3", "  verify run                          all\n  verify run S5 S7 -n 10   some", "  go run . run               all\n  go run . run V2 V3 -n 10   some"},
		{"V2", "  verify run S5 S7\n  verify run broken-lost-update   x\n  verify replay --times 3 counterexamples/S5-order-0123abcd.txtar", "  go run . run V2\n  go run . replay --times 3 counterexamples/V2-order-0123abcd.txtar"},
		{"V2", "  verify run batch --watch     x", "  go run . run vm --watch   x"},
		{"V2", "  verify check block.json --model batch\n    | verify check -", "  go run . check block.json --model batch\n    | go run . check -"},
		{"V2", "", ""},
	} {
		got := ownExample(c.example, some(t, strings.Fields(c.ids)...).All(), "go run .")
		if got != c.want {
			t.Errorf("of %s:\n%s\nnot\n%s", c.ids, got, c.want)
		}
	}
}

// TestOwnNames: the help of a program names no property that it does not have, and a word that is none of its few properties is answered with those.
func TestOwnNames(t *testing.T) {
	registry := some(t, "V2", "V3")
	called := func(args ...string) (int, string) {
		var out strings.Builder
		code := run(registry, args, nil, &out, &out)
		return code, out.String()
	}
	for _, command := range []string{"", "run", "replay", "list", "history", "farm run", "farm soak", "explore"} {
		_, help := called(append(strings.Fields(command), "--help")...)
		if _, examples, ok := strings.Cut(help, "Examples:"); !ok || ofBuiltIn(examples) {
			t.Errorf("%s:\n%s", command, help)
		}
	}
	if code, got := called("run", "nosuch"); code != exitError || got != "verify: there is no property or group \"nosuch\", only V2 and V3; see verify run --help\n" {
		t.Errorf("exit %d: %s", code, got)
	}
}

// ofBuiltIn reports whether examples name a built-in property.
func ofBuiltIn(examples string) bool {
	for _, name := range []string{"S5", "S6", "S7", "run batch", "broken-"} {
		if strings.Contains(examples, name) {
			return true
		}
	}
	return false
}
