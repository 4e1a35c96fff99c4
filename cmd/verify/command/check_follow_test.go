package command

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"synchrony/checkers"
)

// TestFollow judges a file that grows while it is judged: each time up to its last whole line.
func TestFollow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	write := func(text string) {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, fails := range []bool{false, true} {
		_ = os.Remove(path) // there may be none
		write("one\ntw")
		var sizes []int64
		told := 0
		f := &follower{
			path: path, idle: time.Nanosecond, every: time.Nanosecond,
			judge: func(size int64) (*checkReport, error) {
				r := &checkReport{Verdict: checkers.Pass.String()}
				switch sizes = append(sizes, size); len(sizes) {
				case 1:
					write("o\nthree\nfo")
				case 2:
					write("ur\n")
					if fails {
						r.Verdict = checkers.Fail.String()
					}
				}
				return r, nil
			},
			tell: func(*checkReport) { told++ },
		}
		r, err := f.run(t.Context())
		want := []int64{4, 14, 19}
		if fails {
			want = want[:2]
		}
		if err != nil || r == nil || (r.Verdict == checkers.Fail.String()) != fails || len(sizes) != len(want) || sizes[len(want)-1] != want[len(want)-1] {
			t.Errorf("fails %v: %v, judged at %v, want %v: %v", fails, r, sizes, want, err)
		}
	}
}

// TestFollowedFileChanges: one that became shorter is judged again, and a last line that is cut off is left out, which a note says.
func TestFollowedFileChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("{:a 1}\n{:b 2}\n")
	var sizes []int64
	f := &follower{
		path: path, idle: time.Nanosecond, every: time.Nanosecond,
		judge: func(size int64) (*checkReport, error) {
			if sizes = append(sizes, size); len(sizes) == 1 {
				write("{:a 1}\n{:b")
			}
			return &checkReport{Verdict: checkers.Pass.String()}, nil
		},
		tell: func(*checkReport) {},
	}
	r, err := f.run(t.Context())
	if err != nil || !slices.Equal(sizes, []int64{14, 7}) || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "3 bytes are left out") {
		t.Errorf("judged at %v, %+v: %v", sizes, r, err)
	}
}
