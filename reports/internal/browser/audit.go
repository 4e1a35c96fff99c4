//go:build browser

package browser

import "github.com/chromedp/chromedp"

// Audit lists what is wrong with the page for people who do not see it as others do: what can be used and has no name, a graphic
// without words, an id that is there twice, and text of less contrast than WCAG 2.2 asks for (4.5:1).
func (b *Browser) Audit() []string {
	b.t.Helper()
	return Get(b, chromedp.Evaluate[[]string](audit))
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
