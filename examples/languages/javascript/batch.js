#!/usr/bin/env node
// An executor of blocks by promises, as they come (level 1). It writes what it computed from balances that it read before it waited, which is its bug;
// with the argument "right" it does one transaction after the other.
const fs = require("node:fs");

const hasty = !process.argv.includes("right");

// apply is what the transaction writes if it finds what get says; null if it fails.
function apply(transaction, get) {
  const state = {}, read = (key) => state[key] ?? get(key) ?? 0;
  for (const { op, key, to, amount = 0 } of transaction.operations) {
    if (op === "write") state[key] = amount;
    if (op === "add") state[key] = read(key) + amount;
    if (op === "transfer") {
      if (read(key) < amount) return null;
      state[key] = read(key) - amount;
      state[to] = read(to) + amount;
    }
  }
  return state;
}

async function run(block) {
  const state = { ...block.initial }, order = [], failed = [], queue = [...block.transactions];
  async function worker() {
    while (queue.length > 0) {
      const transaction = queue.shift();
      let changes = apply(transaction, (key) => state[key]);
      await new Promise(setImmediate); // the others go on
      if (!hasty) changes = apply(transaction, (key) => state[key]);
      Object.assign(state, changes);
      order.push(transaction.name);
      if (changes === null) failed.push(transaction.name);
    }
  }
  await Promise.all(Array.from({ length: block.workers }, worker));
  return { state, order, failed };
}

const say = (message) => fs.writeSync(4, JSON.stringify(message) + "\n");

async function serve() {
  say({ protocol: 1, name: "promises", kinds: ["batch"], levels: [1] });
  let text = "";
  for await (const part of fs.createReadStream(null, { fd: 3, encoding: "utf8" })) {
    const lines = (text + part).split("\n");
    text = lines.pop();
    for (const line of lines) {
      const request = JSON.parse(line);
      say({ id: request.id, observation: await run(request.workload) });
    }
  }
}

serve();
