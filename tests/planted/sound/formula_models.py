"""Formula models: for how many choices of truth values is a formula true?"""

from random import Random

JOINS = ("and", "or", "implies", "equals")
STATEMENT = (
    "A formula of logic is written in postfix notation, as the list {tokens}. It is read from the left with a stack "
    "that is empty at first. A letter puts the truth value of that variable on the stack. The token not replaces the "
    "value on top by its opposite. The tokens and, or, implies, equals take the top value y and then the value x "
    "below it, and put one back: x and y; x or y (or both); true unless x is true and y is false; whether x and y "
    "are the same. At the end one value is left, that of the formula. For how many choices of truth values for the "
    "variables that occur in the list is the formula true? Every variable that occurs counts as a variable of the "
    "formula, also when its value makes no difference."
)


def generate(rng: Random, difficulty: int) -> dict:
    letters = rng.sample("pqrstuvw", min(2 + difficulty // 3, 6))
    leaves = letters + [rng.choice(letters) for _ in range(1 + min(difficulty, 60))]
    rng.shuffle(leaves)
    parts = [[leaf] for leaf in leaves[:60]]
    while len(parts) > 1:
        i = rng.randrange(len(parts) - 1)
        joined = parts[i] + parts.pop(i + 1) + [rng.choice(JOINS)]
        parts[i] = [*joined, "not"] if rng.random() < 0.25 else joined
    return {"tokens": parts[0]}


def solve(tokens: list[str]) -> int:
    names = sorted({token for token in tokens if len(token) == 1})
    rows = 1 << len(names)  # the rows of the truth table; a column of it is kept as the bits of one number
    everywhere = (1 << rows) - 1
    column = {name: sum(1 << row for row in range(rows) if row >> i & 1) for i, name in enumerate(names)}
    stack: list[int] = []
    for token in tokens:
        if token in column:
            stack.append(column[token])
        elif token == "not":
            stack.append(everywhere ^ stack.pop())
        else:
            y, x = stack.pop(), stack.pop()
            results = {"and": x & y, "or": x | y, "implies": (everywhere ^ x) | y, "equals": everywhere ^ x ^ y}
            stack.append(results[token])
    return stack[0].bit_count()


def verify(tokens: list[str], answer: int) -> bool:
    return answer == solve(tokens)


def admits(tokens: list[str]) -> bool:
    height = 0
    for token in tokens:
        is_name = len(token) == 1 and "a" <= token <= "z"
        if not is_name and (token not in (*JOINS, "not") or height < (1 if token == "not" else 2)):
            return False
        height += 1 if is_name else 0 if token == "not" else -1
    return height == 1 and len(tokens) <= 300 and len({token for token in tokens if len(token) == 1}) <= 10
