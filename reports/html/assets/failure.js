// failure.js fills in a failure when a reader opens it.

async function fillFailure(box) {
  const place = box.querySelector(".drawn"), source = box.querySelector("script.data");
  if (!place || place.dataset.filled) return;
  place.dataset.filled = "yes";
  let data;
  try {
    data = await unpack(JSON.parse(source.textContent));
  } catch (error) {
    place.append(el("p", { class: "note" }, `This browser cannot unpack what happened (${error}). The file named above has it.`));
    return;
  }
  if (data.story) (box.querySelector(".because") || box.querySelector(".finding")).after(section("What happened", tellStory(data.story)));
  place.append(...failureParts(box, data).flat(Infinity).filter(Boolean));
  place.dataset.filled = "done";
}

function failureParts(box, data) {
  const parts = [], file = data.file ? putTogether(data.file) : "";
  if (data.file) parts.push(saveButton(data, file));
  if (data.waits) parts.push(showWaits(data.waits));
  const schedule = data.schedule && showSchedule(data.schedule);
  let workload = data.workload && section("The workload", el("div", { class: "files" }, data.workload.map((name) =>
    el("div", {}, el("h4", {}, name), el("pre", { tabindex: "0" }, archived(file, name))))));
  for (const run of data.batches || []) {
    if (run.title) parts.push(el("h3", { class: "variant" }, `Execution: ${run.title}`));
    parts.push(showBatch(run, data.schedule, workload));
    workload = null;
  }
  if (data.program) {
    parts.push(showProgram(data.program));
    const text = workload;
    workload = more("The program as text, with its settings", () => text);
  }
  if (!data.batches) parts.push(workload);
  if (schedule) {
    parts.push(schedule.part);
    linkEvidence(box, schedule);
  }
  return parts;
}

// showWaits shows who waits for whom in a run that cannot go on.
function showWaits(graph) {
  const cycle = (graph.edges || []).some((e) => e.sort === "cycle");
  return section("Who holds what, and who waits for whom", drawGraph(graph, "What each task that is left waits for",
    cycle && "Red: each of these tasks waits for what the next one holds, so that none can go on."));
}

// saveButton offers the counterexample as a file.
function saveButton(data, file) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([file], { type: "text/plain" }));
    el("a", { href: url, download: data.name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  return el("p", {}, el("button", { type: "button", class: "quiet", onclick: save }, `Save ${data.name}`),
    data.cut ? el("span", { class: "muted" }, " without its story, which is long; replaying tells it again") : "");
}

// linkEvidence makes the steps that evidence names lead to the schedule.
function linkEvidence(box, schedule) {
  for (const line of box.querySelectorAll(".evidence li")) {
    const parts = line.textContent.split(/\b(step \d+)\b/);
    if (parts.length < 3) continue;
    line.replaceChildren(...parts.map((part) => {
      const m = /^step (\d+)$/.exec(part);
      return m && schedule.has(+m[1]) ? el("button", { type: "button", onclick: () => schedule.goTo(+m[1]) }, part) : part;
    }));
  }
}

// archived is the text of a file in a txtar archive.
function archived(archive, name) {
  const lines = archive.split("\n"), marker = /^-- .* --$/;
  const first = lines.indexOf(`-- ${name} --`) + 1;
  const rest = lines.slice(first), end = rest.findIndex((line) => marker.test(line));
  return rest.slice(0, end < 0 ? rest.length : end).join("\n").trimEnd();
}
