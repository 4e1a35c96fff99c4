// data.js unpacks a failure's data: see pack.go.

async function unpack(packed) {
  const stream = new Blob([from85(packed.deflate)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).json();
}

// from85 reads Ascii85: five letters, from "!" on, are four bytes; "z" is four zeros. Five letters that pages need
// otherwise are written as v, w, x, y and {.
function from85(text) {
  const out = new Uint8Array(4 * text.length);
  const letter = { v: 34 - 33, w: 38 - 33, x: 60 - 33, y: 62 - 33, "{": 92 - 33 };
  let n = 0, value = 0, digits = 0;
  for (const c of text) {
    if (c === "z") { n += 4; continue; }
    value = value * 85 + (letter[c] ?? c.charCodeAt(0) - 33);
    if (++digits < 5) continue;
    for (let k = 3; k >= 0; k--, value = Math.floor(value / 256)) out[n + k] = value % 256;
    [n, value, digits] = [n + 4, 0, 0];
  }
  if (digits > 0) { // the rest: one byte less than it has letters
    for (let k = digits; k < 5; k++) value = value * 85 + 84;
    for (let k = 3; k >= 0; k--, value = Math.floor(value / 256)) out[n + k] = value % 256;
    n += digits - 1;
  }
  return out.subarray(0, n);
}

// wrap is a sum of 64-bit integers, which wraps around as theirs does.
const wrap = (a, b) => BigInt.asIntN(64, a + b);

// numbers reads a column: a character for each number, larger ones in decimal (see pack.go). Those that a
// float does not hold exactly are big.
function numbers(column, decode) {
  const list = [];
  for (const [all, large] of column.matchAll(/!(-?\d+)!|./gsu)) {
    if (large === undefined) list.push(decode(all.codePointAt(0) - 35));
    else list.push(Number.isSafeInteger(Number(large)) ? Number(large) : BigInt(large));
  }
  return list;
}

const signed = (column) => numbers(column, (k) => (k % 2 ? -(k + 1) / 2 : k / 2));
const counts = (column) => numbers(column, (k) => k);

// putTogether is the inverse of takeApart in text.go.
function putTogether(text) {
  const columns = text.numbers.map((list) => list.map((s) => (s.each ? counts(s.each) : s.from)));
  const patterns = text.patterns.map((p) => p.split("\0")), next = patterns.map(() => 0);
  const line = (k) => {
    const row = next[k]++;
    return patterns[k].reduce((so, part, i) => so + (typeof columns[k][i - 1] === "number" ? columns[k][i - 1] + row : columns[k][i - 1][row]) + part);
  };
  return counts(text.line).map(line).join("\n");
}

const [START, READ, WRITE, COMMIT, ROLLBACK] = [0, 1, 2, 3, 4];

// decodeEvents is the inverse of toEvents in detail_events.go.
function decodeEvents(packed, initial) {
  const plain = ["time", "kind", "read"];
  const columns = Object.fromEntries(Object.entries(packed).map(([name, c]) => [name, typeof c !== "string" ? c : plain.includes(name) ? counts(c) : signed(c)]));
  const list = [];
  const last = new Map(), done = new Map(), value = new Map(), writer = new Map();
  initial.forEach((v, a) => value.set(a, BigInt(v)));
  let time = 0, worker = 0, started = -1, step = 0, access = 0, write = 0;
  for (let i = 0; i < columns.kind.length; i++) {
    const e = { kind: columns.kind[i], time: (time += Number(columns.time[i])), worker: (worker += Number(columns.worker[i])) };
    e.tx = (e.kind === START ? started + 1 : last.get(e.worker) || 0) + Number(columns.tx[i]);
    if (!done.has(e.tx)) done.set(e.tx, { reads: [], writes: 0, change: 0n });
    const mine = done.get(e.tx);
    if (e.kind === READ || e.kind === WRITE) {
      e.account = e.kind === READ ? Number(columns.read[access - write]) : (mine.reads[mine.writes] || 0) + Number(columns.write[write]);
      e.old = wrap(value.get(e.account) || 0n, BigInt(columns.old[access]));
      e.version = (writer.get(e.account) ?? -1) + Number(columns.version[access]);
      access++;
    }
    if (e.kind === READ) mine.reads.push(e.account);
    if (e.kind === WRITE) {
      e.value = wrap(e.old, wrap(BigInt(columns.new[write++]), -mine.change));
      mine.writes++;
      mine.change = wrap(mine.change, e.value - e.old);
      value.set(e.account, e.value);
      writer.set(e.account, e.tx);
    }
    if (e.kind === START) started = e.tx;
    if (columns.step.length > 0) e.step = step += Number(columns.step[i]);
    last.set(e.worker, e.tx);
    list.push(e);
  }
  return list;
}

// running turns differences into sums.
function running(list) {
  let sum = 0;
  return list.map((d) => (sum += Number(d)));
}
