"""Pick sum: choose entries of a list that add up to a target."""

from random import Random

STATEMENT = (
    "Choose entries of the list {xs}, each at most once, whose sum is {target}. Name them by their "
    "positions in the list, counted from 0, in any order. Any choice with that sum counts."
)


def generate(rng: Random, difficulty: int) -> dict:
    size = 5 + 2 * difficulty
    xs = [rng.randint(5, 50 + 50 * difficulty) for _ in range(size)]
    chosen = sorted(rng.sample(range(size), rng.randint(2 + difficulty // 2, size - 2)))
    return {"xs": xs, "target": sum(xs[i] for i in chosen), "answer": chosen}


def verify(xs: list[int], target: int, answer: list[int]) -> bool:
    if len(set(answer)) != len(answer) or any(not 0 <= i < len(xs) for i in answer):
        return False
    return sum(xs[i] for i in answer) == target
