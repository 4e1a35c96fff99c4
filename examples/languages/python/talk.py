"""The talk with verify, of a program that takes workloads of one kind at one level."""
import json
import os


def serve(name, kind, level, run):
    """Greets, and answers each request by run(workload, schedule), which returns an observation and a trace."""
    requests, answers = os.fdopen(3), os.fdopen(4, "w")

    def say(message):
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    say({"protocol": 1, "name": name, "kinds": [kind], "levels": [level]})
    for line in requests:
        request = json.loads(line)
        observation, trace = run(request["workload"], request.get("schedule"))
        answer = {"id": request["id"], "observation": observation}
        if trace:
            answer["trace"] = trace
        say(answer)
