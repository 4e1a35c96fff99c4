#!/usr/bin/env python3
"""A machine that runs programs, with a coroutine for each worker, under verify's schedules (level 2). Its ATOMIC_ADD reads, and then writes, which
is its bug; with the argument "right" it does both at once."""
import sys

from instructions import Scope, Trap, join, simple
from loop import Loop, Step
from talk import serve

TORN = "right" not in sys.argv
STEPS = {"SHARED_READ": "load", "SHARED_WRITE": "store", "ATOMIC_ADD": "load" if TORN else "rmw"}


class Machine:
    def __init__(self, program, loop):
        self.functions, self.loop, self.shared = {f["name"]: f for f in program["functions"]}, loop, {}

    async def execute(self, function, pc, variables, local, output, who):
        """Executes a function to its end, or a worker's block to its join. It returns the result, and where it ended."""
        stack, code = [], function["code"]
        while pc < len(code) and code[pc][0] not in ("RETURN", "JOIN_WORKERS"):
            (op, *operands), here, pc = code[pc], f"{who}.{pc}", pc + 1
            if op == "FORK_EXECUTION":
                pc = await self.fork(function, pc, operands[0], variables, local, output, here)
            elif op == "CALL_FUNC_CONST":
                called, arguments = self.functions[operands[0]], [stack.pop() for _ in range(operands[1])][::-1]
                stack.append((await self.execute(called, 0, variables, Scope(zip(called["parameters"], arguments)), output, here))[0])
            elif op in STEPS:
                await self.access(op, operands[0], stack)
            else:
                pc = simple(function, pc - 1, stack, variables, local, output)
        return (stack or [None])[-1], pc

    async def access(self, op, name, stack):
        await Step(STEPS[op], "shared " + name)
        if op == "SHARED_READ":
            stack.append(self.shared.get(name))
        elif op == "SHARED_WRITE":
            self.shared[name] = stack.pop()
        else:
            stack.append(self.shared.get(name, 0) + stack.pop())
            if TORN:
                await Step("store", "shared " + name)
            self.shared[name] = stack[-1]

    async def fork(self, function, pc, count, variables, local, output, who):
        """Has workers execute a block, each on copies of the variables, and merges what they did. It returns what comes after their join."""
        ends, numbers = [None] * count, []

        async def worker(i):
            own = Scope({**variables, "worker_id": i}), Scope(local), []
            try:
                ends[i] = *own, (await self.execute(function, pc, *own, f"{who}.{i}"))[1]
            except Trap as trap:
                ends[i] = trap

        for i in range(count):
            await Step("spawn", f"{who}.{i}")
            numbers.append(self.loop.spawn(f"worker {who}.{i}", worker(i)))
        for number in numbers:
            await Step("wait", f"end of {number}")
        return join(ends, variables, local, output) + 1


def run(program, schedule):
    machine, variables, output, shown = Machine(program, Loop(schedule)), Scope(), [], {}

    async def main():
        try:
            shown["result"], _ = await machine.execute(machine.functions["main"], 0, variables, Scope(), output, "main")
        except Trap as trap:
            shown["error"] = trap.shown()

    machine.loop.spawn("main", main())
    trace = machine.loop.run()
    return {"output": output, "variables": variables, "shared": machine.shared, **shown}, trace


serve("machine", "program", 2, run)
