// chart.js draws lanes: who did what, in which order. However many items there are, only those in view are in
// the page. A chart has a cursor, which the slider, the buttons, the keys and a click move.

const icons = {
  first: "M4 3v10M12.5 3.5v9L6 8z", back: "M11.5 3.5v9L5 8z", on: "M4.5 3.5v9L11 8z", last: "M12 3v10M3.5 3.5v9L10 8z", flag: "M4 14V2.5h8.5L10 6l2.5 3.5H4",
};

// Chart takes
//   title    for those who do not see it
//   lanes    their names
//   items    {lane, kind, glyph, label, sub, mark}: kind is a class of colour, mark draws a ring
//   spans    {lane, from, to, name}: what belongs together, by first and last item
//   flags    {at, name}: marks before item number at
//   dense    items are dots without labels
//   noun     what an item is called
//   tell     item number → what happened, as nodes
//   moved    called with the item number, when the cursor moves
class Chart {
  constructor(options) {
    Object.assign(this, { spans: [], flags: [], at: 0, noun: "event", moved: () => {} }, options);
    const n = this.items.length;
    this.column = this.dense ? 15 : n <= 60 ? 66 : n <= 500 ? 40 : 26;
    this.height = this.dense ? 30 : 68;
    this.top = this.flags.length ? 26 : 10;
    this.labels = this.column >= 60;
    this.build();
  }

  build() {
    const n = this.items.length;
    this.stage = el("div", { class: "stage", style: `width: ${n * this.column + 20}px; height: ${this.bottom()}px` });
    const names = el("div", { class: "names", style: `padding-top: ${this.top}px` },
      this.lanes.map((name) => el("div", { style: `height: ${this.height}px` }, shorten(name, 22))));
    this.view = el("div", { class: "view", tabindex: "0", role: "group", "aria-label": `${this.title}, drawn`, onscroll: () => this.draw() }, names, this.stage);
    this.range = el("input", { type: "range", min: 0, max: n - 1, value: 0, step: 1, "aria-label": `${this.title}: ${this.noun}`, oninput: () => this.go(+this.range.value) });
    const button = (icon, label, to) => el("button", { type: "button", class: "quiet", "aria-label": label, title: label, onclick: () => this.go(to()) },
      svg("svg", { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: icons[icon] })));
    this.now = el("p", { class: "now", "aria-live": "polite" });
    const flags = this.flags.length > 0 && button("flag", "To the next deviation", () => (this.flags.find((f) => f.at > this.at) || this.flags[0]).at);
    this.element = el("div", { class: "chart" }, this.view, el("div", { class: "controls" }, this.now,
      button("first", "To the beginning", () => 0), button("back", "One back", () => this.at - 1), this.range,
      button("on", "One on", () => this.at + 1), button("last", "To the end", () => n - 1), flags));
    new ResizeObserver(() => this.draw()).observe(this.view);
  }

  bottom() { return this.top + this.lanes.length * this.height + 8; }
  x(i) { return i * this.column + this.column / 2 + 6; }
  y(lane) { return this.top + lane * this.height + this.height / 2; }

  // go moves the cursor to an item, and brings it into view.
  go(i) {
    this.at = clamp(i, 0, this.items.length - 1);
    this.range.value = this.at;
    const before = el("span", { class: "muted" }, `${this.number(this.at)}: `);
    this.now.replaceChildren(before, ...[this.tell(this.at)].flat(Infinity));
    const left = this.x(this.at) - this.column, right = this.x(this.at) + this.column;
    const width = this.view.clientWidth - this.view.firstChild.offsetWidth;
    if (left < this.view.scrollLeft) this.view.scrollLeft = Math.max(0, left - width / 3);
    else if (right > this.view.scrollLeft + width) this.view.scrollLeft = right - width + width / 3;
    this.moved(this.at);
    this.draw();
  }

  number(i) { return `event ${grouped(i + 1)} of ${grouped(this.items.length)}`; }

  // draw draws what is in view, and a little more.
  draw() {
    const width = Math.max(this.view.clientWidth, 320);
    const first = clamp(Math.floor((this.view.scrollLeft - width / 2) / this.column), 0, this.items.length);
    const last = clamp(Math.ceil((this.view.scrollLeft + 1.5 * width) / this.column), 0, this.items.length);
    const offset = first * this.column;
    const inner = Math.max((last - first) * this.column + 20, width);
    const picture = svg("svg", {
      width: inner, height: this.bottom(), viewBox: `${offset} 0 ${inner} ${this.bottom()}`, style: `left: ${offset}px`,
      role: "img", "aria-label": `${this.title}: ${plural(this.items.length, this.noun)} in ${plural(this.lanes.length, "lane")}. The same is in the table below.`,
    });
    this.lanes.forEach((_, lane) => {
      picture.append(svg("line", { class: "lane-line", x1: offset, x2: offset + inner, y1: this.y(lane), y2: this.y(lane) }));
    });
    if (this.at >= first && this.at < last) {
      picture.append(svg("rect", { class: "cursor", x: this.x(this.at) - this.column / 2, y: 0, width: this.column, height: this.bottom() }));
    }
    for (const s of this.spans) if (s.to >= first && s.from < last) picture.append(this.span(s));
    for (let i = first; i < last; i++) picture.append(this.item(i));
    for (const f of this.flags) if (f.at >= first && f.at <= last) picture.append(this.flag(f));
    this.stage.replaceChildren(picture);
  }

  span(s) {
    const y = this.y(s.lane), x = this.x(s.from) - 17, width = this.x(s.to) - this.x(s.from) + 34;
    return svg("g", {}, svg("rect", { class: "span", x, y: y - 17, width, height: 34, rx: 17 }),
      svg("text", { class: "span-name", x: x + 6, y: y - 22 }, shorten(s.name, Math.max(3, Math.floor(Math.max(width, this.column * 1.6) / 6.4)))));
  }

  item(i) {
    const it = this.items[i], x = this.x(i), y = this.y(it.lane);
    const group = svg("g", { class: `item k-${it.kind}`, onclick: () => this.go(i) });
    if (this.dense) {
      group.append(svg("rect", { class: "hit", x: x - 7.5, y: y - 15, width: 15, height: 30 }),
        svg("circle", { class: `dot k-${it.kind}`, cx: x, cy: y, r: 4 }));
      if (it.mark) group.append(svg("circle", { class: "named", cx: x, cy: y, r: 7 }));
    } else {
      group.append(svg("circle", { cx: x, cy: y, r: 11 }), svg("text", { x, y: y + 4 }, it.glyph));
      if (it.mark) group.append(svg("circle", { class: "named", cx: x, cy: y, r: 14.5 }));
      if (this.labels && it.label) group.append(svg("text", { class: "sub", x, y: y + 30, style: "font-weight: 400" }, shorten(it.label, 11)));
    }
    return group;
  }

  flag(f) {
    const x = this.x(f.at) - this.column / 2;
    return svg("g", {}, svg("line", { class: "flag-line", x1: x, x2: x, y1: 8, y2: this.bottom() }),
      svg("path", { class: "flag", d: `M${x} 3h11l-3 4.5 3 4.5h-11z` }),
      svg("text", { class: "flag-name", x: x + 15, y: 13 }, f.name));
  }
}

// legend explains glyphs; and what a ring means, if an item has one.
function legend(entries, items) {
  const entry = (text, ...drawn) => el("li", {}, svg("svg", { width: 24, height: 24, viewBox: "0 0 24 24", "aria-hidden": "true" }, drawn), text);
  return el("ul", { class: "legend" },
    entries.map(([kind, glyph, text]) => entry(text, svg("g", { class: `item k-${kind}` }, glyph
      ? [svg("circle", { cx: 12, cy: 12, r: 10 }), svg("text", { x: 12, y: 16 }, glyph)]
      : svg("circle", { class: `dot k-${kind}`, cx: 12, cy: 12, r: 5 })))),
    items.some((it) => it.mark) ? entry("named by the evidence", svg("g", { class: "item" }, svg("circle", { class: "named", cx: 12, cy: 12, r: 9 }))) : null);
}
