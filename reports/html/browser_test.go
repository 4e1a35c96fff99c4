//go:build browser

package html

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"synchrony/properties"
	"synchrony/properties/story"
	"synchrony/reports"
	"synchrony/reports/internal/browser"
	"synchrony/reports/results"
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

// TestBrowserFits: nothing makes a page wider than a phone, and nothing on it has to be moved sideways to be read; but the drawings, of which the
// same is told as a list.
func TestBrowserFits(t *testing.T) {
	for name, page := range map[string][]byte{"run": full(t), "runs": runsPage(t)} {
		t.Run(name, func(t *testing.T) {
			b := browser.Open(t, page, 360, 740)
			b.Do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach((d) => d.open = true)`))
			settled(t, b)
			b.Do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach((d) => d.open = true)`))
			browser.Get(b, chromedp.Poll[bool](`[...document.querySelectorAll("details.more")].every((d) => d.childElementCount > 1)`))
			b.Is(`document.documentElement.scrollWidth <= 360`)
			for _, wide := range browser.Get(b, chromedp.Evaluate[[]string](`[...document.querySelectorAll("main *")]
				.filter((e) => !e.closest(".chart, .graph, svg, summary") && e.clientWidth > 0 && e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX !== "visible")
				.map((e) => e.outerHTML.slice(0, 200))`)) {
				t.Errorf("has to be moved sideways: %s", wide)
			}
		})
	}
}

// TestBrowserStory: a story is a table with a column for each worker, and on a phone a list in which each step names its worker.
func TestBrowserStory(t *testing.T) {
	f := lostUpdate("alice", "withdraw1", "withdraw2")
	page := render(t, &Page{Run: runOf([]Failure{f}), Failures: []Failure{f}})
	const row = `document.querySelector("#failure-1 .story tbody tr:nth-child(3)")`
	b := browser.Open(t, page, 1280, 900)
	filled(t, b, 1)
	b.Is(`document.querySelector("#failure-1 .story thead").textContent === "Stepmainworker 0worker 1"`)
	b.Is(row + `.cells[3].textContent.includes("here the schedule left the default") && ` + row + `.cells[1].textContent === ""`)
	b.Is(`getComputedStyle(` + row + `.cells[3], "::before").content === "none"`)
	b.Is(`document.querySelector("#failure-1 .part").textContent.includes("Before: alice 100.")`)
	b = browser.Open(t, page, 390, 900)
	filled(t, b, 1)
	b.Is(`getComputedStyle(` + row + `.cells[3], "::before").content.includes("worker 1") && ` + row + `.cells[1].getClientRects().length === 0`)
	b.Is(`document.querySelector("#failure-1 .story").getBoundingClientRect().bottom < document.querySelector("#failure-1 .evidence").getBoundingClientRect().top`)
}

// TestBrowserLongStory: of a long story the middle is shown on request.
func TestBrowserLongStory(t *testing.T) {
	f := lostUpdate("alice", "withdraw1", "withdraw2")
	rows := make([]story.Row, 100)
	for i := range rows {
		rows[i] = story.Row{Step: i + 1, Worker: int32(i % 2), Text: fmt.Sprintf("does %d", i)}
	}
	f.Replay.Story = story.NewTable(rows, func(worker int32) string { return fmt.Sprint("worker ", worker) }).Lines(rows)
	b := browser.Open(t, render(t, &Page{Run: runOf([]Failure{f}), Failures: []Failure{f}}), 390, 900)
	filled(t, b, 1)
	b.Is(`document.querySelectorAll("#failure-1 .story tr:not([hidden]) .did").length === 40`)
	b.Do(chromedp.Click(chromedp.CSS("#failure-1 .story .gap button")))
	b.Is(`document.querySelectorAll("#failure-1 .story tr:not([hidden]) .did").length === 100`)
}

// TestBrowserKeys filters, and goes from failure to failure, by keys alone.
func TestBrowserKeys(t *testing.T) {
	first, second := lostUpdate("alice", "withdraw1", "withdraw2"), lostUpdate("carol", "pay1", "pay2")
	second.Found.Rule, second.Found.Reason, second.Found.File = "other", "carol has lost something", "c/S10-other-1.txtar"
	list := []Failure{first, second}
	b := browser.Open(t, render(t, &Page{Run: runOf(list), Failures: list}), 1280, 900)
	filled(t, b, 1)
	focused := func(want string) {
		t.Helper()
		b.Is(fmt.Sprintf(`document.activeElement.closest("details.failure")?.id === %q`, want))
	}
	b.Do(chromedp.KeyEvent("j"))
	focused("failure-1")
	b.Do(chromedp.KeyEvent("j"), chromedp.KeyEvent("j"))
	focused("failure-2")
	b.Is(`document.getElementById("failure-2").open`)
	b.Do(chromedp.KeyEvent("k"))
	focused("failure-1")
	b.Do(chromedp.KeyEvent("/"))
	b.Is(`document.activeElement.id === "find"`)
	b.Do(chromedp.Evaluate[chromedp.Void](`document.activeElement.value = ""; undefined`)) // the protocol types the key, though the page has taken it
	b.Do(chromedp.KeyEvent("carol lost"))
	b.Is(`document.getElementById("failure-1").hidden && !document.getElementById("failure-2").hidden`)
	b.Do(chromedp.KeyEvent(kb.Escape))
	b.Is(`!document.getElementById("failure-1").hidden && document.activeElement.id !== "find"`)
	// Who does not want keys turns them off.
	b.Do(chromedp.Click(chromedp.CSS("#keyed")), chromedp.KeyEvent("/"))
	b.Is(`document.activeElement.id === "keyed" && document.activeElement.textContent === "Turn the keys on"`)
	// The link of a failure opens it, wherever it stands.
	b.Do(chromedp.Evaluate[chromedp.Void](`document.getElementById("failure-2").open = false; location.hash = "S10-other-1"; undefined`))
	browser.Get(b, chromedp.Poll[bool](`document.getElementById("failure-2").open`))
}

// full is a page with all that there can be on one.
func full(t *testing.T) []byte {
	f := lostUpdate("alice", "withdraw1", "withdraw2")
	stuck := lostUpdate("carol", "pay1", "pay2")
	stuck.Found.Rule, stuck.Found.Waits = "deadlock", []properties.Wait{
		{Task: "worker 0", At: "pay.go:12", Op: "lock", Object: "mutex/1", Holders: []string{"worker 1"}},
		{Task: "worker 1", At: "pay.go:17", Op: "lock", Object: "mutex/0", Holders: []string{"worker 0"}},
		{Task: "main", Op: "join", Object: "group/0"},
	}
	list := []Failure{f, stuck}
	run := runOf(list)
	run.Environment = results.Environment{Host: "builder-3", Platform: "linux/amd64", Processors: 8, Go: "go1.26.1", Revision: "0123456789abcdef0123456789abcdef01234567"}
	return render(t, &Page{Run: run, Failures: list, Trends: trends(), Mutants: twoMutants("graph-no-war")})
}

// TestBrowserWaits: who waits for whom is drawn, with the circle marked.
func TestBrowserWaits(t *testing.T) {
	b := browser.Open(t, full(t), 1280, 900)
	b.Do(chromedp.Evaluate[chromedp.Void](`location.hash = "failure-2"; undefined`))
	filled(t, b, 2)
	b.Is(`document.querySelector("#failure-2 .graph").querySelectorAll(".node.marked").length === 4`)
	b.Is(`document.querySelector("#failure-2 .graph").querySelectorAll(".edge.cycle path").length === 1`)
	b.Is(`document.querySelector("#changes").textContent.includes("began to fail")`)
}

// TestBrowserAccessible: everything that can be used has a name, every graphic has words, ids are unique, and every text has
// the contrast that WCAG 2.2 asks for (4.5:1), light and dark, on a desk and on a phone.
func TestBrowserAccessible(t *testing.T) {
	everything := full(t)
	for _, c := range []struct {
		name   string
		page   []byte
		scheme string
		width  int64
	}{
		{"light", everything, "light", 1280},
		{"dark", everything, "dark", 1280},
		{"phone", everything, "light", 390},
		{"dark phone", everything, "dark", 390},
		{"runs on a phone", runsPage(t), "light", 390},
		{"runs", runsPage(t), "dark", 1280},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := browser.Open(t, c.page, c.width, 900)
			b.Prefer(c.scheme)
			b.Do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach((d) => d.open = true)`))
			settled(t, b)
			for _, fault := range b.Audit() {
				t.Error(fault)
			}
		})
	}
}

// runsPage is the page of a history of three runs.
func runsPage(t *testing.T) []byte {
	t.Helper()
	runs := &Runs{Tool: "verify (devel)", Trends: []Trend{trendOf("S1", "ppf"), trendOf("S2", "ppi")}}
	for id := int64(3); id > 0; id-- {
		runs.List = append(runs.List, RunEntry{
			ID: id, Page: fmt.Sprintf("run-%d.html", id), Began: time.Date(2026, 3, int(id), 12, 0, 0, 0, time.UTC), Status: runs.Trends[0].Runs[id-1].Status,
			Properties: 2, Cases: 400, Schedules: 12345, Seconds: 1.5, Seed: 1, Command: "verify run --iterations 200 --seed 1",
		})
	}
	for i := range runs.Trends {
		for j := range runs.Trends[i].Runs {
			r := &runs.Trends[i].Runs[j]
			r.Page = fmt.Sprintf("run-%d.html", r.ID)
		}
	}
	var b bytes.Buffer
	if err := WriteRuns(&b, runs); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
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
	pages := map[string][]byte{
		"pass": render(t, &Page{Run: runOf(nil)}),
		"fail": full(t),
		"runs": runsPage(t),
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
		runs = append(runs, TrendRun{ID: int64(i + 1), Began: day.AddDate(0, 0, i), Status: status, Cases: 200, Schedules: 9000 + 900*(i%5), Seconds: 1})
	}
	return []Trend{{Property: "S1", Runs: runs}, {Property: "S10", Runs: runs[:8]}}
}
