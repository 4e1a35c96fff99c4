#!/usr/bin/env python3
"""An executor of blocks by coroutines, under verify's schedules (level 2). It looks at balances before it locks them, which is its bug;
with the argument "right" it does not."""
import sys

from batch import apply, keys
from loop import Loop, Step
from talk import serve

HASTY = "right" not in sys.argv


async def execute(transaction, state, order, failed):
    seen = {}

    async def look():
        for key in keys(transaction):
            await Step("load", key)
            seen[key] = state.get(key, 0)

    if HASTY:
        await look()
    for key in keys(transaction):
        await Step("lock", "lock of " + key)
    if not HASTY:
        await look()
    changes = apply(transaction, seen)
    for key, value in (changes or {}).items():
        await Step("store", key)
        state[key] = value
    await Step("rmw", "order")
    order.append(transaction["name"])
    if changes is None:
        failed.append(transaction["name"])
    for key in keys(transaction):
        await Step("unlock", "lock of " + key)


async def worker(queue, *shared):
    while True:
        await Step("rmw", "queue")
        if not queue:
            return
        await execute(queue.pop(0), *shared)


def run(block, schedule):
    loop, state, order, failed = Loop(schedule), dict(block["initial"]), [], []

    async def main():
        queue, workers = list(block["transactions"]), []
        for i in range(block["workers"]):
            await Step("spawn", str(i + 1))
            workers.append(loop.spawn(f"worker {i}", worker(queue, state, order, failed)))
        for number in workers:
            await Step("wait", f"end of {number}")

    loop.spawn("main", main())
    trace = loop.run()
    return {"state": state, "order": order if len(order) == len(block["transactions"]) else [], "failed": failed}, trace


serve("coroutines", "batch", 2, run)
