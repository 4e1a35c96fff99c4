//go:build browser

package browser

import (
	"os"
	"path/filepath"
	"runtime"

	"github.com/chromedp/chromedp"
)

// Audit lists what is wrong with the page for people who do not see it as others do, or use a keyboard alone: what axe-core finds against WCAG 2.2 A and
// AA and its best practices, each with the element; and, beside that, an id that is there twice, and text in a drawing of less contrast than 4.5:1.
func (b *Browser) Audit() []string {
	b.t.Helper()
	return append(b.axe(), Get(b, chromedp.Evaluate[[]string](audit))...)
}

// axe is what axe-core finds (Deque Systems, https://github.com/dequelabs/axe-core). ci/setup.sh installs it.
func (b *Browser) axe() []string {
	b.t.Helper()
	_, here, _, _ := runtime.Caller(0)
	path := filepath.Join(filepath.Dir(here), "../../../tools/npm/node_modules/axe-core/axe.min.js")
	script, err := os.ReadFile(path)
	if err != nil {
		b.t.Fatalf("axe-core is not installed (%v): make browser installs it", err)
	}
	b.Do(chromedp.Evaluate[chromedp.Void](string(script) + "; undefined"))
	return Get(b, chromedp.Evaluate[[]string](runAxe, chromedp.EvalAwaitPromise))
}

// runAxe runs all rules of the standard tags and of the best practices.
const runAxe = `axe.run(document, { preload: false, resultTypes: ["violations"] }).then((r) => r.violations.flatMap((v) =>
  v.nodes.map((n) => v.id + ": " + v.help + ": " + n.html.slice(0, 120) + " (" + n.any.concat(n.all, n.none).map((c) => c.message).join("; ").slice(0, 200) + ")")))`

// audit lists what axe-core does not look for.
const audit = `(() => {
  const faults = [];
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push("id twice: " + id);
  const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const parse = (c) => { const m = c.match(/[\d.]+/g); return m ? m.map(Number) : null; };
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c && (c.length < 4 || c[3] > 0)) return c; } return [255, 255, 255]; };
  const done = new Set();
  for (const e of document.querySelectorAll("svg text")) {
    if (!e.textContent.trim() || e.getClientRects().length === 0) continue;
    const ink = parse(getComputedStyle(e).fill), under = ground(e), key = ink + "/" + under;
    if (!ink || done.has(key)) continue;
    done.add(key);
    const [a, b] = [luminance(ink), luminance(under)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faults.push("contrast " + ratio.toFixed(2) + " in a drawing: " + e.textContent.trim().slice(0, 60));
  }
  return faults;
})()`
