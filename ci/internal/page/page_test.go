package page

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWrite(t *testing.T) {
	file, part := filepath.Join(t.TempDir(), "page.md"), Part{"<!-- begin -->\n", "<!-- end -->\n"}
	if err := os.WriteFile(file, []byte("a\n"+part.Begin+"old\n"+part.End+"z\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := part.Write(file, "new\n"); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(file); string(got) != "a\n"+part.Begin+"new\n"+part.End+"z\n" {
		t.Errorf("%s", got)
	}
	for _, content := range []string{"nothing", part.Begin + "no end"} {
		if err := os.WriteFile(file, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := part.Write(file, ""); err == nil {
			t.Errorf("a page without a place for the text is written: %q", content)
		}
	}
}
