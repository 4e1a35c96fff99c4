"""What machines that run programs have in common: variables, and the instructions that concern one worker alone."""
import json
import operator


def div(a, b):
    """The quotient, truncated toward zero."""
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


UNARY = {"NEG": operator.neg, "NOT": operator.not_}
BINARY = {"ADD": operator.add, "SUB": operator.sub, "MUL": operator.mul, "DIV": div, "MOD": lambda a, b: a - b * div(a, b),
          "EQ": operator.eq, "NEQ": operator.ne, "LT": operator.lt, "GT": operator.gt, "LTE": operator.le, "GTE": operator.ge}


class Trap(Exception):
    """The error of a program."""

    def shown(self):
        return dict(zip(("kind", "function", "instruction"), self.args))


class Scope(dict):
    """Variables. What was stored since it was made is in stored, too."""

    def __init__(self, outer=()):
        super().__init__(outer)
        self.stored = {}

    def store(self, name, value):
        self[name] = self.stored[name] = value

    def merge(self, inner):
        for name, value in inner.stored.items():
            self.store(name, value)


def join(ends, variables, local, output):
    """Merges what workers did, of each its variables, its local ones and its output, and returns the place of their join, which comes last. Those that failed ended with a Trap."""
    for end in ends:
        if isinstance(end, Trap):
            raise end
    for inner, deep, lines, _ in ends:
        variables.merge(inner)
        local.merge(deep)
        output += lines
    return ends[0][-1]


def simple(function, pc, stack, variables, local, output):
    """Executes an instruction, and returns the number of the next one."""
    op, *operands = function["code"][pc]
    scope = local if operands and operands[0] in function["parameters"] + function["locals"] else variables
    if op == "LOAD_CONST":
        stack += operands
    elif op == "LOAD_NAME":
        if operands[0] not in scope:
            raise Trap("undefined name", function["name"], pc)
        stack.append(scope[operands[0]])
    elif op == "STORE_NAME":
        scope.store(operands[0], stack.pop())
    elif op == "POP":
        stack.pop()
    elif op == "DUP":
        stack.append(stack[-1])
    elif op == "PRINT":
        output.append(json.dumps(stack.pop()).replace("null", "nil"))
    elif op == "JUMP" or op.startswith("JUMP_IF") and bool(stack.pop()) == (op == "JUMP_IF_TRUE"):
        return operands[0]
    elif op in UNARY:
        stack.append(UNARY[op](stack.pop()))
    elif op in BINARY:
        b, a = stack.pop(), stack.pop()
        if op in ("DIV", "MOD") and b == 0:
            raise Trap("division by zero", function["name"], pc)
        stack.append(BINARY[op](a, b))
    return pc + 1
