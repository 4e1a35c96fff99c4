//go:build browser

package checked

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"synchrony/reports/internal/browser"
)

func rendered(t *testing.T, p *Page) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestBrowserTimeline: boxes of one client are in its column, below each other, and those under way at the same time are side by side.
func TestBrowserTimeline(t *testing.T) {
	b := browser.Open(t, rendered(t, stale("h.edn")), 1280, 900)
	b.Is(`document.querySelectorAll(".box.blamed[style]").length === 2`)
	b.Is(`(() => {
		const at = (line) => [...document.querySelectorAll(".lanes .box")].find((e) => e.textContent.includes("line " + line)).getBoundingClientRect();
		return at(1).left === at(4).left && at(1).bottom <= at(4).top && at(3).top < at(4).bottom && at(4).top < at(3).bottom && at(3).right <= at(9).left && at(9).bottom > at(7).bottom;
	})()`)
}

// TestBrowserFits: nothing makes the page wider than a phone, on which the timeline is a list that names the clients.
func TestBrowserFits(t *testing.T) {
	for _, p := range []*Page{stale("h.edn"), skew("x"), many(100_000)} {
		b := browser.Open(t, rendered(t, p), 360, 740)
		b.Is(`document.documentElement.scrollWidth <= 360`)
		b.Is(`[...document.querySelectorAll(".lanes, .scroll")].every((e) => e.scrollWidth <= e.clientWidth)`)
		b.Is(`document.querySelector(".lanes .who").getClientRects().length > 0 && document.querySelector(".lanes .client").getClientRects().length === 0`)
	}
}

// TestBrowserAccessible holds the pages to the audit, light on a desk and dark on a phone.
func TestBrowserAccessible(t *testing.T) {
	for scheme, width := range map[string]int64{"light": 1280, "dark": 390} {
		for _, p := range []*Page{stale("h.edn"), skew("x"), many(1000)} {
			b := browser.Open(t, rendered(t, p), width, 900)
			b.Prefer(scheme)
			for _, fault := range b.Audit() {
				t.Errorf("%s: %s: %s", scheme, p.File, fault)
			}
		}
	}
}

// TestBrowserHostile: no name becomes an element or runs.
func TestBrowserHostile(t *testing.T) {
	for _, p := range []*Page{stale(hostile), skew(hostile)} {
		b := browser.Open(t, rendered(t, p), 1280, 900)
		b.Is(`document.scripts.length === 0`)
	}
}

// TestBrowserShots keeps pictures of pages, to be looked at, in the folder that SHOTS names; else in a temporary one.
func TestBrowserShots(t *testing.T) {
	folder := os.Getenv("SHOTS")
	if folder == "" {
		folder = t.TempDir()
	}
	for name, p := range map[string]*Page{"stale": stale("h.edn"), "skew": skew("a reason"), "many": many(100_000)} {
		for width, scheme := range map[int64]string{1280: "light", 390: "dark"} {
			b := browser.Open(t, rendered(t, p), width, 900)
			b.Prefer(scheme)
			picture := browser.Get(b, chromedp.FullScreenshot(100))
			file := filepath.Join(folder, "checked-"+name+"-"+scheme+".png")
			if err := os.WriteFile(file, picture, 0o644); err != nil {
				t.Fatal(err)
			}
			if len(picture) < 10_000 {
				t.Errorf("%s has %d bytes only", file, len(picture))
			}
		}
	}
}
