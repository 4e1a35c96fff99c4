// graph.js draws dependency graphs, whose places detail_graph.go has worked out.

let markers = 0;

const meaning = { plan: "", missing: " (the plan lacks it)", cycle: " (it closes a cycle)" };

function drawGraph(graph, title, note) {
  const id = `arrow-${markers++}`;
  const marker = (name, bad) => svg("marker", { id: name, class: bad ? "bad" : "", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
    svg("path", { d: "M0 0 8 4 0 8z" }));
  const picture = svg("svg", { width: graph.width, height: graph.height, viewBox: `0 0 ${graph.width} ${graph.height}`, role: "img", "aria-label": `${title}. The same is in the list below.` },
    svg("defs", {}, marker(id, false), marker(`${id}-bad`, true)));
  const labels = [];
  for (const e of graph.edges || []) {
    if (e.points.length === 0) continue;
    const [path, middle] = curve(e);
    picture.append(svg("g", { class: `edge ${e.sort}` }, svg("path", { d: path, "marker-end": `url(#${id}${e.sort === "plan" ? "" : "-bad"})` })));
    labels.push(svg("g", { class: `edge ${e.sort}` }, svg("text", { x: middle[0], y: middle[1] + 4 }, e.label)));
  }
  for (const n of graph.nodes) {
    picture.append(svg("g", { class: n.mark ? "node marked" : "node" },
      svg("rect", { x: n.x - n.width / 2, y: n.y - 17, width: n.width, height: 34, rx: n.round ? 17 : 8 }),
      svg("text", { x: n.x, y: n.y + 4.5 }, n.name)));
  }
  picture.append(...labels);
  const text = (e) => `${graph.nodes[e.from].name} ${graph.relation || "before"} ${graph.nodes[e.to].name}${e.label ? `: ${e.label}` : ""}${meaning[e.sort]}`;
  return [
    el("div", { class: "graph", tabindex: "0", role: "group", "aria-label": title }, picture),
    note ? el("p", { class: "note" }, note) : null,
    graph.hidden ? el("p", { class: "note" }, `${plural(graph.hidden, "more node")} not shown.`) : null,
    more("The graph as a list", () => (graph.edges || []).length === 0
      ? el("p", { class: "muted" }, "Nothing depends on anything.")
      : el("ul", {}, graph.edges.map((e) => el("li", {}, text(e)))), isNarrow() && graph.width > innerWidth - 60),
  ];
}

// curve is an edge's path through its points, and where its label stands. What closes a cycle of two swings out, for
// it runs beside an edge the other way.
function curve(e) {
  const at = (i) => [e.points[2 * i], e.points[2 * i + 1]];
  const n = e.points.length / 2;
  const swing = e.sort === "cycle" && n === 2 ? 46 : 0;
  let [x, y] = at(0);
  const path = [`M${x} ${y}`];
  for (let i = 1; i < n; i++) {
    const [u, v] = at(i), bend = (v - y) / 2;
    path.push(`C${x + swing} ${y + bend} ${u + swing} ${v - bend} ${u} ${v}`);
    [x, y] = [u, v];
  }
  const k = Math.floor((n - 1) / 2);
  const [a, b] = [at(k), at(Math.min(k + 1, n - 1))];
  return [path.join(""), [(a[0] + b[0]) / 2 + swing * 0.75, (a[1] + b[1]) / 2]];
}
