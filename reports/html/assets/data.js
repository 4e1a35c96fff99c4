// data.js unpacks a failure's data: see pack.go.

async function unpack(packed) {
  const letters = packed.deflate.replace(/-/g, "+").replace(/_/g, "/");
  const bytes = Uint8Array.from(atob(letters), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).json();
}

// wrap is a sum of 64-bit integers, which wraps around as theirs does.
const wrap = (a, b) => BigInt.asIntN(64, a + b);

const [START, READ, WRITE, COMMIT, ROLLBACK] = [0, 1, 2, 3, 4];

// decodeEvents is the inverse of toEvents in detail_events.go.
function decodeEvents(columns, initial) {
  const list = [];
  const last = new Map(), account = new Map(), value = new Map(), writer = new Map();
  initial.forEach((v, a) => value.set(a, BigInt(v)));
  let time = 0, worker = 0, started = -1, step = 0, access = 0, write = 0;
  for (let i = 0; i < columns.kind.length; i++) {
    const e = { kind: columns.kind[i], time: (time += Number(columns.time[i])), worker: (worker += Number(columns.worker[i])) };
    const expected = e.kind === START ? started + 1 : last.get(e.worker) || 0;
    e.tx = expected + Number(columns.tx[i]);
    if (e.kind === READ || e.kind === WRITE) {
      e.account = (account.get(e.tx) || 0) + Number(columns.account[access]);
      e.old = wrap(value.get(e.account) || 0n, BigInt(columns.old[access]));
      e.version = (writer.get(e.account) ?? -1) + Number(columns.version[access]);
      account.set(e.tx, e.account);
      access++;
    }
    if (e.kind === WRITE) {
      e.value = wrap(e.old, BigInt(columns.new[write++]));
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
function running(column) {
  let sum = 0;
  return column.map((d) => (sum += Number(d)));
}
