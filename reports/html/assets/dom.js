// dom.js makes elements. Texts are only ever set as text, so that no name of a workload is read as markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

// section is a part of a failure: a heading, and what stands under it.
const section = (title, ...children) => el("div", { class: "part" }, el("h3", {}, title), children);

// more is what a reader sees only on request, or at once if it is open; make makes it then.
function more(title, make, open) {
  const box = el("details", { class: "more", open }, el("summary", {}, title));
  box.addEventListener("toggle", () => {
    if (box.open && box.childElementCount === 1) box.append(make());
  });
  return box;
}

// isNarrow: as the style sheet has it.
const isNarrow = () => matchMedia("(max-width: 640px)").matches;

const grouped = (n) => n.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
const plural = (n, noun) => `${grouped(n)} ${noun}${n === 1 ? "" : "s"}`;
const clamp = (n, low, high) => Math.max(low, Math.min(high, n));
const shorten = (text, n) => ([...text].length <= n ? text : [...text].slice(0, n - 1).join("") + "…");
const nameOf = (names, i) => (i >= 0 && i < names.length ? names[i] : `?${i}`);

// duration writes nanoseconds as a person does.
function duration(ns) {
  for (const [unit, size] of [["s", 1e9], ["ms", 1e6], ["µs", 1e3]]) {
    if (ns >= size) return `${+(ns / size).toFixed(3)} ${unit}`;
  }
  return `${ns} ns`;
}

// longTable is a table of any number of rows, which are made a thousand at a time.
function longTable(heads, count, row) {
  const step = 1000;
  const body = el("tbody");
  const button = el("button", { type: "button", class: "quiet", onclick: () => grow() }, "Show more rows");
  let made = 0;
  function grow() {
    const rows = [];
    for (const end = Math.min(count, made + step); made < end; made++) {
      rows.push(el("tr", {}, row(made).map((cell, k) => el("td", { "data-label": heads[k] }, cell))));
    }
    body.append(...rows);
    button.hidden = made >= count;
  }
  grow();
  const head = el("thead", {}, el("tr", {}, heads.map((h) => el("th", { scope: "col" }, h))));
  return el("div", { class: "scroll listing", tabindex: "0", role: "group", "aria-label": "Table" }, el("table", { class: "cards" }, head, body), button);
}
