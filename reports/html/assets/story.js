// story.js tells what happened: a table with a column for each worker, which a narrow page shows as a list of steps, each with its worker's name.

// tellStory returns what there is to see of a story (see properties/story/read.go).
function tellStory(told) {
  const line = (text) => el("div", { style: `padding-left: ${1 + Math.min(text.length - text.trimStart().length, 8) / 2}em` }, text.trimStart());
  const prose = (lines) => (lines && lines.length ? el("div", { class: "prose" }, lines.map(line)) : null);
  return [prose(told.before), told.rows ? storyTable(told) : null, prose(told.after)];
}

// longStory is how many rows a reader sees at once; of a longer story the middle on request.
const longStory = 40;

function storyTable(told) {
  const columns = told.columns;
  const head = el("tr", {}, el("th", { scope: "col" }, "Step"), columns.map((name) => el("th", { scope: "col" }, name)));
  const rows = told.rows.map((r) => storyRow(r, columns));
  const table = el("table", { class: "story" }, el("thead", {}, head), el("tbody", {}, rows));
  if (rows.length <= longStory + 1) return table;
  const middle = rows.slice(longStory / 4, rows.length - 3 * longStory / 4);
  for (const row of middle) row.hidden = true;
  const button = el("button", { type: "button", class: "quiet" }, `Show ${plural(middle.length, "more row")}`);
  const gap = el("tr", { class: "gap" }, el("td", { colspan: columns.length + 1 }, button));
  button.addEventListener("click", () => {
    for (const row of middle) row.hidden = false;
    gap.remove();
  });
  middle[0].before(gap);
  return table;
}

function storyRow(r, columns) {
  const column = r.column || 0;
  if (r.folded) return el("tr", { class: "gap" }, el("td", { colspan: columns.length + 1 }, r.text));
  const note = r.deviates ? el("span", { class: "deviates" }, "here the schedule left the default") : null;
  return el("tr", {}, el("td", { class: "step" }, r.step || ""), columns.map((name, k) =>
    (k === column ? el("td", { class: `did w${k}`, "data-worker": name }, r.text, note) : el("td", {}))));
}
