// batch.js shows the execution of a batch: its events, the accounts after each of them, and its plan.

const eventKinds = [
  ["start", "S", "starts"], ["read", "R", "reads"], ["write", "W", "writes"], ["commit", "C", "is done"], ["rollback", "X", "is rolled back"],
];

// showBatch returns what there is to see of an execution; workload is shown beside the plan.
function showBatch(run, schedule, workload) {
  const events = decodeEvents(run.events, run.initial);
  const transactions = putTogether(run.transactions).split("\n");
  const tx = (i) => nameOf(transactions, i), account = (i) => nameOf(run.accounts, i);
  const accounts = new Accounts(run, events);
  const parts = [el("div", { class: "two" }, workload, batchPlan(run))];
  if (events.length > 0) {
    const chart = batchChart(run, events, schedule, tx, account, accounts);
    parts.push(section("Who did what, in which order",
      run.events.late ? el("p", { class: "note" }, `The last ${plural(run.events.late, "event")} came after the executor had returned.`) : null,
      chart.element, legend(eventKinds, chart.items), more("The events as a table", () => eventTable(run, events, tx, account))));
    parts.push(section("The accounts, step by step", accounts.element));
    chart.go(chart.flags.length ? chart.flags[0].at : 0);
  } else {
    parts.push(section("The accounts", el("p", { class: "note" }, "The execution recorded no events."), accounts.element));
    accounts.show(-1);
  }
  parts.push(batchOutcome(run), batchCycle(run));
  return parts;
}

function batchPlan(run) {
  if (!run.graph) return null;
  const missing = (run.graph.edges || []).some((e) => e.sort === "missing");
  return section("The plan: who waits for whom", drawGraph(run.graph, "The dependency graph",
    missing && "Dashed: the two conflict, and nothing in the plan makes the later one wait."));
}

function batchCycle(run) {
  if (!run.cycle) return null;
  return section(`Why no serial order explains it: ${run.anomaly}`,
    el("p", { class: "note" }, "Each of these transactions has to come before the next one, and the last before the first."),
    el("div", { class: "two" },
      run.cycleGraph ? el("div", {}, drawGraph(run.cycleGraph, "The shortest cycle of the direct serialization graph")) : null,
      el("ul", { class: "evidence" }, run.cycle.map((l) => el("li", {}, `${l.from} before ${l.to} (${l.kind}): ${l.why}`)))));
}

function batchChart(run, events, schedule, tx, account, accounts) {
  const spans = [], open = new Map();
  events.forEach((e, i) => {
    if (e.kind === START) open.set(e.tx, { lane: e.worker, from: i, to: i, name: tx(e.tx) });
    const span = open.get(e.tx);
    if (span && span.lane === e.worker && !span.over) {
      span.to = i;
      if (e.kind >= COMMIT) span.over = true;
    }
  });
  spans.push(...open.values());
  const named = new Set((schedule && schedule.evidence) || []);
  const items = events.map((e) => ({
    mark: e.account !== undefined && named.has(e.step),
    lane: e.worker, kind: nameOf(eventKinds, e.kind)[0], glyph: nameOf(eventKinds, e.kind)[1],
    label: e.kind === READ ? `${account(e.account)} ${e.old}` : e.kind === WRITE ? `${account(e.account)} ${e.value}` : "",
  }));
  const flags = [];
  for (const step of (schedule && schedule.deviations) || []) {
    if (events.length === 0 || events[0].step === undefined) break;
    const at = events.findIndex((e) => e.step >= step);
    if (at >= 0) flags.push({ at, name: `deviation, step ${step}` });
  }
  const name = workerName(run), workers = 1 + events.reduce((most, e) => Math.max(most, e.worker), (run.workers || 1) - 1);
  return new Chart({
    title: "Timeline of the workers", lanes: Array.from({ length: Math.min(workers, 256) }, (_, i) => name(i)), items, spans, flags,
    tell: (i) => [tellEvent(events[i], tx, account), el("span", { class: "muted" }, ` (${duration(events[i].time)}, ${name(events[i].worker)}${items[i].mark ? "; the evidence names it" : ""})`)],
    moved: (i) => accounts.show(i),
  });
}

// workerName names the workers of a run as its story does: one that has no task of its own is the task that it runs in.
const workerName = (run) => (i) => (i === 0 && run.first) || `worker ${i}`;

const version = (e, tx) => (e.version < 0 ? "as it was before the batch" : `as ${tx(e.version)} left it`);

function tellEvent(e, tx, account) {
  const name = el("b", {}, tx(e.tx));
  switch (e.kind) {
    case READ: return [name, ` reads ${account(e.account)}: ${e.old}, ${version(e, tx)}`];
    case WRITE: return [name, ` writes ${account(e.account)}: ${e.value} over ${e.old}, ${version(e, tx)}`];
    default: return [name, ` ${nameOf(eventKinds, e.kind)[2]}`];
  }
}

function eventTable(run, events, tx, account) {
  const name = workerName(run);
  return longTable(["#", "Time", "Worker", "Transaction", "Event", "Account", "Value"], events.length, (i) => {
    const e = events[i], access = e.account !== undefined;
    const value = e.kind === WRITE ? `${e.value} over ${e.old}` : e.kind === READ ? `${e.old}, ${version(e, tx)}` : "";
    return [`${i + 1}`, duration(e.time), name(e.worker), tx(e.tx), nameOf(eventKinds, e.kind)[0], access ? account(e.account) : "", value];
  });
}

function batchOutcome(run) {
  const line = (who, outcome, error) => el("tr", {}, el("th", { scope: "row" }, who), el("td", {}, outcome, error ? `: ${error}` : ""));
  return section("How it ended", el("table", { class: "compare" }, el("tbody", {},
    line("this execution", run.outcome, run.error), line("one after another", run.serial.outcome, run.serial.error))));
}

// Accounts is the table of the accounts, with their values after some event.
class Accounts {
  constructor(run, events) {
    Object.assign(this, { run, events });
    const most = 40;
    const touched = new Set(events.filter((e) => e.account !== undefined).map((e) => e.account));
    const differs = (a) => String(run.final[a]) !== String(run.serial.balances[a]);
    const order = run.accounts.map((_, a) => a).sort((a, b) => differs(b) - differs(a) || touched.has(b) - touched.has(a) || a - b);
    this.shown = order.slice(0, most).sort((a, b) => a - b);
    this.cells = this.shown.map(() => el("td", { class: "n v", "data-label": "now" }));
    this.title = el("th", { scope: "col", class: "n" }, "Now");
    this.marks = [];
    this.history = this.values();
    this.element = this.table();
  }

  // values lists, for each account, its changes: after which event it had which value. A rollback takes back what
  // its transaction wrote.
  values() {
    const list = this.run.accounts.map((_, a) => [{ at: -1, tx: -1, value: BigInt(this.run.initial[a] ?? 0) }]);
    const stacks = list.map((l) => [...l]), wrote = new Map();
    this.events.forEach((e, i) => {
      if (e.kind === WRITE && stacks[e.account]) {
        stacks[e.account].push({ tx: e.tx, value: e.value });
        list[e.account].push({ at: i, value: e.value });
        if (!wrote.has(e.tx)) wrote.set(e.tx, new Set());
        wrote.get(e.tx).add(e.account);
      }
      if (e.kind !== ROLLBACK) return;
      for (const a of wrote.get(e.tx) || []) {
        stacks[a] = stacks[a].filter((v) => v.tx !== e.tx);
        list[a].push({ at: i, value: stacks[a].at(-1).value });
      }
    });
    return list;
  }

  table() {
    const { run } = this;
    const rows = this.shown.map((a, k) => {
      const [before, final, serial] = [run.initial[a], run.final[a], run.serial.balances[a]].map((v) => (v === undefined ? "?" : String(v)));
      const off = final !== serial;
      return el("tr", {}, el("th", { scope: "row" }, run.accounts[a]), el("td", { class: "n", "data-label": "before" }, before), this.cells[k],
        el("td", { class: "time" }, this.spark(a)),
        el("td", { class: off ? "n off" : "n", "data-label": "in the end" }, final, off ? " ≠" : ""), el("td", { class: "n", "data-label": "one after another" }, serial));
    });
    const hidden = run.accounts.length - this.shown.length;
    return el("div", {}, el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Accounts" },
      el("table", { class: "accounts cards" }, el("thead", {}, el("tr", {}, ["Account", "Before"].map((h, i) => el("th", { scope: "col", class: i ? "n" : "" }, h)), this.title,
        el("th", { scope: "col", class: "time" }, "Over time"), el("th", { scope: "col", class: "n" }, "In the end"), el("th", { scope: "col", class: "n" }, "One after another"))), el("tbody", {}, rows))),
    hidden > 0 ? el("p", { class: "note" }, `${plural(hidden, "more account")} not shown.`) : null,
    (run.snapshots || []).map((s) => el("p", { class: "note" }, `After ${plural(s.after, "event")} somebody outside the batch read: ${s.balances.map((v, a) => `${nameOf(run.accounts, a)} ${v}`).join(", ")}.`)));
  }

  // spark draws an account's values over the events.
  spark(a) {
    const width = 150, height = 26, n = Math.max(this.events.length, 1);
    const least = this.history[a].reduce((low, c) => (c.value < low ? c.value : low), this.history[a][0].value);
    const values = this.history[a].map((c) => Number(c.value - least)), high = values.reduce((x, v) => Math.max(x, v), 0);
    const y = (v) => (high === 0 ? height / 2 : height - 4 - (v / high) * (height - 8));
    const x = (i) => ((i + 1) / (n + 1)) * width;
    let d = `M0 ${y(values[0])}`;
    this.history[a].slice(1).forEach((c, k) => (d += `H${x(c.at).toFixed(1)}V${y(values[k + 1]).toFixed(1)}`));
    const mark = svg("line", { y1: 0, y2: height });
    this.marks.push((i) => { mark.setAttribute("x1", x(i)); mark.setAttribute("x2", x(i)); });
    return svg("svg", { class: "spark", width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": this.history[a].map((c) => c.value).join(", then ") }, svg("path", { d: `${d}H${width}` }), mark);
  }

  // show sets the values after event i.
  show(i) {
    this.title.textContent = i < 0 ? "Now" : `After event ${grouped(i + 1)}`;
    this.shown.forEach((a, k) => {
      let value = this.history[a][0];
      for (const c of this.history[a]) if (c.at <= i) value = c;
      this.cells[k].textContent = String(value.value);
      this.cells[k].classList.toggle("here", value.at === i && i >= 0);
    });
    for (const mark of this.marks) mark(i);
  }
}
