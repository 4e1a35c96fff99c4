#!/usr/bin/env python3
"""An executor of blocks by threads, as they come (level 1). It looks at balances before it locks them, which is its bug; with the argument
"right" it does not."""
import sys
import threading
import time

from batch import apply, keys
from talk import serve

HASTY = "right" not in sys.argv


def run(block, _):
    state, order, failed, queue = dict(block["initial"]), [], [], list(block["transactions"])
    locks = {key: threading.Lock() for t in queue for key in keys(t)}
    taking = threading.Lock()

    def look(transaction):
        seen = {key: state.get(key, 0) for key in keys(transaction)}
        time.sleep(0.0001)  # another thread may go on
        return seen

    def execute(transaction):
        seen = look(transaction) if HASTY else None
        for key in keys(transaction):
            locks[key].acquire()
        changes = apply(transaction, seen or look(transaction))
        state.update(changes or {})
        with taking:
            order.append(transaction["name"])
            if changes is None:
                failed.append(transaction["name"])
        for key in keys(transaction):
            locks[key].release()

    def worker():
        while True:
            with taking:
                if not queue:
                    return
                transaction = queue.pop(0)
            execute(transaction)

    threads = [threading.Thread(target=worker) for _ in range(block["workers"])]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return {"state": state, "order": order, "failed": failed}, None


serve("threads", "batch", 1, run)
