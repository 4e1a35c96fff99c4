//go:build browser

package browser

import (
	"strings"
	"testing"
)

// TestBrowserNotices: tests of pages would see what they look for.
func TestBrowserNotices(t *testing.T) {
	b := Open(t, []byte(`<!doctype html><title>bad</title>
		<p style="color: #bbb">faint</p><button></button><svg role="img"></svg><svg width="9" height="9"><text y="9" fill="#bbb">faint, too</text></svg>
		<i id="a"></i><i id="a"></i>
		<img alt="" src="http://127.0.0.1:1/x.png"><script>console.log("hello"); throw new Error("boom")</script>`), 800, 600)
	faults := strings.Join(b.Audit(), "\n")
	for _, want := range []string{"button-name: ", "svg-img-alt: ", "html-has-lang: ", "color-contrast: ", "id twice: a", "contrast 1.9"} {
		if !strings.Contains(faults, want) {
			t.Errorf("the audit does not see %q:\n%s", want, faults)
		}
	}
	b.mu.Lock()
	problems := strings.Join(b.problems, "\n")
	b.problems = nil
	b.mu.Unlock()
	for _, want := range []string{"console.log", "exception: ", "request: http://127.0.0.1:1/x.png"} {
		if !strings.Contains(problems, want) {
			t.Errorf("nobody notes %q:\n%s", want, problems)
		}
	}
}
