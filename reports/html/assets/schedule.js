// schedule.js shows every step of a controlled run.

const stepKinds = [
  [/^(begin|spawn|arm) /, "start"], [/^(read|load|now) /, "read"], [/^(write|store|rmw) /, "write"],
  [/^(end|done|join) /, "commit"], [/^(lock|unlock|wait|signal|broadcast|add) /, "other"], [/^(fire|stop|sleep|spin) /, "rollback"],
];

const scheduleLegend = [
  ["start", "", "begins, spawns, arms"], ["read", "", "reads"], ["write", "", "writes"], ["commit", "", "ends, joins"], ["other", "", "locks, waits, signals"], ["rollback", "", "timers, other"],
];

function showSchedule(schedule) {
  const { tasks, first, total } = schedule, texts = putTogether(schedule.texts).split("\n");
  const task = signed(schedule.task), text = counts(schedule.text);
  const clock = task.some((t) => t < 0);
  const lanes = [...tasks.map((name, i) => `${name} · t${i}`), ...(clock ? ["the clock"] : [])];
  const deviations = new Set(schedule.deviations || []), evidence = new Set(schedule.evidence || []);
  const items = text.map((t, i) => ({
    lane: task[i] < 0 ? tasks.length : task[i],
    kind: (stepKinds.find(([pattern]) => pattern.test(texts[t])) || ["", "other"])[1],
    mark: evidence.has(first + i),
  }));
  const chart = new Chart({
    title: "Every step of the schedule", lanes, items, dense: true, noun: "step",
    flags: [...deviations].filter((s) => s >= first && s < first + items.length).map((s) => ({ at: s - first, name: "deviation" })),
    tell: (i) => [el("b", {}, lanes[items[i].lane]), ` does ${texts[text[i]]}`,
      deviations.has(first + i) ? el("span", { class: "deviates" }, i > 0 ? ` — here the schedule deviates: by default ${lanes[items[i - 1].lane]} goes on while it can, else the next task in turn` : " — here the schedule deviates") : "",
      items[i].mark ? el("span", { class: "muted" }, " (the evidence names this step)") : ""],
  });
  chart.number = (i) => `step ${grouped(first + i)}`;
  chart.go(chart.flags.length ? chart.flags[0].at : 0);
  const told = deviations.size === 0
    ? "This is the default schedule: each task runs until it waits."
    : `On the default schedule each task runs until it waits. This one is told to deviate ${deviations.size === 1 ? "once, at the flag" : `${deviations.size} times, at the flags`}: there another task goes on. Everything after that follows.`;
  const part = section("The schedule", el("p", { class: "note" }, told, items.length < total ? ` Of ${grouped(total)} steps, ${grouped(items.length)} are shown, from step ${grouped(first)}.` : ""),
    chart.element, legend(scheduleLegend, items), more("The steps as a table", () => longTable(["Step", "Task", "Does", "Note"], items.length, (i) =>
      [`${first + i}`, lanes[items[i].lane], texts[text[i]], deviations.has(first + i) ? "deviates" : items[i].mark ? "named by the evidence" : ""])));
  return { part, goTo: (step) => { chart.go(step - first); chart.element.scrollIntoView({ block: "center" }); chart.range.focus({ preventScroll: true }); }, has: (step) => step >= first && step < first + items.length };
}
