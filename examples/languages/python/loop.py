"""A deterministic event loop for coroutines, whose schedule verify chooses: level 2 of the protocol, for any executor."""


class Step:
    """What a task is about to do. It goes on from here once the loop lets it."""

    def __init__(self, operation, what):
        self.step = (operation, what)

    def __await__(self):
        yield self.step


class Loop:
    def __init__(self, schedule):
        self.schedule, self.turns = schedule, dict(schedule["turns"])
        self.names, self.decisions = [], []
        self.tasks = {}  # those that are not over: the coroutine, and the step that it has announced
        self.locked, self.current = set(), 0
        self.rank, self.drawn, self.lowest = {}, 0, 0

    def spawn(self, name, coroutine):
        number = len(self.names)
        self.names.append(name)
        self.tasks[number] = (coroutine, ("begin", str(number)))
        return number

    def steps(self):
        return [[t, *step, self.waits(*step)] for t, (_, step) in sorted(self.tasks.items())]

    def waits(self, operation, what):
        if operation == "wait":  # "end of 3"
            return int(what.split()[-1]) in self.tasks
        return operation == "lock" and what in self.locked

    def run(self):
        while len(self.decisions) < self.schedule["decisions"]:
            steps = self.steps()
            free = sorted((s for s in steps if not s[3]), key=lambda s: (s[0] < self.current, s[0]))
            if not free:
                break
            task, operation, what, _ = self.choose(free)
            self.decisions.append({"task": task, "steps": steps})
            self.take(task, operation, what)
        return {"tasks": self.names, "decisions": self.decisions, "left": self.steps()}

    def take(self, task, operation, what):
        self.current = task
        if operation == "lock":
            self.locked.add(what)
        elif operation == "unlock":
            self.locked.discard(what)
        coroutine, _ = self.tasks[task]
        if operation == "end":
            del self.tasks[task]
            return
        try:
            self.tasks[task] = (coroutine, coroutine.send(None))
        except StopIteration:
            self.tasks[task] = (coroutine, ("end", str(task)))

    def choose(self, free):
        """The default is the current task, then the next by number; free is in that order."""
        at, by = len(self.decisions), self.schedule.get("priorities")
        if at in self.turns or by is None:
            return next((s for s in free if s[0] == self.turns.get(at)), free[0])
        for s in free:
            if s[0] not in self.rank:
                self.rank[s[0]] = by["draws"][self.drawn % len(by["draws"])]
                self.drawn += 1
        best = max(free, key=lambda s: self.rank[s[0]])
        while by["changes"] and by["changes"][0] <= at:
            by["changes"].pop(0)
            self.lowest -= 1
            self.rank[best[0]] = self.lowest
            best = max(free, key=lambda s: self.rank[s[0]])
        for s in free if by["fresh"] else []:
            if s[0] == best[0] or s[2] == best[2] and not {s[1], best[1]} <= {"read", "load", "wait"}:
                del self.rank[s[0]]
        return best
