"""What executors of blocks have in common: the operations of a transaction, and the talk with verify."""
import json
import os


def apply(transaction, seen):
    """What the transaction writes if it finds what seen has; None if it fails."""
    state = dict(seen)
    for o in transaction["operations"]:
        key, amount = o["key"], o.get("amount", 0)
        if o["op"] == "write":
            state[key] = amount
        elif o["op"] == "add":
            state[key] += amount
        elif o["op"] == "transfer":
            if state[key] < amount:
                return None
            state[key] -= amount
            state[o["to"]] += amount
    return {k: v for k, v in state.items() if v != seen[k]}


def keys(transaction):
    """All keys that the transaction names, ascending, so that two transactions lock them in one order."""
    return sorted({k for o in transaction["operations"] for k in (o["key"], o.get("to")) if k})


def serve(name, level, run):
    """Greets, and answers each request by run(workload, schedule), which returns an observation and a trace."""
    requests, answers = os.fdopen(3), os.fdopen(4, "w")

    def say(message):
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    say({"protocol": 1, "name": name, "kinds": ["batch"], "levels": [level]})
    for line in requests:
        request = json.loads(line)
        observation, trace = run(request["workload"], request.get("schedule"))
        answer = {"id": request["id"], "observation": observation}
        if trace:
            answer["trace"] = trace
        say(answer)
