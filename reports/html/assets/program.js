// program.js shows the execution of a program: its events, its listing with the chunks, and what it showed.

// programKinds says of each kind of event its class of colour, its glyph, and what happens; … is of what.
const programKinds = {
  "chunk start": ["start", "S", "starts …"], "chunk success": ["commit", "E", "ends …"], "chunk merge": ["commit", "M", "merges …"],
  "chunk failure": ["rollback", "X", "fails in …"], "chunk panic": ["rollback", "X", "panics in …"], "chunk timeout": ["rollback", "X", "takes too long over …"],
  "chunk abandoned": ["rollback", "X", "abandons …"], "chunk fallback": ["rollback", "X", "goes on sequentially from …"],
  "fork begin": ["start", "S", "begins"], "worker begin": ["start", "S", "begins"], "worker end": ["commit", "E", "ends"],
  "worker merge": ["commit", "M", "is merged"], "fork join": ["commit", "M", "has been joined"], "fork timeout": ["rollback", "X", "times out"],
  "barrier arrive": ["read", "A", "comes to …"], "barrier pass": ["read", "P", "passes …"], "barrier broken": ["read", "B", "finds … broken"],
  "shared call": ["write", "V", "calls …"],
};

const programLegend = [
  ["start", "S", "starts"], ["commit", "E", "ends"], ["commit", "M", "is merged or joined"], ["write", "V", "uses a shared variable"],
  ["read", "A", "comes to a barrier"], ["read", "P", "passes it"], ["read", "B", "finds it broken"], ["rollback", "X", "fails, is abandoned, falls back"],
];

function showProgram(run) {
  const listing = new Listing(run), parts = [];
  if (run.events) {
    const chart = programChart(run, listing);
    const used = new Set(chart.items.map((i) => i.glyph));
    parts.push(section("Who did what, in which order", chart.element, legend(programLegend.filter(([, glyph]) => used.has(glyph)), chart.items),
      more("The events as a table", () => longTable(["#", "Time", "Who", "Event", "Of what"], chart.items.length, (i) => {
        const it = chart.items[i];
        return [`${i + 1}`, duration(it.time), chart.lanes[it.lane], it.name, it.text];
      }))));
    chart.go(0);
  }
  parts.push(section(run.chunks ? `The program in ${plural(run.chunks.length, "chunk")}` : "The program", listing.element));
  if (run.graph) parts.push(section("Which chunk needs which", drawGraph(run.graph, "The dependency graph of the chunks")));
  parts.push(programOutcome(run));
  return parts;
}

function programChart(run, listing) {
  const c = run.events, times = running(signed(c.time)), [lane, text, chunk] = [counts(c.lane), counts(c.text), signed(c.chunk)];
  const items = counts(c.kind).map((k, i) => {
    const name = c.kinds[k], [kind, glyph, does] = programKinds[name] || ["other", "?", `${name} …`];
    return { lane: lane[i], kind, glyph, name, text: c.texts[text[i]], label: programLabel(name, c.texts[text[i]]), does: does.replace("…", c.texts[text[i]]), chunk: chunk[i], time: times[i] };
  });
  const spans = [], open = new Map();
  items.forEach((it, i) => {
    if (!/^(chunk|worker) /.test(it.name)) return;
    const key = `${it.lane} ${it.text}`;
    if (/start|begin/.test(it.name)) {
      open.set(key, { lane: it.lane, from: i, to: i, name: it.text });
    } else if (open.has(key) && !/merge|fallback/.test(it.name)) {
      spans.push({ ...open.get(key), to: i });
      open.delete(key);
    }
  });
  spans.push(...open.values());
  return new Chart({
    title: "Timeline of the workers", lanes: c.lanes, items, spans,
    tell: (i) => [el("b", {}, c.lanes[items[i].lane]), ` ${items[i].does}`, el("span", { class: "muted" }, ` (${duration(items[i].time)})`)],
    moved: (i) => listing.show(items[i].chunk),
  });
}

// programLabel is what stands under an event; what begins and ends has its name above.
function programLabel(name, text) {
  const call = /([A-Z_]+) (\S+).* = (.*)$/.exec(text);
  if (name === "shared call") return call ? `${call[2]} = ${call[3]}` : text;
  return /start|begin|success|end$/.test(name) ? "" : text;
}

// Listing is the code; the main code with its chunks coloured.
class Listing {
  constructor(run) {
    this.rows = [];
    const body = el("tbody");
    run.functions.forEach((f, k) => {
      if (k > 0) body.append(el("tr", { class: "first" }, el("td"), el("td", { class: "who" }, el("b", {}, `function ${f.name}`))));
      f.code.forEach((text, pc) => body.append(...this.line(run, k === 0, text, pc)));
      if (f.code.length === 0) body.append(el("tr", {}, el("td"), el("td", { class: "muted" }, "no instructions")));
    });
    this.element = el("div", { class: "listing", tabindex: "0", role: "group", "aria-label": "Listing" }, el("table", {}, body));
  }

  line(run, main, text, pc) {
    const k = main && run.chunks ? run.chunks.findIndex((c) => pc >= c.from && pc < c.to) : -1;
    const row = el("tr", { class: k >= 0 ? `ch${k % 6}` : "" }, el("td", { class: "pc" }, `${pc}`), el("td", { class: "code" }, text));
    if (k < 0) return [row];
    (this.rows[k] ||= []).push(row);
    return run.chunks[k].from === pc ? [el("tr", { class: "first" }, el("td"), el("td", { class: "who" }, describeChunk(run.chunks[k], k))), row] : [row];
  }

  show(chunk) {
    this.rows.forEach((rows, k) => rows && rows.forEach((r) => r.classList.toggle("here", k === chunk)));
  }
}

function describeChunk(c, k) {
  const parts = [];
  if (c.reads.length) parts.push(`reads ${c.reads.join(", ")}`);
  if (c.writes.length) parts.push(`writes ${c.writes.join(", ")}`);
  if (c.effects) parts.push(c.effects.join(", "));
  if (c.needs) parts.push(`needs ${c.needs.join("; ")}`);
  if (c.alone) parts.push("runs beside no other");
  parts.push(`cut here: ${c.why}`);
  return [el("b", {}, `chunk ${k}: `), parts.join("; ")];
}

function programOutcome(run) {
  const column = (title, without) => el("td", {}, el("b", {}, title), run.outcome.filter((l) => l.in !== without).map((l) =>
    el("div", { class: l.in === "both" ? "" : "only" }, l.text, l.in === "both" ? "" : " ≠")));
  const ended = run.error && run.end !== "failed" ? el("p", {}, `It ended: ${run.end}: ${run.error}`) : null;
  return section("What it showed", ended, el("div", { class: "scroll" }, el("table", { class: "compare" }, el("tbody", {},
    el("tr", {}, column("this execution", "sequential"), column("one instruction after another", "run"))))));
}
