//go:build browser

package live

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"synchrony/reports/internal/browser"
)

// TestBrowserLive follows a run to its end: the page then is the report.
func TestBrowserLive(t *testing.T) {
	for _, c := range []struct {
		name, scheme string
		width        int64
	}{{"desk", "light", 1280}, {"phone", "dark", 390}} {
		t.Run(c.name, func(t *testing.T) {
			s := opened(t)
			b := browser.Visit(t, s.URL(), c.width, 900)
			b.Prefer(c.scheme)
			browser.Get(b, chromedp.Poll[bool](`document.querySelectorAll("#rows tr").length === 2 && document.getElementById("facts").childElementCount > 0 && document.querySelector("#found .failure") !== null`))
			b.Is(`document.querySelector("#found .failure").open && document.getElementById("found").textContent.includes("carol")`)
			b.Is(`document.querySelector("#found .story tbody tr:nth-child(2)").textContent.includes("left the default") && document.getElementById("found").textContent.includes("carol has lost 10")`)
			b.Is(`[...document.querySelectorAll(".scroll, .story")].every((e) => e.scrollWidth <= e.clientWidth)`)
			b.Is(`document.querySelectorAll("img").length === 0 && document.title === "verify: 1 of 2, 1 failed"`)
			b.Is(`document.getElementById("workers").childElementCount === 2 && document.getElementById("tasks").textContent.includes("1 given to another worker")`)
			b.Is(`document.getElementById("bar").value === 0.25 && document.getElementById("rows").textContent.includes("50 of 200")`)
			b.Is(fmt.Sprintf(`document.documentElement.scrollWidth <= %d`, c.width))
			for _, fault := range b.Audit() {
				t.Error(fault)
			}
			if folder := os.Getenv("SHOTS"); folder != "" {
				picture := browser.Get(b, chromedp.FullScreenshot(100))
				if err := os.WriteFile(filepath.Join(folder, "live-"+c.name+".png"), picture, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			s.Finish([]byte(`<!doctype html><title>the report</title><p id="end">over`), time.Hour)
			b.Do(chromedp.WaitVisible(chromedp.CSS("#end")))
		})
	}
}
