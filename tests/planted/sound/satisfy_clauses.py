"""Satisfy clauses: choose truth values that make every clause true."""

from random import Random

STATEMENT = (
    "The variables {names} are each true or false. A literal is the name of a variable, which is true when the "
    "variable is, or such a name with ~ before it, which is true when the variable is false. Each list in {clauses} "
    "is a clause, and it is true when at least one of its literals is. Choose a truth value for every variable so "
    "that all clauses are true. Give each variable with its truth value. Any such choice counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    names = sorted(rng.sample("abcdefghijklmnopqrstuvwxyz", min(3 + difficulty, 20)))
    values = {name: rng.random() < 0.5 for name in names}
    clauses: list[list[str]] = []
    while len(clauses) < 4 * len(names):
        chosen = rng.sample(names, 3)
        signs = [rng.random() < 0.5 for _ in chosen]
        if not any(values[name] == sign for name, sign in zip(chosen, signs)):
            flip = rng.randrange(3)  # a clause that fails is mended in one place
            signs[flip] = not signs[flip]
        clauses.append([name if sign else "~" + name for name, sign in zip(chosen, signs)])
    return {"names": names, "clauses": clauses, "answer": values}


def holds(literal: str, values: dict[str, bool]) -> bool:
    if literal in values:
        return values[literal]
    return literal.startswith("~") and not values.get(literal[1:], True)


def verify(names: list[str], clauses: list[list[str]], answer: dict[str, bool]) -> float:
    """1 when all clauses are true; up to a quarter when only some are."""
    if set(answer) != set(names):
        return 0.0
    kept = sum(any(holds(literal, answer) for literal in clause) for clause in clauses)
    return 1.0 if kept == len(clauses) else 0.25 * kept / len(clauses)
