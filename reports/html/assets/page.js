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

function startFilters() {
  const filters = document.getElementById("filters");
  if (!filters) return;
  filters.hidden = false;
  const rows = [...document.querySelectorAll("#properties tbody tr")];
  const find = document.getElementById("find"), chips = [...filters.querySelectorAll(".chip")];
  const apply = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = chips.filter((c) => c.getAttribute("aria-pressed") === "true").map((c) => c.dataset.status);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((w) => text.includes(w)) || (wanted.length > 0 && !wanted.includes(row.dataset.status));
      shown += !row.hidden;
    }
    document.getElementById("count").textContent = shown === rows.length ? "" : `${shown} of ${rows.length}`;
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
  const follow = () => {
    const target = /^#failure-\d+$/.test(location.hash) && document.querySelector(location.hash);
    if (!target) return;
    for (let box = target; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", follow);
  follow();
}

startTheme();
startFilters();
startCopying();
startFailures();
