//go:build browser

package html

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"synchrony/reports"
	"synchrony/reports/internal/browser"
)

// filled waits until failure n is drawn.
func filled(t *testing.T, b *browser.Browser, n int) {
	t.Helper()
	b.Do(chromedp.WaitVisible(chromedp.CSS(fmt.Sprintf("#failure-%d .drawn[data-filled=done]", n))))
}

// settled waits until every failure that is open is drawn.
func settled(t *testing.T, b *browser.Browser) {
	t.Helper()
	browser.Get(b, chromedp.Poll[bool](`[...document.querySelectorAll("details.failure[open] .drawn")].every((d) => d.dataset.filled === "done")`))
}

// TestBrowserSteps steps through a failure by slider, keys and buttons.
func TestBrowserSteps(t *testing.T) {
	f := lostUpdate("alice", "withdraw1", "withdraw2")
	b := browser.Open(t, render(t, &Page{Run: runOf([]Failure{f}), Failures: []Failure{f}}), 1280, 900)
	filled(t, b, 1)
	const now = "#failure-1 .chart .now"
	range1 := "#failure-1 .chart input[type=range]"
	b.Do(chromedp.Focus(chromedp.CSS(range1)), chromedp.KeyEvent(kb.Home))
	if got, want := b.Text(now), "event 1 of 12: withdraw1 starts (1 ns, worker 0)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	b.Do(chromedp.KeyEvent(kb.ArrowRight))
	if got, want := b.Text(now), "event 2 of 12: withdraw1 reads alice: 100, as it was before the batch (2 ns, worker 0)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	b.Do(chromedp.KeyEvent(kb.End))
	if got, want := b.Text(now), "event 12 of 12: withdraw2 is done (12 ns, worker 1)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	value := "#failure-1 .accounts tbody tr:first-child .v"
	if got := b.Text(value); got != "80" {
		t.Errorf("in the end alice has %s, want 80", got)
	}
	b.Do(chromedp.Click(chromedp.CSS(`#failure-1 button[aria-label="To the beginning"]`)))
	if got := b.Text(value); got != "100" {
		t.Errorf("at first alice has %s, want 100", got)
	}
	// The numbers that a float does not hold are exact.
	if got, want := b.Text("#failure-1 .accounts tbody tr:nth-child(2)"), "4611686018427387905"; !strings.Contains(got, want) {
		t.Errorf("%q has no %s", got, want)
	}
	// The plan lacks an edge, and the cycle is drawn.
	b.Is(`document.querySelectorAll("#failure-1 .graph .edge.missing").length > 0`)
	b.Is(`document.querySelectorAll("#failure-1 .graph .edge.cycle").length > 0`)
	// Evidence leads to the schedule.
	b.Do(chromedp.Click(chromedp.CSS("#failure-1 .evidence button")))
	b.Is(`document.activeElement.getAttribute("aria-label").startsWith("Every step of the schedule")`)
	b.Is(`document.activeElement.value === "3"`)
	b.Is(`document.querySelector("#failure-1 .flag")`)
	// The counterexample can be saved, as it was found.
	b.Do(chromedp.Evaluate[chromedp.Void](`window.saved = new Promise((saved) => {
			const make = URL.createObjectURL;
			URL.createObjectURL = (blob) => { blob.text().then(saved); return make.call(URL, blob) };
		}); undefined`),
		chromedp.Click(chromedp.CSS("#failure-1 .drawn > p > button")))
	if saved := browser.Get(b, chromedp.Evaluate[string]("window.saved", chromedp.EvalAwaitPromise)); saved != f.Text {
		t.Errorf("saved:\n%s\nwant:\n%s", saved, f.Text)
	}
}

// TestBrowserFilter filters the table of verdicts.
func TestBrowserFilter(t *testing.T) {
	f := lostUpdate("alice", "withdraw1", "withdraw2")
	b := browser.Open(t, render(t, &Page{Run: runOf([]Failure{f}), Failures: []Failure{f}}), 1280, 900)
	b.Do(chromedp.SendKeys(chromedp.CSS("#find"), "SYMMETRIC"))
	b.Is(`document.querySelectorAll("#properties tbody tr:not([hidden])").length === 1`)
	b.Do(chromedp.Click(chromedp.CSS(".chip.fail")))
	b.Is(`!document.getElementById("nothing").hidden`)
	b.Do(chromedp.Click(chromedp.CSS("#theme")))
	b.Is(`document.documentElement.dataset.theme === "light"`)
}

// TestBrowserHostile opens everything on a page whose every name is markup: none of it may run or become an
// element.
func TestBrowserHostile(t *testing.T) {
	f := lostUpdate(hostile, hostile+"1", hostile+"2")
	f.Found.Reason, f.Found.Rule, f.Found.File, f.Info.Statement = hostile, hostile, hostile, hostile
	run := runOf([]Failure{f})
	run.Command = hostile
	p := &Page{Run: run, Failures: []Failure{f}, Mutants: twoMutants(hostile), Trends: []Trend{{Property: hostile, Runs: []TrendRun{{}}}}}
	b := browser.Open(t, render(t, p), 1280, 900)
	filled(t, b, 1)
	b.Do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach((d) => d.open = true)`))
	browser.Get(b, chromedp.Poll[bool](`[...document.querySelectorAll("details.more")].every((d) => d.childElementCount > 1)`))
	b.Is(`document.title.startsWith("verify")`)
	b.Is(`document.querySelectorAll("img").length === 0`)
	b.Is(`[...document.scripts].filter((s) => s.type !== "application/json").length === 1`)
	b.Is(`document.querySelector("#failure-1 .accounts th[scope=row]").textContent === ` + fmt.Sprintf("%q", hostile))
}

// TestBrowserFits: nothing makes the page wider than a phone.
func TestBrowserFits(t *testing.T) {
	f := lostUpdate("alice", "withdraw1", "withdraw2")
	b := browser.Open(t, render(t, &Page{Run: runOf([]Failure{f}), Failures: []Failure{f}}), 360, 740)
	filled(t, b, 1)
	b.Is(`document.documentElement.scrollWidth <= 360`)
}

// TestBrowserAccessible: everything that can be used has a name, every graphic has words, ids are unique, and every text has
// the contrast that WCAG 2.2 asks for (4.5:1), light and dark.
func TestBrowserAccessible(t *testing.T) {
	f := lostUpdate("alice", "withdraw1", "withdraw2")
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) {
			b := browser.Open(t, render(t, &Page{Run: runOf([]Failure{f}), Failures: []Failure{f}}), 1280, 900)
			b.Prefer(scheme)
			filled(t, b, 1)
			for _, fault := range b.Audit() {
				t.Error(fault)
			}
		})
	}
}

// TestBrowserLarge measures the page of a run with 200 failures of 10,000 events each.
func TestBrowserLarge(t *testing.T) {
	page := largePage(t, 200)
	b := browser.Open(t, page, 1280, 900)
	filled(t, b, 1)
	loaded := browser.Get(b, chromedp.Evaluate[float64](`performance.getEntriesByType("navigation")[0].domComplete`))
	opened := browser.Get(b, chromedp.Evaluate[float64](`(async () => {
			const box = document.getElementById("failure-2"), began = performance.now();
			box.open = true;
			while (!box.querySelector(".drawn[data-filled=done]")) await new Promise((r) => requestAnimationFrame(r));
			return performance.now() - began;
		})()`, chromedp.EvalAwaitPromise))
	t.Logf("%d bytes, loaded in %.0f ms, a failure opened in %.0f ms", len(page), loaded, opened)
	if len(page) > 5_000_000 {
		t.Errorf("the page has %d bytes, and may have 5,000,000", len(page))
	}
	b.Is(`document.querySelectorAll("#failure-2 .chart .item").length < 500`)
}

// TestBrowserShots keeps pictures of pages, to be looked at, in the folder that SHOTS names; else in a temporary one.
func TestBrowserShots(t *testing.T) {
	folder := os.Getenv("SHOTS")
	if folder == "" {
		folder = t.TempDir()
	}
	f := lostUpdate("alice", "withdraw1", "withdraw2")
	pages := map[string][]byte{
		"pass": render(t, &Page{Run: runOf(nil)}),
		"fail": render(t, &Page{Run: runOf([]Failure{f}), Failures: []Failure{f}, Trends: trends(), Mutants: twoMutants("graph-no-war")}),
	}
	if path := os.Getenv("PAGE"); path != "" { // a page of one's own
		page, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		pages = map[string][]byte{strings.TrimSuffix(filepath.Base(path), ".html"): page}
	}
	for name, page := range pages {
		for _, width := range []int64{1280, 390} {
			for _, scheme := range []string{"light", "dark"} {
				b := browser.Open(t, page, width, 900)
				b.Prefer(scheme)
				settled(t, b)
				picture := browser.Get(b, chromedp.FullScreenshot(100))
				file := filepath.Join(folder, fmt.Sprintf("%s-%d-%s.png", name, width, scheme))
				if err := os.WriteFile(file, picture, 0o644); err != nil {
					t.Fatal(err)
				}
				if len(picture) < 10_000 {
					t.Errorf("%s has %d bytes only", file, len(picture))
				}
			}
		}
	}
}

func trends() []Trend {
	day := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var runs []TrendRun
	for i := range 12 {
		status := reports.Pass
		if i == 7 {
			status = reports.Fail
		}
		runs = append(runs, TrendRun{Began: day.AddDate(0, 0, i), Status: status, Cases: 200, Schedules: 9000 + 900*(i%5), Seconds: 1})
	}
	return []Trend{{"S1", runs}, {"S10", runs[:6]}}
}
