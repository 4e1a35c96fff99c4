// live.js follows a run by the events that the server sends. It stands behind dom.js.
const byID = (id) => document.getElementById(id);
const clock = (s) => s >= 3600 ? `${Math.floor(s / 3600)}h${String(Math.floor(s / 60) % 60).padStart(2, "0")}m` : s >= 60 ? `${Math.floor(s / 60)}m${String(Math.floor(s % 60)).padStart(2, "0")}s` : `${Math.round(s)}s`;
const rows = new Map();

function started(run) {
  byID("command").textContent = run.command;
  byID("tool").textContent = run.tool;
  byID("where").replaceChildren(...[run.began, ...(run.where || [])].filter(Boolean).map((w) => el("li", {}, w)));
  rows.clear();
  byID("found").replaceChildren();
  byID("failures").hidden = true;
  byID("rows").replaceChildren(...run.properties.map((p) => {
    const row = { verdict: el("td", { class: "v" }, el("span", { class: "muted" }, "waits")), cases: el("td", { class: "n", "data-label": "cases" }), schedules: el("td", { class: "n", "data-label": "schedules" }), time: el("td", { class: "n", "data-label": "time" }), over: false };
    rows.set(p.id, row);
    return el("tr", {}, el("th", { scope: "row" }, p.id), el("td", { class: "states" }, p.statement), row.verdict, row.cases, row.schedules, row.time);
  }));
}

function ended(v) {
  const row = rows.get(v.id);
  if (!row) return;
  row.over = true;
  row.verdict.replaceChildren(el("span", { class: `status ${v.status}` }, v.status), ...(v.why ? [el("span", { class: "why" }, v.why)] : []));
  row.cases.textContent = grouped(v.cases);
  row.schedules.textContent = grouped(v.schedules);
  row.time.textContent = `${v.seconds.toFixed(1)} s`;
  for (const f of v.failures || []) byID("found").append(failure(v.id, f));
  byID("failures").hidden = byID("found").childElementCount === 0;
}

function failure(id, f) {
  const list = (title, lines) => (lines && lines.length ? [el("h3", {}, title), el("ul", { class: "evidence" }, ...lines.map((l) => el("li", {}, l)))] : []);
  return el("details", { class: "failure", ...(byID("found").childElementCount === 0 ? { open: "" } : {}) },
    el("summary", {}, el("span", { class: "id" }, id), el("span", { class: "rule" }, f.rule), el("span", { class: "reason" }, f.reason)),
    el("div", { class: "body" }, el("p", { class: "finding" }, f.reason), f.story ? section("What happened", tellStory(f.story)) : null,
      ...list("What it depends on", f.why), ...list("Evidence", f.evidence),
      ...(f.file ? [el("p", { class: "note" }, `In the file ${f.file}`)] : [])));
}

function progressed(p) {
  const fact = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));
  byID("facts").replaceChildren(fact("properties", `${p.finished} of ${p.parts}`), fact("failed", grouped(p.failed)), fact("cases", grouped(p.cases)),
    fact("schedules", grouped(p.schedules)), fact("schedules/s", grouped(Math.round(p.rate))), fact("time", clock(p.elapsed)), fact("left", p.left > 0 ? `about ${clock(p.left)}` : "not known"));
  const bar = byID("bar");
  if (p.fraction > 0) bar.value = p.fraction;
  bar.textContent = `${Math.round(100 * p.fraction)} %`;
  byID("verdict").className = `verdict ${p.status}`;
  byID("headline").textContent = p.failed > 0 ? `Running: ${p.failed} violated` : "Running";
  document.title = `verify: ${p.finished} of ${p.parts}${p.failed ? `, ${p.failed} failed` : ""}`;
  for (const r of p.running) {
    const row = rows.get(r.id);
    if (!row || row.over) continue;
    row.verdict.replaceChildren(el("span", { class: "muted" }, r.phase || "runs"));
    row.cases.textContent = r.of ? `${grouped(r.cases)} of ${grouped(r.of)}` : grouped(r.cases);
    row.time.textContent = clock(r.since);
  }
  byID("farm").hidden = !p.farm;
  if (p.farm) showFarm(p.farm);
}

function showFarm(f) {
  const more = [[f.redelivered, "given to another worker"], [f.lost, "not judged"]].filter(([n]) => n > 0).map(([n, what]) => `, ${grouped(n)} ${what}`).join("");
  byID("tasks").textContent = `${grouped(f.answered)} of ${grouped(f.tasks)} tasks answered, ${grouped(f.held)} under way, ${grouped(f.queued)} queued${more}.${f.trouble ? ` ${f.trouble}` : ""}`;
  byID("workers").replaceChildren(...(f.workers || []).map((w) => el("tr", {}, el("th", { scope: "row" }, w.name), ...[["at once", w.room], ["under way", w.busy], ["done", w.done]].map(([label, n]) => el("td", { class: "n", "data-label": label }, grouped(n))))));
}

// finished makes this page the report of the run, which needs nothing else.
function finished(told) {
  events.close();
  location.replace(`report${location.search}${location.search ? "&" : "?"}reader=${told.reader}`);
}

const events = new EventSource(`events${location.search}`);
const on = (name, use) => events.addEventListener(name, (e) => use(JSON.parse(e.data)));
on("run", started);
on("property", ended);
on("progress", progressed);
on("finished", finished);
events.onopen = () => (byID("connection").textContent = "live");
events.onerror = () => (byID("connection").textContent = "the connection is lost: the run may have been ended");
