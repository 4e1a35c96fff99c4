package command

import (
	"errors"
	"io"
	"runtime/debug"
	"strings"
	"testing"
)

// TestIdentity: two builds have the same identity only if they are of the same source, made
// in the same way; of a build in development, only if they are the same executable.
func TestIdentity(t *testing.T) {
	settings := func(pairs ...string) []debug.BuildSetting {
		var list []debug.BuildSetting
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, debug.BuildSetting{Key: pairs[i], Value: pairs[i+1]})
		}
		return list
	}
	at := func(settings []debug.BuildSetting) *debug.BuildInfo {
		return &debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Path: "synchrony", Version: "(devel)"}, Settings: settings}
	}
	of := func(info *debug.BuildInfo, content string) string {
		id, err := identityOf(info, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil })
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	clean := at(settings("vcs.revision", "abc", "vcs.modified", "false"))
	dirty := at(settings("vcs.revision", "abc", "vcs.modified", "true"))
	released := &debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Path: "synchrony", Version: "v1.2.3", Sum: "h1:x"}}
	for _, c := range []struct {
		what   string
		a, b   string
		differ bool
	}{
		{"the same revision, on two machines", of(clean, "a"), of(clean, "b"), false},
		{"the same release, on two machines", of(released, "a"), of(released, "b"), false},
		{"a revision with changes", of(dirty, "a"), of(dirty, "b"), true},
		{"a revision with the same changes", of(dirty, "a"), of(dirty, "a"), false},
		{"no version control", of(at(nil), "a"), of(at(nil), "b"), true},
		{"another revision", of(clean, "a"), of(at(settings("vcs.revision", "abd", "vcs.modified", "false")), "a"), true},
		{"other tags", of(clean, "a"), of(at(settings("-tags", "noz3", "vcs.revision", "abc", "vcs.modified", "false")), "a"), true},
	} {
		if (c.a != c.b) != c.differ {
			t.Errorf("%s: %s and %s", c.what, c.a, c.b)
		}
	}
	if _, err := identityOf(dirty, func() (io.ReadCloser, error) { return nil, errors.New("gone") }); err == nil {
		t.Error("an executable that cannot be read has an identity")
	}
	if a, err := identity(); err != nil || len(a) != 16 {
		t.Errorf("the identity of this test is %q, %v", a, err)
	}
}
