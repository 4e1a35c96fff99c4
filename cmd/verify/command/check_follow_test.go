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

// TestFollowedFileChanges: a small one that became shorter is judged again, and a last line that is cut off is left out, which a note says; a large one is
// no longer what was followed.
func TestFollowedFileChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		large  int64
		change func()
		sizes  []int64
		err    string
	}{
		{14, func() { write("{:a 1}\n{:b") }, []int64{14, 7}, ""},
		{13, func() { write("{:a 1}\n{:b") }, []int64{14}, "is shorter than what was read of it"},
		{13, func() { // a file of another number while the one before is open
			if err := os.Rename(path, path+".1"); err != nil {
				t.Fatal(err)
			}
			write("{:a 1}\n{:b 2}\n{:c 3}\n")
		}, []int64{14}, "is another file than the one that was read"},
	} {
		write("{:a 1}\n{:b 2}\n")
		var sizes []int64
		f := &follower{
			path: path, idle: time.Nanosecond, every: time.Nanosecond, from: c.large,
			judge: func(size int64) (*checkReport, error) {
				if sizes = append(sizes, size); len(sizes) == 1 {
					c.change()
				}
				return &checkReport{Verdict: checkers.Pass.String()}, nil
			},
			tell: func(*checkReport) {},
		}
		r, err := f.run(t.Context())
		if !slices.Equal(sizes, c.sizes) || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("judged at %v, want %v: %v", sizes, c.sizes, err)
		}
		if c.err == "" && (len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "3 bytes are left out")) {
			t.Errorf("%+v", r)
		}
	}
}
