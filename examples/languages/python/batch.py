"""What executors of blocks have in common: the operations of a transaction."""


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
