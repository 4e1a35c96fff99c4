//go:build browser

package html

import (
	"cmp"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"synchrony/reports/internal/browser"
)

// TestBrowserPicture takes one picture, for documents: of PAGE, a file or an address, into the file PICTURE, WIDTH pixels wide (1280) and at most HEIGHT
// high (all of it), in the colours of SCHEME (light), once WAIT, an expression, is true. ci/pictures.sh asks for it.
func TestBrowserPicture(t *testing.T) {
	page, picture := os.Getenv("PAGE"), os.Getenv("PICTURE")
	if picture == "" {
		t.Skip("PICTURE names no file: see ci/pictures.sh")
	}
	number := func(name string, usual int64) int64 {
		n, err := strconv.ParseInt(cmp.Or(os.Getenv(name), strconv.FormatInt(usual, 10)), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	const all = 1 << 16
	width, height := number("WIDTH", 1280), number("HEIGHT", all)
	if !strings.HasPrefix(page, "http://") {
		path, err := filepath.Abs(page)
		if err != nil {
			t.Fatal(err)
		}
		page = "file://" + path
	}
	b := browser.Visit(t, page, width, min(height, 900))
	b.Prefer(cmp.Or(os.Getenv("SCHEME"), "light"))
	browser.Get(b, chromedp.Poll[bool]("Boolean("+cmp.Or(os.Getenv("WAIT"), "true")+")", chromedp.WithPollingTimeout(time.Minute)))
	settled(t, b)
	take := chromedp.FullScreenshot(100)
	if height < all {
		b.Do(chromedp.EmulateViewport(width, height))
		take = chromedp.CaptureScreenshot()
	}
	if err := os.WriteFile(picture, browser.Get(b, take), 0o644); err != nil {
		t.Fatal(err)
	}
}
