package properties_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"synchrony/properties"
)

// TestWriteFile: what exists keeps its mode and its links, and what is new honours the umask.
func TestWriteFile(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0o027))
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	if err := os.WriteFile(at("private"), []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"link": "private", "chain": "link", "dangling": "made", "absolute": at("private"), "circle": "circle"} {
		if err := os.Symlink(to, at(link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, file string
		mode       fs.FileMode
	}{
		{"private", "private", 0o600},
		{"new", "new", 0o640},
		{"link", "private", 0o600},
		{"chain", "private", 0o600},
		{"absolute", "private", 0o600},
		{"dangling", "made", 0o640},
	} {
		before, _ := os.Readlink(at(c.name))
		if err := properties.WriteFile(at(c.name), []byte(c.name)); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		info, err := os.Lstat(at(c.file))
		if err != nil || info.Mode() != c.mode {
			t.Errorf("%s: %v is now of mode %v, want %v", c.name, c.file, info.Mode(), c.mode)
		}
		if data, _ := os.ReadFile(at(c.file)); string(data) != c.name {
			t.Errorf("%s: %s holds %q", c.name, c.file, data)
		}
		if after, _ := os.Readlink(at(c.name)); after != before {
			t.Errorf("%s pointed to %q, and now to %q", c.name, before, after)
		}
	}
	if err := properties.WriteFile(at("circle"), nil); err == nil {
		t.Error("a link to itself was written")
	}
	if left, _ := filepath.Glob(at(".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestSameFile: by whatever path, and whether or not it exists yet; what is no regular file can be written by several.
func TestSameFile(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	if err := os.WriteFile("file", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"link": "file", "dangling": "new", "folder": "."} {
		if err := os.Symlink(to, link); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Link("file", "hard"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"file", "file", true},
		{"file", "./file", true},
		{"file", filepath.Join(folder, "file"), true},
		{"file", "link", true},
		{"file", "hard", true},
		{"file", "folder/file", true},
		{"file", "new", false},
		{"file", "newer", false},
		{"new", "./new", true},
		{"new", "dangling", true},
		{"new", "folder/folder/new", true},
		{"new", filepath.Join(folder, "new"), true},
		{"none/new", "./none/new", true},
		{"none/new", "new", false},
		{"new", "newer", false},
		{os.DevNull, os.DevNull, false},
	} {
		if got := properties.SameFile(c.a, c.b); got != c.want {
			t.Errorf("%s and %s: %t, want %t", c.a, c.b, got, c.want)
		}
		if got := properties.SameFile(c.b, c.a); got != c.want {
			t.Errorf("%s and %s: %t, want %t", c.b, c.a, got, c.want)
		}
	}
}

// TestReadFile: a file is read up to the largest one, and an endless one is refused.
func TestReadFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	for _, c := range []struct {
		size int64
		want bool
	}{{0, true}, {properties.MaxFile, true}, {properties.MaxFile + 1, false}} {
		if err := os.WriteFile(file, nil, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(file, c.size); err != nil {
			t.Fatal(err)
		}
		if data, err := properties.ReadFile(file); (err == nil) != c.want || c.want && int64(len(data)) != c.size {
			t.Errorf("of %d bytes %d were read: %v", c.size, len(data), err)
		}
	}
	_, err := properties.ReadFile("/dev/zero")
	if want := "read /dev/zero: it has more than 64 MiB"; err == nil || err.Error() != want {
		t.Errorf("/dev/zero: %v, want %s", err, want)
	}
}
