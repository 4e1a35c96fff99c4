//go:build browser

package html

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"synchrony/reports"
)

// browser is a headless Chromium with one page open, and what went wrong in it.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	problems []string
}

// patience lets the browser start as slowly as a busy machine makes it; go test has the limit.
var patience = chromedp.WSURLReadTimeout(time.Hour)

// open shows a page from a file, as a reader would.
func open(t *testing.T, page []byte, width, height int64) *browser {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, page, 0o644); err != nil {
		t.Fatal(err)
	}
	// Chromium's sandbox refuses to work for root, which containers are run by.
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, patience, chromedp.WindowSize(int(width), int(height)))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stopTab := chromedp.NewContext(ctx)
	t.Cleanup(stopTab)
	b := &browser{t: t, ctx: ctx}
	here := "file://" + (&url.URL{Path: path}).EscapedPath()
	if err := chromedp.Listen(ctx, func(event any) { b.listen(event, here) }); err != nil {
		t.Fatal(err)
	}
	b.do(command(network.Enable, network.EnableParams{}), command(log.Enable, cdp.Empty{}),
		chromedp.EmulateViewport(width, height))
	b.prefer("light")
	b.do(chromedp.Navigate(here))
	t.Cleanup(b.check)
	return b
}

// listen notes what a good page never does.
func (b *browser) listen(event any, here string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		b.problems = append(b.problems, fmt.Sprintf("console.%s: %v", e.Type, e.Args))
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, fmt.Sprintf("exception: %+v", e.ExceptionDetails))
	case *log.EventEntryAdded:
		b.problems = append(b.problems, "log: "+e.Entry.Text)
	case *network.EventRequestWillBeSent:
		if e.Request.URL != here && !strings.HasPrefix(e.Request.URL, "blob:") {
			b.problems = append(b.problems, "request: "+e.Request.URL)
		}
	}
}

func (b *browser) check() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.problems {
		b.t.Error(p)
	}
}

// command is a command of the protocol that nobody wants an answer to.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// get is what an action returns.
func get[T any](b *browser, a chromedp.Action[T]) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, a)
	if err != nil {
		b.t.Fatal(err)
	}
	return value
}

// prefer sets the colours that the reader's system prefers.
func (b *browser) prefer(scheme string) {
	b.t.Helper()
	b.do(command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"}, // a page that glides is clicked beside its buttons
		},
	}))
}

// text is what an element says.
func (b *browser) text(selector string) string {
	b.t.Helper()
	return get(b, chromedp.TextContent(chromedp.CSS(selector)))
}

// is evaluates an expression that must be true.
func (b *browser) is(expression string) {
	b.t.Helper()
	if !get(b, chromedp.Evaluate[bool]("Boolean("+expression+")")) {
		b.t.Errorf("not so: %s", expression)
	}
}

// filled waits until failure n is drawn.
func (b *browser) filled(n int) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(chromedp.CSS(fmt.Sprintf("#failure-%d .drawn[data-filled=done]", n))))
}

// TestBrowserNotices: the tests below would see what they look for.
func TestBrowserNotices(t *testing.T) {
	b := open(t, []byte(`<!doctype html><title>bad</title>
		<p style="color: #bbb">faint</p><button></button><svg></svg><i id="a"></i><i id="a"></i>
		<img alt="" src="http://127.0.0.1:1/x.png"><script>console.log("hello"); throw new Error("boom")</script>`), 800, 600)
	faults := strings.Join(get(b, chromedp.Evaluate[[]string](audit)), "\n")
	for _, want := range []string{"no name: <button>", "no words: <svg>", "id twice: a", "contrast 1.9"} {
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

// settled waits until every failure that is open is drawn.
func (b *browser) settled() {
	b.t.Helper()
	get(b, chromedp.Poll[bool](`[...document.querySelectorAll("details.failure[open] .drawn")].every((d) => d.dataset.filled === "done")`))
}

// TestBrowserSteps steps through a failure by slider, keys and buttons.
func TestBrowserSteps(t *testing.T) {
	f := lostUpdate("alice", "withdraw1", "withdraw2")
	b := open(t, render(t, &Page{Run: runOf([]Failure{f}), Failures: []Failure{f}}), 1280, 900)
	b.filled(1)
	const now = "#failure-1 .chart .now"
	range1 := "#failure-1 .chart input[type=range]"
	b.do(chromedp.Focus(chromedp.CSS(range1)), chromedp.KeyEvent(kb.Home))
	if got, want := b.text(now), "event 1 of 12: withdraw1 starts (1 ns, worker 0)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	b.do(chromedp.KeyEvent(kb.ArrowRight))
	if got, want := b.text(now), "event 2 of 12: withdraw1 reads alice: 100, as it was before the batch (2 ns, worker 0)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	b.do(chromedp.KeyEvent(kb.End))
	if got, want := b.text(now), "event 12 of 12: withdraw2 is done (12 ns, worker 1)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	value := "#failure-1 .accounts tbody tr:first-child .v"
	if got := b.text(value); got != "80" {
		t.Errorf("in the end alice has %s, want 80", got)
	}
	b.do(chromedp.Click(chromedp.CSS(`#failure-1 button[aria-label="To the beginning"]`)))
	if got := b.text(value); got != "100" {
		t.Errorf("at first alice has %s, want 100", got)
	}
	// The numbers that a float does not hold are exact.
	if got, want := b.text("#failure-1 .accounts tbody tr:nth-child(2)"), "4611686018427387905"; !strings.Contains(got, want) {
		t.Errorf("%q has no %s", got, want)
	}
	// The plan lacks an edge, and the cycle is drawn.
	b.is(`document.querySelectorAll("#failure-1 .graph .edge.missing").length > 0`)
	b.is(`document.querySelectorAll("#failure-1 .graph .edge.cycle").length > 0`)
	// Evidence leads to the schedule.
	b.do(chromedp.Click(chromedp.CSS("#failure-1 .evidence button")))
	b.is(`document.activeElement.getAttribute("aria-label").startsWith("Every step of the schedule")`)
	b.is(`document.activeElement.value === "3"`)
	b.is(`document.querySelector("#failure-1 .flag")`)
	// The counterexample can be saved, as it was found.
	b.do(chromedp.Evaluate[chromedp.Void](`window.saved = new Promise((saved) => {
			const make = URL.createObjectURL;
			URL.createObjectURL = (blob) => { blob.text().then(saved); return make.call(URL, blob) };
		}); undefined`),
		chromedp.Click(chromedp.CSS("#failure-1 .drawn > p > button")))
	if saved := get(b, chromedp.Evaluate[string]("window.saved", chromedp.EvalAwaitPromise)); saved != f.Text {
		t.Errorf("saved:\n%s\nwant:\n%s", saved, f.Text)
	}
}

// TestBrowserFilter filters the table of verdicts.
func TestBrowserFilter(t *testing.T) {
	f := lostUpdate("alice", "withdraw1", "withdraw2")
	b := open(t, render(t, &Page{Run: runOf([]Failure{f}), Failures: []Failure{f}}), 1280, 900)
	b.do(chromedp.SendKeys(chromedp.CSS("#find"), "SYMMETRIC"))
	b.is(`document.querySelectorAll("#properties tbody tr:not([hidden])").length === 1`)
	b.do(chromedp.Click(chromedp.CSS(".chip.fail")))
	b.is(`!document.getElementById("nothing").hidden`)
	b.do(chromedp.Click(chromedp.CSS("#theme")))
	b.is(`document.documentElement.dataset.theme === "light"`)
}

// TestBrowserHostile opens everything on a page whose every name is markup: none of it may run or become an
// element.
func TestBrowserHostile(t *testing.T) {
	f := lostUpdate(hostile, hostile+"1", hostile+"2")
	f.Found.Reason, f.Found.Rule, f.Found.File, f.Info.Statement = hostile, hostile, hostile, hostile
	run := runOf([]Failure{f})
	run.Command = hostile
	p := &Page{Run: run, Failures: []Failure{f}, Mutants: twoMutants(hostile), Trends: []Trend{{Property: hostile, Runs: []TrendRun{{}}}}}
	b := open(t, render(t, p), 1280, 900)
	b.filled(1)
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach((d) => d.open = true)`))
	get(b, chromedp.Poll[bool](`[...document.querySelectorAll("details.more")].every((d) => d.childElementCount > 1)`))
	b.is(`document.title.startsWith("verify")`)
	b.is(`document.querySelectorAll("img").length === 0`)
	b.is(`[...document.scripts].filter((s) => s.type !== "application/json").length === 1`)
	b.is(`document.querySelector("#failure-1 .accounts th[scope=row]").textContent === ` + fmt.Sprintf("%q", hostile))
}

// TestBrowserFits: nothing makes the page wider than a phone.
func TestBrowserFits(t *testing.T) {
	f := lostUpdate("alice", "withdraw1", "withdraw2")
	b := open(t, render(t, &Page{Run: runOf([]Failure{f}), Failures: []Failure{f}}), 360, 740)
	b.filled(1)
	b.is(`document.documentElement.scrollWidth <= 360`)
}

// TestBrowserAccessible: everything that can be used has a name, every graphic has words, ids are unique, and every text has
// the contrast that WCAG 2.2 asks for (4.5:1), light and dark.
func TestBrowserAccessible(t *testing.T) {
	f := lostUpdate("alice", "withdraw1", "withdraw2")
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) {
			b := open(t, render(t, &Page{Run: runOf([]Failure{f}), Failures: []Failure{f}}), 1280, 900)
			b.prefer(scheme)
			b.filled(1)
			for _, fault := range get(b, chromedp.Evaluate[[]string](audit)) {
				t.Error(fault)
			}
		})
	}
}

// audit lists what is wrong for people who do not see the page as others do.
const audit = `(() => {
  const faults = [];
  const seen = (e) => e.getClientRects().length > 0;
  const name = (e) => (e.getAttribute("aria-label") || (e.labels && e.labels[0] && e.labels[0].textContent) || e.textContent || "").trim();
  for (const e of document.querySelectorAll("button, a[href], input, summary, [tabindex]")) if (seen(e) && !name(e)) faults.push("no name: " + e.outerHTML.slice(0, 120));
  for (const e of document.querySelectorAll("svg")) if (e.getAttribute("aria-hidden") !== "true" && !(e.getAttribute("role") === "img" && name(e))) faults.push("no words: " + e.outerHTML.slice(0, 120));
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push("id twice: " + id);
  const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const parse = (c) => { const m = c.match(/[\d.]+/g); return m ? m.map(Number) : null; };
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c && (c.length < 4 || c[3] > 0)) return c; } return [255, 255, 255]; };
  const done = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !seen(e) || ["SCRIPT", "STYLE"].includes(e.tagName) || getComputedStyle(e).visibility === "hidden") continue;
    const style = getComputedStyle(e), vector = e.namespaceURI.endsWith("svg");
    const ink = parse(vector ? style.fill : style.color), under = ground(e);
    if (!ink) continue;
    const [a, b] = [luminance(ink), luminance(under)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
    const key = ink + "/" + under;
    if (ratio < 4.5 && !done.has(key)) { done.add(key); faults.push("contrast " + ratio.toFixed(2) + ": " + walk.currentNode.textContent.trim().slice(0, 60)); }
  }
  return faults;
})()`

// TestBrowserLarge measures the page of a run with 200 failures of 10,000 events each.
func TestBrowserLarge(t *testing.T) {
	page := largePage(t, 200)
	b := open(t, page, 1280, 900)
	b.filled(1)
	loaded := get(b, chromedp.Evaluate[float64](`performance.getEntriesByType("navigation")[0].domComplete`))
	opened := get(b, chromedp.Evaluate[float64](`(async () => {
			const box = document.getElementById("failure-2"), began = performance.now();
			box.open = true;
			while (!box.querySelector(".drawn[data-filled=done]")) await new Promise((r) => requestAnimationFrame(r));
			return performance.now() - began;
		})()`, chromedp.EvalAwaitPromise))
	t.Logf("%d bytes, loaded in %.0f ms, a failure opened in %.0f ms", len(page), loaded, opened)
	if len(page) > 5_000_000 {
		t.Errorf("the page has %d bytes, and may have 5,000,000", len(page))
	}
	b.is(`document.querySelectorAll("#failure-2 .chart .item").length < 500`)
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
				b := open(t, page, width, 900)
				b.prefer(scheme)
				b.settled()
				picture := get(b, chromedp.FullScreenshot(100))
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
