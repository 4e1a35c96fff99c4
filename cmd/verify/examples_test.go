package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// TestExamplePrograms executes every example in every mode: each must end as its text expects, and
// have something to say about that.
func TestExamplePrograms(t *testing.T) {
	paths, err := filepath.Glob("../../examples/vm/*/*.zxasm")
	if err != nil || len(paths) != 40 {
		t.Fatalf("%d examples, want 40 (%v)", len(paths), err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".zxasm")
		for _, mode := range []string{"auto", "parallel", "sequential"} {
			t.Run(name+"/"+mode, func(t *testing.T) {
				var stdout, stderr bytes.Buffer
				args := []string{"exec", "--mode", mode, "--workers", "3", "--chunk-size", "5", "--chunks", path}
				if code := run(args, nil, &stdout, &stderr); code != exitPassed {
					t.Errorf("exit code %d, want %d\n%s%s", code, exitPassed, &stdout, &stderr)
				}
				if !strings.Contains(stdout.String(), "\nas expected\n") || stderr.Len() > 0 {
					t.Errorf("unexpected output:\n%s%s", &stdout, &stderr)
				}
			})
		}
	}
}
