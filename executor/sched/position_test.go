package sched

import "testing"

// TestSplitPosition: the folders of files may have spaces in their names.
func TestSplitPosition(t *testing.T) {
	for position, want := range map[string][2]string{
		"/a/b.go:12 pkg.(*T).Do":  {"/a/b.go:12", "pkg.(*T).Do"},
		"/my code/b.go:12 pkg.Do": {"/my code/b.go:12", "pkg.Do"},
		"b.go:12":                 {"b.go:12", ""},
		"":                        {"", ""},
	} {
		if at, function := SplitPosition(position); [2]string{at, function} != want {
			t.Errorf("%q: %q, %q", position, at, function)
		}
	}
}
