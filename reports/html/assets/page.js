// page.js brings the page to life: theme, filters, copying, and failures when they are opened.

const themes = ["system", "light", "dark"];

function setTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function startTheme() {
  const button = document.getElementById("theme");
  let theme = "system";
  try { theme = localStorage.getItem("verify-theme") || theme; } catch { /* a page from a file may have no storage */ }
  const set = (to) => {
    theme = themes.includes(to) ? to : "system";
    setTheme(theme);
    button.textContent = `Theme: ${theme}`;
  };
  set(theme);
  button.hidden = false;
  button.addEventListener("click", () => {
    set(themes[(themes.indexOf(theme) + 1) % themes.length]);
    try { localStorage.setItem("verify-theme", theme); } catch { /* then it lasts as long as the page */ }
  });
}

// startFilters filters failures and verdicts, by the words that are typed and the verdicts that are chosen.
function startFilters() {
  const filters = document.getElementById("filters");
  if (!filters) return;
  filters.hidden = false;
  filters.classList.toggle("few", document.querySelectorAll("#properties tbody tr").length <= 5);
  const rows = [...document.querySelectorAll("#properties tbody tr")].map((row) => ({ row, text: row.textContent.toLowerCase(), status: row.dataset.status }));
  const boxes = [...document.querySelectorAll("#failures details.failure")].map((row) => ({ row, text: wordsOf(row), status: "fail" }));
  const groups = [...document.querySelectorAll("#failures .group")];
  const find = document.getElementById("find"), chips = [...filters.querySelectorAll(".chip")];
  const apply = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = chips.filter((c) => c.getAttribute("aria-pressed") === "true").map((c) => c.dataset.status);
    const filter = (list) => list.reduce((shown, { row, text, status }) => {
      row.hidden = !words.every((w) => text.includes(w)) || (wanted.length > 0 && !wanted.includes(status));
      return shown + !row.hidden;
    }, 0);
    const shown = filter(rows), failures = filter(boxes);
    for (const g of groups) g.hidden = ![...g.querySelectorAll("details.failure")].some((d) => !d.hidden);
    for (const o of document.querySelectorAll("#failures .others")) {
      const left = [...o.querySelectorAll("details.failure")].filter((d) => !d.hidden).length;
      o.hidden = left === 0;
      if (words.length > 0 && left > 0) o.open = true;
    }
    document.getElementById("count").textContent = shown === rows.length ? "" : `${shown} of ${plural(rows.length, "verdict")}${boxes.length ? `, ${failures} of ${plural(boxes.length, "failure")}` : ""}`;
    document.getElementById("nothing").hidden = shown > 0;
    document.querySelector("#verdicts .scroll").hidden = shown === 0;
  };
  find.addEventListener("input", apply);
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
      apply();
    });
  }
  onKey("/", () => { find.focus(); find.select(); });
  find.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    find.value = "";
    for (const chip of chips) chip.setAttribute("aria-pressed", "false");
    apply();
    find.blur();
  });
}

// wordsOf is what a failure says in words; not its data.
const wordsOf = (box) => [...box.querySelectorAll("summary, .claim, .finding, .depends, .evidence")].map((e) => e.textContent).join(" ").toLowerCase();

// The keys of the page can be turned off, for who speaks to a browser or presses keys unawares.
let keys = true;

function startKeys() {
  const button = document.getElementById("keyed");
  if (!button) return;
  try { keys = localStorage.getItem("verify-keys") !== "off"; } catch { /* a page from a file may have no storage */ }
  const show = () => (button.textContent = `Turn the keys ${keys ? "off" : "on"}`);
  show();
  button.addEventListener("click", () => {
    keys = !keys;
    show();
    try { localStorage.setItem("verify-keys", keys ? "on" : "off"); } catch { /* then it lasts as long as the page */ }
  });
}

// onKey does something when a key is pressed that no element takes, nor the browser.
function onKey(key, action) {
  document.addEventListener("keydown", (e) => {
    if (!keys || e.key !== key || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea, select, [contenteditable]")) return;
    e.preventDefault();
    action();
  });
}

function startCopying() {
  if (!navigator.clipboard) return; // a page from a file may have none; the text can be selected
  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.previousElementSibling.textContent);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Not allowed";
      }
      setTimeout(() => (button.textContent = "Copy"), 1500);
    });
  }
}

function startFailures() {
  for (const box of document.querySelectorAll("details.failure")) {
    box.addEventListener("toggle", () => box.open && fillFailure(box));
    if (box.open) fillFailure(box);
  }
  const boxes = [...document.querySelectorAll("details.failure")];
  const show = (target) => {
    for (let box = target; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
    target.scrollIntoView();
  };
  const follow = () => {
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { /* then it is taken as it is */ }
    const target = boxes.find((box) => box.id === name || box.dataset.anchor === name);
    if (target) show(target);
  };
  const step = (by) => {
    const shown = boxes.filter((box) => !box.closest("[hidden]"));
    if (shown.length === 0) return;
    const here = shown.findIndex((box) => box.contains(document.activeElement));
    const next = shown[here < 0 ? (by > 0 ? 0 : shown.length - 1) : clamp(here + by, 0, shown.length - 1)];
    show(next);
    next.querySelector("summary").focus({ preventScroll: true });
  };
  onKey("j", () => step(1));
  onKey("k", () => step(-1));
  window.addEventListener("hashchange", follow);
  follow();
}

startTheme();
startKeys();
startFilters();
startCopying();
startFailures();
